// The desktop's session with the product: log-in, commands, and the stream of the agent's states. When this side falls
// silent, or goes into maintenance and says so, the page moves to the other one, with its session, and sees there what it missed.
(function () {
  'use strict';
  const STORED = 'releve.agent';
  const SILENCE_MS = 25000; // the product says something every 10 s
  const PATIENCE_MS = 2500; // a side that restarts a stream is back sooner
  let elsewhere = document.body.dataset.elsewhere || '';
  let session = null; // {login, name, token, seen}
  let listener = null;
  let stop = null;

  function keep() {
    if (session) { sessionStorage.setItem(STORED, JSON.stringify(session)); } else { sessionStorage.removeItem(STORED); }
  }

  // The other side's page handed its session over in the fragment, which no server and no log sees.
  function restore() {
    const handed = location.hash.slice(1);
    if (handed) { history.replaceState(null, '', location.pathname); }
    try {
      session = JSON.parse(sessionStorage.getItem(STORED)) || (handed ? JSON.parse(decodeURIComponent(handed)) : null);
    } catch (e) { session = null; }
    if (!session || typeof session.login !== 'string' || typeof session.token !== 'string') { session = null; }
    keep();
    return session;
  }

  function path(what) { return '/api/agents/' + encodeURIComponent(session.login) + what; }

  async function ask(address, bearer, body) {
    let response;
    try {
      response = await fetch(address, {
        method: 'POST', cache: 'no-store', signal: AbortSignal.timeout(5000), body: JSON.stringify(body || {}),
        headers: {'Content-Type': 'application/json', 'Authorization': 'Bearer ' + bearer}
      });
    } catch (e) {
      return {ok: false, status: 0, error: 'This side does not answer; nothing is known of the command.'};
    }
    const answer = await response.json().catch(() => ({}));
    return {ok: response.ok, status: response.status, body: answer, error: answer.error || 'Status ' + response.status + '.'};
  }

  async function logIn(login, key, details) {
    const answer = await ask('/api/agents/' + encodeURIComponent(login) + '/login', key, details);
    if (answer.ok) {
      session = {login: login, name: details.name, token: answer.body.token, seen: -1};
      keep();
      follow();
    }
    return answer;
  }

  async function command(what, body) {
    const answer = await ask(path(what), session.token, body);
    if (answer.ok && answer.body.version) { take(answer.body); }
    if (answer.status === 401) { end(answer.error); }
    return answer;
  }

  // Answers and events may overtake each other; the later version counts.
  function take(state) {
    if (session && state.version >= session.seen) {
      session.seen = state.version;
      keep();
      listener.state(state);
    }
  }

  function end(sentence) {
    session = null;
    keep();
    if (stop) { stop.abort(); }
    listener.ended(sentence);
  }

  async function read(response, heard) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const part = await reader.read();
      if (part.done) { return; }
      heard();
      text += part.value;
      const blocks = text.split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        const field = name => block.split('\n').filter(l => l.startsWith(name + ': ')).map(l => l.slice(name.length + 2)).join('\n');
        const event = field('event');
        if (event === 'state') { take(JSON.parse(field('data'))); }
        if (event === 'moving') { leave(JSON.parse(field('data')).elsewhere); return; }
        if (event === 'ended') { end(JSON.parse(field('data')).error); return; }
      }
    }
  }

  async function once(first) {
    const abort = new AbortController();
    stop = abort;
    let watchdog = 0;
    const heard = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
      listener.link('live');
    };
    try {
      watchdog = setTimeout(() => abort.abort(), 5000);
      const headers = {'Authorization': 'Bearer ' + session.token};
      if (!first) { headers['Last-Event-ID'] = String(session.seen); }
      const response = await fetch(path('/events'), {cache: 'no-store', signal: abort.signal, headers: headers});
      if (response.status === 401) {
        end((await response.json().catch(() => ({}))).error || 'The session is over; log in again.');
      } else if (response.ok) {
        await read(response, heard);
      }
    } catch (e) { /* lost; the loop tries again */ } finally {
      clearTimeout(watchdog);
    }
  }

  async function follow() {
    const mine = session;
    let lostAt = 0;
    let first = true;
    while (session === mine && session) {
      const before = Date.now();
      await once(first);
      if (!session || session !== mine) { return; }
      first = false;
      if (Date.now() - before > PATIENCE_MS || !lostAt) { lostAt = Date.now(); }
      listener.link('lost');
      if (Date.now() - lostAt >= PATIENCE_MS && await otherSideLives()) { move(); return; }
      await new Promise(resolve => setTimeout(resolve, 500));
    }
  }

  async function otherSideLives() {
    if (!elsewhere) { return false; }
    try {
      await fetch(elsewhere + 'health/live', {mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(1500)});
      return true;
    } catch (e) { return false; }
  }

  // This side is in maintenance. Without an address the page tries on until it knows of a side that serves.
  function leave(to) {
    if (/^https?:\/\//.test(to)) { elsewhere = to; move(); }
  }

  function move() {
    const handed = encodeURIComponent(JSON.stringify(session));
    sessionStorage.removeItem(STORED);
    location.replace(elsewhere + 'agent#' + handed);
  }

  window.releveLink = {
    listen: to => { listener = to; }, restore: restore, follow: follow, logIn: logIn, command: command,
    session: () => session
  };
})();
