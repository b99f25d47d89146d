// What the console does in the browser beyond htmx: swaps that keep focus and clicks, the dialog, and the age of the figures.
(function () {
  'use strict';

  // ---- calm: brings the old nodes to the new content instead of replacing them once a second, so that a button keeps
  // its focus and a click that spans an update is not lost.
  function keyOf(node) { return node.nodeType === 1 && node.id ? node.id : null; }
  function alike(a, b) { return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b); }
  function syncAttributes(from, to) {
    if (from.classList.contains('htmx-request')) { return; }
    for (const a of Array.from(from.attributes)) { if (!to.hasAttribute(a.name)) { from.removeAttribute(a.name); } }
    for (const a of Array.from(to.attributes)) { if (from.getAttribute(a.name) !== a.value) { from.setAttribute(a.name, a.value); } }
  }
  function morphChildren(from, to, added) {
    let old = from.firstChild;
    let next = to.firstChild;
    while (next) {
      const after = next.nextSibling;
      if (old && !alike(old, next)) {
        // A node that went: look a little ahead for the one that stays.
        for (let ahead = old.nextSibling, steps = 0; ahead && steps < 8; ahead = ahead.nextSibling, steps++) {
          if (alike(ahead, next) && (keyOf(next) || steps < 2)) {
            while (old !== ahead) { const gone = old; old = old.nextSibling; gone.remove(); }
            break;
          }
        }
      }
      if (old && alike(old, next)) {
        if (old.nodeType === 1) {
          const changesAction = ['hx-get', 'hx-post'].some(name => old.getAttribute(name) !== next.getAttribute(name));
          if (changesAction) {
            const gone = old; old = old.nextSibling; gone.replaceWith(next); added.push(next);
          } else {
            syncAttributes(old, next); morphChildren(old, next, added); old = old.nextSibling;
          }
        } else {
          if (old.nodeValue !== next.nodeValue) { old.nodeValue = next.nodeValue; }
          old = old.nextSibling;
        }
      } else {
        from.insertBefore(next, old);
        if (next.nodeType === 1) { added.push(next); }
      }
      next = after;
    }
    while (old) { const gone = old; old = old.nextSibling; gone.remove(); }
  }
  htmx.defineExtension('calm', {
    isInlineSwap: style => style === 'calm',
    handleSwap: (style, target, fragment) => {
      if (style !== 'calm') { return false; }
      const added = [];
      morphChildren(target, fragment, added);
      return added.length ? added : [target];
    }
  });

  // ---- the dialog
  const dialog = document.getElementById('dialog');
  const dialogBody = document.getElementById('dialog-body');
  document.addEventListener('htmx:beforeRequest', event => {
    if (event.detail.elt.dataset.opens === 'dialog') {
      const waiting = document.createElement('p');
      waiting.className = 'confirm';
      waiting.textContent = 'Asking the side …';
      dialogBody.replaceChildren(waiting);
      dialog.showModal();
    }
  });
  dialog.addEventListener('click', event => { if (event.target === dialog) { dialog.close(); } });

  // ---- what came of a command
  const said = document.getElementById('said');
  let saidTimer = 0;
  function say(text) {
    said.textContent = text;
    said.hidden = false;
    clearTimeout(saidTimer);
    saidTimer = setTimeout(() => { said.hidden = true; }, 7000);
  }
  document.addEventListener('releve:said', event => say(event.detail.value));
  document.addEventListener('releve:done', () => { if (dialog.open) { dialog.close(); } });
  document.addEventListener('htmx:responseError', event => {
    if (dialog.open) { dialog.close(); }
    let text = 'The command failed with status ' + event.detail.xhr.status + '.';
    try { text = JSON.parse(event.detail.xhr.responseText).error || text; } catch (e) { /* not ours */ }
    say(text);
  });
  function noAnswer() {
    if (dialog.open) { dialog.close(); }
    say('This side did not answer; nothing is known of the command.');
  }
  document.addEventListener('htmx:sendError', noAnswer);
  document.addEventListener('htmx:timeout', noAnswer);

  // ---- the age of the figures
  const link = document.getElementById('link');
  const linkText = document.getElementById('link-text');
  const trouble = document.getElementById('trouble');
  let last = Date.now();
  let lost = false;
  function setLink(state, text) {
    if (link.dataset.state !== state) { link.dataset.state = state; linkText.textContent = text; }
  }
  document.addEventListener('htmx:sseBeforeMessage', () => { last = Date.now(); });
  setInterval(() => {
    const age = Math.round((Date.now() - last) / 1000);
    if (age >= 4) {
      lost = true;
      setLink('lost', 'no connection');
      document.body.classList.add('stale');
      const elsewhere = document.querySelector('[data-elsewhere]');
      const text = 'This node has sent no figures for ' + age + ' s; what you see is that old. Reconnecting.';
      if (trouble.hidden) {
        trouble.replaceChildren(document.createElement('span'));
        if (elsewhere && /^https?:\/\//.test(elsewhere.dataset.elsewhere)) {
          const a = document.createElement('a');
          a.href = elsewhere.dataset.elsewhere;
          a.textContent = 'Open the console of the other side';
          trouble.append(' ', a);
        }
        trouble.hidden = false;
      }
      trouble.firstChild.textContent = text;
    } else if (lost || link.dataset.state === 'waiting') {
      lost = false;
      setLink('live', 'live');
      document.body.classList.remove('stale');
      trouble.hidden = true;
    }
  }, 500);
})();
