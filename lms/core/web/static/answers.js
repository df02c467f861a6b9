// Answers on their way: kept on this device at once, sent one after another, called saved only on the server's word.
// An answer is named by client and number, so sending it twice does no harm; the newest of this device counts.
const TOO_LONG = 20000, OFTEN = 1000, SELDOM = 20000;

// `page` is told: take(question), restore(), say(), clock(seconds, until if known), over(sentence or null), signedOut(said or null),
// unfit(position).
export function answersOf(test, page) {
  const key = `test:${test.account}:${test.attempt}`;
  const revisions = {}, refused = {};
  let token = test.token, memory = null, loaded = false, busy = false, renewed = false, out = false, tries = 0, gone = 0, timer;

  // The queue outlives the page; `memory` stands in where the browser keeps nothing.
  function queue() {
    let kept = memory;
    try { kept = kept || JSON.parse(localStorage.getItem(key)); } catch { /* see above */ }
    if (kept) return kept;
    const name = Array.from(crypto.getRandomValues(new Uint8Array(10)), byte => byte.toString(36)).join("");
    return { client: name, seq: 0, items: {} };
  }
  function change(edit) {
    const now = queue();
    edit(now);
    try { localStorage.setItem(key, JSON.stringify(now)); memory = null; } catch { memory = now; }
  }
  function drop(position, seq) {
    change(now => { if (now.items[position] && now.items[position].seq === seq) delete now.items[position]; });
  }
  function keep(position, fields) {
    delete refused[position];
    change(now => { now.items[position] = { seq: ++now.seq, base: revisions[position] || 0, fields }; });
    page.say();
    send();
  }
  function settle(position, mine, fields) { // the member has said which answer counts
    const item = queue().items[position];
    if (!mine) drop(position, item.seq);
    revisions[position] = mine ? item.stale.revision : 0;
    return mine ? keep(position, fields) : load();
  }

  function ask(address, options) {
    const limit = new AbortController(), late = setTimeout(() => limit.abort(), TOO_LONG);
    return fetch(address, { ...options, signal: limit.signal }).finally(() => clearTimeout(late));
  }
  // The whole paper, so that one can go on without a link. null: signed out, or somebody else; false: no link.
  async function load() {
    let said;
    try {
      const answer = await ask(test.paper, { redirect: "manual" });
      gone = answer.status;
      if (!answer.ok) return answer.status < 500 ? null : false;
      said = await answer.json();
    } catch { return false; }
    token = said.token;
    loaded = true;
    if (!said.open) {
      if (test.open) page.over(null);
      return true;
    }
    page.clock(said.left, said.until);
    for (const one of said.questions) page.take(one);
    page.restore();
    return true;
  }

  async function send() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    let going = loaded || await load() !== false;
    while (going) {
      const now = queue(), position = Object.keys(now.items).find(one => !now.items[one].stale);
      if (!position) break;
      page.say();
      going = await post(position, now.items[position], now.client);
    }
    busy = false;
    if (!going) timer = setTimeout(send, Math.min(SELDOM, OFTEN * 2 ** tries++));
    page.say();
  }
  async function post(position, item, client) {
    let said;
    try {
      const answer = await ask(test.answers, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ position: +position, client, ...item }),
      });
      said = await answer.json();
    } catch { return false; }
    switch (said.fate) {
      case "saved":
        revisions[position] = said.revision;
        drop(position, item.seq);
        break;
      case "stale":
        change(now => { if (now.items[position].seq === item.seq) now.items[position].stale = said; });
        break;
      case "late": case "closed":
        drop(position, item.seq);
        page.over(said.sentence);
        break;
      case "refused": case "no_place":
        drop(position, item.seq);
        refused[position] = said.sentence;
        page.unfit(position);
        break;
      case "used":
        change(now => { now.items[position].seq = now.seq += 100; });
        break;
      default: { // signed out, or a token of before; perhaps signed in again meanwhile
        const again = await load();
        out = again === null;
        page.signedOut(out ? gone === 404 ? { sentence: test.words.other } : said : null);
        return renewed = Boolean(again) && !renewed;
      }
    }
    if (said.left) page.clock(said.left);
    page.signedOut(null);
    renewed = out = false;
    tries = 0;
    return true;
  }
  async function flush() { // true when nothing waits any more
    await send();
    for (let more = 0; busy && more < 40; more++) await new Promise(wake => setTimeout(wake, 50));
    return !unsent().length;
  }
  const unsent = () => Object.keys(queue().items);
  function wake() {
    tries = 0;
    return load().then(send);
  }
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  addEventListener("storage", event => event.key === key && page.restore());
  addEventListener("beforeunload", event => { if (memory && unsent().length) event.preventDefault(); });
  return {
    revisions, refused, keep, settle, load, send, flush, unsent, wake,
    items: () => queue().items,
    kept: queue,
    forget: () => { try { localStorage.removeItem(key); } catch { /* nothing kept */ } },
    state: () => ({ loaded, busy, tries, fleeting: memory !== null, out }),
  };
}
