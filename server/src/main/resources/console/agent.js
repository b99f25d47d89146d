// What the agent's desktop shows for each state, its clocks and its keys.
(function () {
  'use strict';
  const link = window.releveLink;
  const callback = window.releveCallback;
  const $ = id => document.getElementById(id);
  const SOON_MS = 10000;
  const STATES = {
    LOGGED_OUT: ['Logged out', 'grey'], NOT_READY: ['Not ready', 'grey'], READY: ['Ready', 'blue'],
    RESERVED: ['Call coming', 'amber'], PREVIEW: ['Contact offered', 'violet'], DIALING: ['Calling', 'amber'],
    TALKING: ['On a call', 'green'], HOLD: ['On hold', 'amber'], WRAP_UP: ['Wrap-up', 'violet']
  };
  const RESULTS = {
    10: 'done', 12: 'answering machine', 14: 'callback', 15: 'callback', 18: 'rejected', 19: 'closed',
    23: 'wrong number', 24: 'not at home', 26: 'do not call'
  };
  const KINDS = {
    PREVIEW: 'Preview: the dialer calls when you accept', DIRECT_PREVIEW: 'Preview: your own phone calls when you accept',
    PERSONAL_CALLBACK: 'Your callback is due'
  };
  let shown = null;
  let skewMs = 0;
  let spanMs = 0;
  let sending = false;

  // ---- log-in
  function showLogin(sentence) {
    shown = null;
    for (const id of ['now', 'contact', 'offer', 'outcome', 'moves', 'link', 'logout']) { $(id).hidden = true; }
    $('who').textContent = '';
    $('login').hidden = false;
    $('login-error').textContent = sentence || '';
    document.title = 'Relève · agent';
    const form = $('login');
    for (const name of ['login', 'name', 'phone', 'groups']) { form[name].value = form[name].value || localStorage.getItem('releve.' + name) || ''; }
    (form.login.value ? form.key : form.login).focus();
  }
  $('login').addEventListener('submit', async event => {
    event.preventDefault();
    const form = event.target;
    for (const name of ['login', 'name', 'phone', 'groups']) { localStorage.setItem('releve.' + name, form[name].value.trim()); }
    await alone(async () => {
      const answer = await link.logIn(form.login.value.trim(), form.key.value, {
        name: form.name.value.trim() || form.login.value.trim(), phoneUri: form.phone.value.trim(),
        skillGroups: form.groups.value.split(/[,;]/).map(g => g.trim()).filter(Boolean)
      });
      $('login-error').textContent = answer.ok ? '' : answer.error;
      if (answer.ok) { form.key.value = ''; }
    });
  });

  // ---- drawing
  const waits = state => state.state === 'RESERVED' && !state.offer;

  function hint(state) {
    const when = waits(state) ? 'as soon as no call needs you' : 'after this';
    const after = {NOT_READY: `Not ready ${when}.`, LOGGED_OUT: `Logged out ${when}.`}[state.pending];
    const says = {
      READY: 'Waiting for the next contact.', RESERVED: state.offer ? 'The customer is being called. Your phone rings when somebody answers.' : state.pending ? 'Your phone may ring once more.' : 'Your phone will ring.', PREVIEW: 'Decide before the time is over.',
      DIALING: 'Listen: the customer’s phone is being called.', TALKING: '', HOLD: 'The customer waits.',
      WRAP_UP: 'Say what came of it, then be ready.', NOT_READY: state.reason, LOGGED_OUT: state.reason
    }[state.state];
    return [says, after].filter(Boolean).join(' ');
  }

  function showContact(about, offered) {
    $('contact').hidden = !about;
    if (!about) { return; }
    $('contact-kind').textContent = offered ? KINDS[offered.kind] || 'Contact' : 'Contact';
    $('contact-name').textContent = about.contact || 'No name on the list';
    $('contact-phone').textContent = about.phone || '–';
    $('contact-campaign').textContent = about.campaign || '–';
    $('contact-attempts').textContent = String(about.attempts);
    const others = (about.phones || []).filter(phone => phone !== about.phone);
    $('contact-others').textContent = others.length ? 'Other phones: ' + others.join(', ') : '';
  }

  function showOutcome(state) {
    const open = !!state.call && (state.state === 'TALKING' || state.state === 'HOLD' || state.state === 'WRAP_UP');
    $('outcome').hidden = !open;
    if (!open) { callback.close(); return; }
    const given = state.call.disposition;
    for (const button of $('outcome').querySelectorAll('[data-result], [data-opens]')) {
      const chosen = given && (button.dataset.result ? Number(button.dataset.result) === given.result : given.callbackAt);
      button.setAttribute('aria-pressed', String(!!chosen));
    }
    $('saved').hidden = !given;
    if (given) {
      const when = given.callbackAt
        ? ' on ' + new Date(given.callbackAt).toLocaleString([], {dateStyle: 'medium', timeStyle: 'short'}) + (given.personal ? ', by you' : '')
        : '';
      $('saved').textContent = 'Saved: ' + (RESULTS[given.result] || 'result ' + given.result) + when + '. You can still change it.';
    }
  }

  function show(state) {
    const before = shown;
    shown = state;
    skewMs = state.now ? Date.parse(state.now) - Date.now() : skewMs;
    if (state.state === 'LOGGED_OUT') { showLogin(''); return; }
    const [word, tone] = STATES[state.state] || [state.state, 'grey'];
    $('login').hidden = true;
    for (const id of ['now', 'moves', 'link', 'logout']) { $(id).hidden = false; }
    $('who').textContent = (link.session() || {}).name || state.agent;
    $('state').textContent = state.state === 'RESERVED' && state.offer ? 'Calling' : word;
    $('now').className = 'panel now tone-' + tone;
    $('hint').textContent = hint(state);
    const deadline = state.deadline ? Date.parse(state.deadline) : 0;
    if (!before || before.deadline !== state.deadline) { spanMs = deadline ? deadline - Date.parse(state.since) : 0; }
    showContact(state.offer || state.call, state.state === 'PREVIEW' ? state.offer : null);
    $('offer').hidden = state.state !== 'PREVIEW' || !state.offer;
    showOutcome(state);
    const inCall = ['RESERVED', 'PREVIEW', 'DIALING', 'TALKING', 'HOLD'].includes(state.state);
    $('ready').hidden = state.state === 'READY' || (inCall && !state.pending);
    $('ready').className = inCall ? 'big' : 'main big';
    $('ready').firstChild.textContent = inCall ? 'Stay ready' : 'Ready';
    $('not-ready').hidden = state.state === 'NOT_READY' || !!state.pending;
    $('reason').parentElement.hidden = !!state.pending;
    $('not-ready').firstChild.textContent = inCall && !waits(state) ? 'Not ready after this' : 'Not ready';
    document.title = (state.state === 'PREVIEW' || state.state === 'TALKING' ? '● ' : '') + word + ' · Relève';
    tick();
  }

  // ---- clocks
  function clock(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    const text = String(Math.floor(s / 60) % 60).padStart(s < 3600 ? 1 : 2, '0') + ':' + String(s % 60).padStart(2, '0');
    return s < 3600 ? text : Math.floor(s / 3600) + ':' + text;
  }
  function tick() {
    if (!shown) { return; }
    const now = Date.now() + skewMs;
    const left = shown.deadline ? Date.parse(shown.deadline) - now : 0;
    $('clock').textContent = shown.deadline ? clock(left + 999) : clock(now - Date.parse(shown.since));
    $('clock').classList.toggle('soon', !!shown.deadline && left < SOON_MS);
    $('left').classList.toggle('none', !shown.deadline);
    if (spanMs > 0) { $('left-bar').setAttribute('width', String(Math.max(0, Math.min(100, 100 * left / spanMs)))); }
  }
  setInterval(tick, 250);

  // ---- commands, one at a time, so that a key pressed twice is given once
  let saidTimer = 0;
  function say(text) {
    $('said').textContent = text;
    $('said').hidden = false;
    clearTimeout(saidTimer);
    saidTimer = setTimeout(() => { $('said').hidden = true; }, 6000);
  }
  async function alone(work) {
    if (sending) { return; }
    sending = true;
    document.body.classList.add('busy');
    try { await work(); } finally {
      sending = false;
      document.body.classList.remove('busy');
    }
  }
  function send(what, body) {
    return alone(async () => {
      const answer = await link.command(what, body);
      if (!answer.ok) { say(answer.error); } else { callback.close(); }
    });
  }
  $('ready').addEventListener('click', () => send('/ready'));
  $('not-ready').addEventListener('click', () => send('/not-ready', {reason: $('reason').value}));
  $('reason').addEventListener('change', () => { if (shown && shown.state === 'NOT_READY') { send('/not-ready', {reason: $('reason').value}); } });
  $('logout').addEventListener('click', () => send('/logout'));
  $('offer').addEventListener('click', event => {
    const button = event.target.closest('button');
    if (button && shown && shown.offer) { send('/offer', {offer: shown.offer.id, answer: button.dataset.answer}); }
  });
  $('outcome').addEventListener('click', event => {
    const button = event.target.closest('[data-result], [data-opens]');
    if (!button || !shown || !shown.call) { return; }
    if (button.dataset.opens) { callback.open(shown.call); } else {
      send('/disposition', {attempt: shown.attempt, result: Number(button.dataset.result)});
    }
  });
  $('callback').addEventListener('submit', event => {
    event.preventDefault();
    if (shown && shown.call) { send('/disposition', Object.assign({attempt: shown.attempt}, callback.value())); }
  });
  $('callback-close').addEventListener('click', callback.close);

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) { return; }
    if (event.key === 'Escape' && callback.isOpen()) { callback.close(); return; }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.nodeName)) { return; }
    for (const button of document.querySelectorAll('button[data-key]')) {
      const wanted = event.shiftKey ? event.key : event.key.toLowerCase();
      if (button.dataset.key === wanted && button.getClientRects().length && !button.disabled) {
        event.preventDefault();
        button.click();
        return;
      }
    }
  });

  link.listen({
    state: show,
    ended: sentence => showLogin(sentence),
    link: state => {
      $('link').dataset.state = state;
      $('link-text').textContent = state === 'live' ? 'live' : 'reconnecting';
      document.body.classList.toggle('stale', state === 'lost');
    }
  });
  if (link.restore()) { link.follow(); } else { showLogin(''); }
})();
