// Answers of a test: kept on this device at once, sent one after another, called saved only on the server's word.
// An answer is named by client and number, so sending it twice does no harm; the newest of this device counts.
(() => {
  "use strict";
  const root = document.querySelector("[data-test]");
  if (!root) return;
  const test = JSON.parse(root.dataset.test), words = test.words, key = `test:${test.account}:${test.attempt}`;
  const at = id => document.getElementById(id);
  const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
  const sections = {}, revisions = {}, given = {}, refused = {};
  let place = test.position, token = test.token, memory = null, loaded = false, busy = false, renewed = false;
  let tries = 0, typed = 0, timer, end = performance.now() + test.left * 1000;

  // What is not sent yet, kept on the device so that it outlives this page.
  function queue() {
    let kept = memory;
    try { kept = kept || JSON.parse(localStorage.getItem(key)); } catch { /* no storage: `memory` has it */ }
    if (kept) return kept;
    const name = Array.from(crypto.getRandomValues(new Uint8Array(10)), byte => byte.toString(36)).join("");
    return { client: name, seq: 0, items: {} };
  }
  function change(edit) {
    const now = queue();
    edit(now);
    try { localStorage.setItem(key, JSON.stringify(now)); memory = null; } catch { memory = now; }
  }
  const unsent = () => Object.keys(queue().items);
  const drop = (position, seq) => change(now => {
    if (now.items[position] && now.items[position].seq === seq) delete now.items[position];
  });

  // The fields of a question.
  const inputs = position => sections[position].querySelectorAll("[name]");
  const ticked = input => input.type === "radio" || input.type === "checkbox";
  function fields(position) {
    const found = {};
    for (const input of inputs(position)) {
      if (!ticked(input) || input.checked) (found[input.name] = found[input.name] || []).push(input.value);
    }
    return found;
  }
  function put(position, values) {
    for (const input of inputs(position)) {
      const said = values[input.name] || [];
      if (ticked(input)) input.checked = said.includes(input.value);
      else input.value = said[0] || "";
    }
  }
  const filled = values => Object.values(values).some(said => said.some(value => value));
  function restore() {
    for (const [position, item] of Object.entries(queue().items)) {
      if (sections[position]) put(position, item.fields);
      given[position] = filled(item.fields);
    }
    say();
  }
  function keep(position) {
    clearTimeout(typed);
    typed = 0;
    delete refused[position];
    const values = fields(position);
    given[position] = filled(values);
    change(now => { now.items[position] = { seq: ++now.seq, base: revisions[position] || 0, fields: values }; });
    say();
    send();
  }

  // The paper: every question, so that one can go on without a link.
  async function load() {
    let answer, said;
    try {
      answer = await ask(test.paper, { redirect: "manual" });
      if (!answer.ok) return answer.status < 500 ? null : false; // null: signed out, or signed in as somebody else
      said = await answer.json();
    } catch { return false; }
    token = said.token;
    loaded = true;
    set(said.left);
    if (!said.open) return test.open ? location.assign(test.result) : true;
    for (const one of said.questions) take(one);
    restore();
    return true;
  }
  function take(one) {
    const position = one.position, box = at("questions");
    given[position] = one.given;
    if (box && !sections[position]) {
      sections[position] = box.appendChild(document.createElement("div"));
      sections[position].hidden = true;
      sections[position].dataset.topic = one.topic;
      revisions[position] = -1;
    }
    if (box && one.revision > (revisions[position] || 0) || revisions[position] === -1) {
      sections[position].innerHTML = one.html;
    }
    revisions[position] = Math.max(one.revision, revisions[position] || 0);
  }
  function ask(address, options) {
    const limit = new AbortController(), late = setTimeout(() => limit.abort(), 20000);
    return fetch(address, { ...options, signal: limit.signal }).finally(() => clearTimeout(late));
  }

  // Sending: one at a time, the queue stays until the server has answered.
  async function send() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    let going = loaded || await load() !== false;
    while (going) {
      const now = queue(), position = Object.keys(now.items).find(one => !now.items[one].stale);
      if (!position) break;
      say();
      going = await post(position, now.items[position], now.client);
    }
    busy = false;
    if (!going) timer = setTimeout(send, Math.min(20000, 1000 * 2 ** tries++));
    say();
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
    if (said.fate === "saved") {
      revisions[position] = said.revision;
      drop(position, item.seq);
    } else if (said.fate === "stale") {
      change(now => { if (now.items[position].seq === item.seq) now.items[position].stale = said; });
    } else if (said.fate === "late" || said.fate === "closed") {
      drop(position, item.seq);
      tell(said.sentence);
      if (test.open) setTimeout(() => location.assign(test.result), 4000);
    } else if (said.fate === "refused" || said.fate === "no_place") {
      drop(position, item.seq);
      refused[position] = said.sentence;
    } else if (said.fate === "used") {
      change(now => { now.items[position].seq = now.seq += 100; });
    } else { // signed out, or the token of an earlier session: perhaps signed in again meanwhile
      const again = await load();
      show("signed-out", again === null && said);
      renewed = again && !renewed;
      return !!renewed;
    }
    if (said.left) set(said.left);
    show("signed-out", null);
    renewed = false;
    tries = 0;
    return true;
  }

  // What the page says.
  function show(id, said) {
    const box = at(id);
    if (!box) return;
    box.hidden = !said;
    for (const part of box.querySelectorAll("[data-fill]")) part.textContent = said ? [].concat(said[part.dataset.fill]).join("; ") || "–" : "";
  }
  function tell(sentence) {
    if (!at("unsent")) return;
    at("unsent").textContent = sentence;
    at("unsent").hidden = !sentence;
  }
  function say() {
    const items = queue().items, item = items[place], state = at("saved"), left = unsent();
    if (!place) return;
    state.className = refused[place] ? "wrong-words" : item ? "saved kept" : "saved";
    state.textContent = refused[place] || (item ? (item.stale ? "" : busy && !tries ? words.saving : memory ? words.open : words.kept)
      : given[place] && revisions[place] > 0 ? "✓ " + words.saved : "");
    show("choose", item && item.stale);
    tell(left.length && tries ? fill(words.unsent, { n: left.length }) : "");
    const done = Object.values(given).filter(Boolean).length;
    if (loaded) at("answered").textContent = fill(words.answered, { n: done, total: test.total });
    for (const button of document.querySelectorAll(".places button")) {
      const here = +button.value === place, full = button.value in given ? given[button.value] : button.classList.contains("given");
      button.className = (full ? "given" : "") + (here ? " here" : "");
      button[here ? "setAttribute" : "removeAttribute"]("aria-current", "step");
      button.setAttribute("aria-label", `${fill(words.place, { n: button.value, total: test.total })}, ${full ? words.given : words.empty}`);
    }
    root.elements.base.value = revisions[place] || 0;
  }
  function turn(position, remember) {
    const title = fill(words.place, { n: position, total: test.total }), head = sections[position].querySelector("h1");
    place = position;
    for (const one in sections) sections[one].hidden = +one !== position;
    at("place").textContent = title;
    at("topic").textContent = sections[position].dataset.topic;
    at("next").textContent = position < test.total ? words.next : words.last;
    at("back").hidden = position === 1;
    document.title = document.title.replace(/^[^·]*/, title + " ");
    root.action = test.question + position;
    for (const link of document.querySelectorAll(".languages a")) link.href = link.href.replace(/[^/]+$/, position);
    if (remember) history.pushState(null, "", test.question + position);
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
    scrollTo(0, 0);
    say();
  }
  async function go(where) {
    if (typed) keep(place);
    const target = { next: place + 1, back: place - 1 }[where] || +where;
    if (sections[target]) return turn(target, true);
    if (target >= 1 && target <= test.total) return location.assign(test.question + target);
    await settle(() => location.assign(test.overview));
  }
  async function settle(then) { // nothing is sent off while an answer waits
    await send();
    for (let more = 0; busy && more < 40; more++) await new Promise(wake => setTimeout(wake, 50));
    const left = unsent(), stale = left.find(position => queue().items[position].stale);
    if (!left.length) return then();
    tell(fill(stale ? words.choose : words.wait, { n: stale || left.length }));
  }

  // The clock, by the server's time.
  function set(left) { end = performance.now() + left * 1000; }
  let told = 0;
  function tick() {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000)), few = left <= test.warn, clock = at("clock");
    if (!clock) return;
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.textContent = few ? fill(words.clock, { time }) : fill(words.minutes, { n: Math.ceil(left / 60) });
    clock.classList.toggle("few", few);
    const mark = left <= 60 ? 2 : few ? 1 : 0;
    if (mark > told) at("heard").textContent = clock.textContent;
    told = Math.max(told, mark);
    if (!left && Date.now() % 5000 < 1000) send().then(load).then(reached => reached || tell(words.over));
  }

  if (place) {
    sections[place] = at("questions").firstElementChild;
    revisions[place] = test.revision;
    root.addEventListener("change", () => keep(place));
    root.addEventListener("input", event => {
      clearTimeout(typed);
      if (event.target.type === "text") typed = setTimeout(keep, 800, place);
    });
    root.addEventListener("submit", event => {
      event.preventDefault();
      go(event.submitter ? event.submitter.value : "next");
    });
    at("choose").addEventListener("click", event => {
      const choice = event.target.dataset.choose, item = queue().items[place];
      if (!choice) return;
      revisions[place] = choice === "mine" ? item.stale.revision : 0;
      if (choice === "mine") return keep(place);
      drop(place, item.seq);
      load();
    });
    addEventListener("popstate", () => {
      const position = +location.pathname.split("/").pop();
      if (sections[position]) turn(position, false); else location.reload();
    });
    addEventListener("storage", event => { if (event.key === key) restore(); });
  } else if (test.open) {
    root.addEventListener("submit", event => {
      event.preventDefault();
      settle(() => root.submit());
    });
  }
  addEventListener("beforeunload", event => { if (memory && unsent().length) event.preventDefault(); });
  const wake = () => { tries = 0; load().then(send); };
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  if (test.open) setInterval(tick, 1000);
  const before = unsent().length;
  if (place) load().then(send);
  else if (before) send().then(() => { if (test.open && unsent().length < before) location.reload(); });
  else if (!test.open) try { localStorage.removeItem(key); } catch { /* nothing kept */ }
})();
