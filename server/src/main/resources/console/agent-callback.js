// The form in which an agent promises a callback: a local time, and whose time it is.
(function () {
  'use strict';
  const form = document.getElementById('callback');
  const means = document.getElementById('callback-means');
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

  function two(n) { return String(n).padStart(2, '0'); }

  // The wall-clock time of an instant in a zone, as the input field writes it.
  function local(instant, zone) {
    const parts = {};
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit'
    }).formatToParts(instant).forEach(p => { parts[p.type] = p.value; });
    return parts.year + '-' + parts.month + '-' + parts.day + 'T' + parts.hour + ':' + parts.minute;
  }

  // The instant of a wall-clock time in a zone: guessed as UTC, then corrected by how far off that is (twice, for a
  // change of the clocks in between).
  function instant(text, zone) {
    const wanted = Date.parse(text + 'Z');
    let guess = wanted;
    for (let i = 0; i < 2; i++) { guess += wanted - Date.parse(local(new Date(guess), zone) + 'Z'); }
    return new Date(guess);
  }

  function explain() {
    const at = form.at.value;
    if (!at) { means.textContent = ''; return; }
    const when = instant(at, form.zone.value);
    const there = form.zone.value !== own
      ? new Intl.DateTimeFormat('en-GB', {timeZone: own, weekday: 'short', hour: '2-digit', minute: '2-digit'}).format(when) + ' your time'
      : '';
    const minutes = Math.round((when - Date.now()) / 60000);
    const away = minutes < 0 ? 'that is in the past'
      : minutes < 120 ? 'in ' + minutes + ' min'
        : minutes < 48 * 60 ? 'in ' + Math.round(minutes / 60) + ' h' : 'in ' + Math.round(minutes / 1440) + ' days';
    means.textContent = [away, there].filter(Boolean).join('; ') + '.';
  }

  function set(when) {
    form.at.value = local(when, form.zone.value);
    explain();
  }

  function open(call) {
    const zones = [...new Set([call.zone, own].filter(Boolean))];
    form.zone.replaceChildren(...zones.map(zone => {
      const option = document.createElement('option');
      option.value = zone;
      option.textContent = zone.replace(/_/g, ' ') + (zone === call.zone ? ' (campaign)' : ' (yours)');
      return option;
    }));
    form.personal.closest('label').hidden = !call.personalCallbacks;
    form.personal.checked = false;
    form.note.value = '';
    set(new Date(Date.now() + 3600000));
    form.hidden = false;
    form.at.focus();
  }

  form.addEventListener('click', event => {
    const minutes = event.target.dataset.in;
    const days = event.target.dataset.day;
    if (minutes) { set(new Date(Date.now() + minutes * 60000)); }
    if (days) { set(new Date(Date.now() + days * 86400000)); }
  });
  form.addEventListener('input', explain);

  window.releveCallback = {
    open: open,
    close: () => { form.hidden = true; },
    isOpen: () => !form.hidden,
    value: () => ({
      result: 14, callbackAt: form.at.value.slice(0, 16), zone: form.zone.value,
      personal: !!form.personal.checked && !form.personal.closest('label').hidden, note: form.note.value
    })
  };
})();
