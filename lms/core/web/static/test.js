// The pages of a test: one question at a time without a reload, two honest words about saving, the server's clock.
import { answersOf } from "./answers.js";
import { canSeal, saveFile } from "./rescue.js";

const root = document.querySelector("[data-test]");
const test = JSON.parse(root.dataset.test), words = test.words;
const at = id => document.getElementById(id);
const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const sections = {}, given = {}, MOVED = 20000, LAST = `last:${test.attempt}`; // what is said when the page has gone
let place = test.position, typed = 0, heard = 0, pressed, mended, up = performance.now() + test.left * 1000;

const answers = answersOf(test, {
  say,
  restore,
  take,
  clock,
  signedOut: said => show("signed-out", said),
  unfit: position => { given[position] = revisions[position] > 0; },
  over: sentence => {
    if (sentence) tell(sentence);
    if (sentence && test.open) try { sessionStorage.setItem(LAST, sentence); } catch { /* said here alone */ }
    if (test.open) setTimeout(end, sentence ? 4000 : 0);
  },
});
const { revisions, refused } = answers;

function end() { // to the result, once what waits on this device has been sent
  const waits = Object.values(answers.items()).some(item => !item.stale);
  return waits ? setTimeout(end, 1000) : location.assign(test.result);
}

// The server's clock. A deadline that has moved was moved by an officer: where to, the whole paper says.
function clock(left, until) {
  const before = up;
  up = performance.now() + left * 1000;
  if (until && until !== test.until) {
    test.until = until;
    at("longer").textContent = fill(words.longer, { until });
    at("longer").hidden = false;
  } else if (!until && up - before > MOVED) answers.load();
}

// The fields of a question, as names with their values.
const inputs = position => sections[position].querySelectorAll("[name]");
const ticked = input => input.type === "radio" || input.type === "checkbox";
const filled = values => Object.values(values).some(said => said.some(value => value.trim()));
const written = input => input.type === "text" || input.type === "textarea";
const wrong = input => /decimal|numeric/.test(input.inputMode) && isNaN(input.value.replace(/[\s']/g, "").replace(",", ".").replace("−", "-"));
const unread = position => [...inputs(position)].filter(wrong); // typed, and no number
function fields(position) { // what cannot be read is left out, so that it holds nothing else up
  const found = {}, left = unread(position);
  for (const input of inputs(position)) {
    if (!left.includes(input) && (!ticked(input) || input.checked)) (found[input.name] = found[input.name] || []).push(input.value);
  }
  return found;
}
function lacking(position) { // what keeps an answer from being whole, in words
  const filledIn = {}, places = [...sections[position].querySelectorAll("[data-once] select")].map(one => one.value).filter(Boolean);
  for (const input of inputs(position)) {
    filledIn[input.name] = filledIn[input.name] || (ticked(input) ? input.checked : Boolean(input.value.trim()));
  }
  const n = Object.values(filledIn).filter(one => !one).length, twice = places.filter((one, at) => places.indexOf(one) < at);
  const said = twice.length ? [fill(words.twice, { list: [...new Set(twice)].join(", ") })] : [];
  return said.concat(n ? fill(words.missing, { n }) : []).join(" ");
}
function restore() {
  for (const [position, item] of Object.entries(answers.items())) {
    given[position] = filled(item.fields);
    for (const input of sections[position] ? inputs(position) : []) {
      const said = item.fields[input.name] || [];
      if (ticked(input)) input.checked = said.includes(input.value);
      else input.value = said[0] || "";
    }
  }
  say();
}
function take(one) { // a question of the paper; its answer may be newer than what is shown
  const position = one.position, box = at("questions");
  given[position] = one.given;
  if (box && !sections[position]) {
    sections[position] = box.appendChild(document.createElement("div"));
    sections[position].hidden = true;
    sections[position].dataset.topic = one.topic;
    sections[position].innerHTML = one.html;
  } else if (box && one.revision > (revisions[position] || 0)) {
    sections[position].innerHTML = one.html;
  }
  revisions[position] = Math.max(one.revision, revisions[position] || 0);
}
function keep() {
  clearTimeout(typed);
  typed = 0;
  const left = unread(place), said = fields(place);
  if (left.length && !filled(said)) { // the answer before it, if there is one, still counts
    refused[place] = words.number;
    return say();
  }
  given[place] = filled(said);
  answers.keep(place, said);
  if (!left.length) return;
  refused[place] = words.number; // what else was written is on its way
  say();
}

// What the page says.
function tell(sentence) {
  at("unsent").textContent = sentence;
  at("unsent").hidden = !sentence;
}
function stop(sentence) { // beside the button that was pressed; of the bar's buttons, above the question
  const box = at("stop"), inBar = pressed && pressed.name === "language", near = pressed && (pressed.closest(".turn, ul") || pressed);
  const empty = inBar ? [] : Object.keys(given).filter(one => !given[one]);
  box.textContent = sentence + (empty.length ? " " + fill(words.without, { list: empty.join(", ") }) : "");
  if (inBar) root.prepend(box);
  else if (near) near.after(box);
  box.hidden = false;
  box.focus();
}
function mend(input) { // where it stands, and not somewhere below
  const name = input.labels.length && input.labels[0].querySelector("b"), box = at("stop");
  box.textContent = `${name ? name.textContent + ": " : ""}${words.unsaved} ${words.number}`;
  input.after(box);
  box.hidden = false;
  mended = input;
  input.focus();
}
function show(id, said) {
  const box = at(id);
  if (!box) return;
  box.hidden = !said;
  for (const part of box.querySelectorAll("[data-fill]")) {
    part.textContent = said ? [].concat(said[part.dataset.fill]).join("; ") || "–" : "";
  }
}
function word(item, { busy, tries, fleeting }) {
  if (typed) return words.saving;
  if (refused[place]) return `${words.unsaved} ${refused[place]}${given[place] ? " " + words.earlier : ""}`;
  if (!item) return revisions[place] ? "✓ " + words.saved : "";
  if (item.stale) return words.kept;
  return busy && !tries ? words.saving : fleeting ? words.open : words.kept;
}
function say() {
  offer();
  const calm = !answers.unsent().length && !typed && !answers.state().tries && navigator.onLine;
  if (calm && at("stop")) at("stop").hidden = true; // what it said is over
  if (!place) return;
  const item = answers.items()[place], state = answers.state(), left = answers.unsent().length, total = test.total;
  const unfit = refused[place] && !typed;
  at("saved").className = unfit ? "wrong-words" : item || typed ? "saved kept" : "saved";
  const which = unfit ? [...inputs(place)] : [], typos = which.filter(wrong); // the server refuses the whole answer
  for (const input of inputs(place)) input.ariaInvalid = (typos.length ? typos : which).includes(input);
  at("saved").textContent = word(item, state);
  show("choose", item && item.stale);
  for (const told of sections[place].querySelectorAll("[data-read-as]")) {
    const [other, own] = told.dataset.signs, typing = typed || unfit, input = [...inputs(place)].find(one => one.name === told.dataset.of);
    const found = new RegExp(`^\\s*([-−+]?\\d{1,3})[${other}](\\d{3})(?![\\d.,])`).exec(input.value);
    const words = found && !typing ? fill(told.dataset.readAs, { n: found[1] + own + found[2] }) : "";
    if (told.textContent !== words) told.textContent = words;
  }
  const over = performance.now() >= up;
  if (left && state.tries && !state.out) tell(fill(over ? words.over_unsent : words.unsent, { n: left }));
  else if (!over) tell("");
  at("part").textContent = given[place] && !typed ? lacking(place) : "";
  root.elements.base.value = revisions[place] || 0;
  if (state.loaded) {
    at("answered").textContent = fill(words.answered, { n: Object.values(given).filter(Boolean).length, total });
  }
  for (const button of document.querySelectorAll(".places button")) {
    const n = button.value, here = +n === place, full = n in given ? given[n] : button.classList.contains("given");
    const part = full && (sections[n] ? lacking(n) : button.classList.contains("part"));
    button.className = (full ? "given" : "") + (part ? " part" : "") + (here ? " here" : "");
    button[here ? "setAttribute" : "removeAttribute"]("aria-current", "step");
    button.ariaLabel = `${fill(words.place, { n, total })}, ${part ? words.partly : full ? words.given : words.empty}`;
  }
}

// Answers that wait without a link can be saved as a file.
function offer() {
  const box = at("rescue");
  if (!box) return;
  const state = answers.state(), stuck = answers.unsent().length && !state.out && (state.tries > 0 || !navigator.onLine);
  if (stuck) {
    at("rescue-none").hidden = canSeal();
    at("rescue-way").hidden = at("rescue-save").hidden = !canSeal();
  }
  box.hidden = !stuck;
}
if (at("rescue")) {
  at("rescue-save").addEventListener("click", async () => {
    if (typed) keep();
    const done = name => { at("rescue-done").textContent = name ? fill(words.rescued, { name }) : words.not_rescued; };
    await saveFile(test, answers.kept()).then(done, () => done(""));
  });
  addEventListener("offline", offer);
  addEventListener("online", offer);
}

// From question to question.
function turn(position, remember) {
  const title = fill(words.place, { n: position, total: test.total }), head = sections[position].querySelector("h1");
  place = position;
  at("stop").hidden = true;
  for (const one in sections) sections[one].hidden = +one !== position;
  at("place").textContent = title;
  at("topic").textContent = sections[position].dataset.topic;
  at("next").textContent = position < test.total ? words.next : words.last;
  at("back").hidden = position === 1;
  document.title = document.title.replace(/^[^·]*/, title + " ");
  root.action = test.question + position;
  for (const one of document.querySelectorAll(".languages button")) one.dataset.to = one.dataset.to.replace(/[^/]+$/, position);
  if (remember) history.pushState(null, "", test.question + position);
  head.tabIndex = -1;
  head.focus({ preventScroll: true });
  scrollTo(0, 0);
  say();
}
function go(where) {
  if (typed) keep();
  const bad = refused[place] && unread(place)[0];
  if (bad) return mend(bad);
  const target = { next: place + 1, back: place - 1 }[where] || +where;
  if (sections[target]) turn(target, true);
  else leave(() => location.assign(target >= 1 && target <= test.total ? test.question + target : test.overview));
}
async function leave(then) { // not while an answer waits or the server cannot be reached
  const slow = setTimeout(stop, navigator.onLine ? 1500 : 0, words.offline);
  const free = await answers.flush() && (navigator.onLine || await answers.load());
  clearTimeout(slow);
  if (free) return then();
  const items = answers.items(), n = answers.unsent().length, asked = answers.unsent().find(one => items[one].stale);
  stop(asked ? fill(words.choose, { n: asked }) : n ? fill(words.wait, { n }) : words.offline);
}

function tick() {
  const left = Math.max(0, Math.ceil((up - performance.now()) / 1000)), few = left <= test.warn, clock = at("clock");
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  clock.textContent = fill(few ? words.clock : words.minutes, { time, n: Math.ceil(left / 60), until: test.until });
  clock.classList.toggle("few", few);
  const mark = left <= 60 ? 2 : +few; // said aloud twice: at five minutes and at one
  if (mark > heard) at("heard").textContent = clock.textContent;
  heard = Math.max(heard, mark);
  if (!left && Date.now() % 5000 < 1000) answers.wake().then(() => answers.unsent().length ? say() : tell(words.over));
}

const before = answers.unsent().length;
if (place) {
  sections[place] = at("questions").firstElementChild;
  revisions[place] = test.revision;
  root.addEventListener("change", event => {
    const box = event.target, same = box.type === "checkbox" && box.checked ? document.getElementsByName(box.name) : [];
    for (const one of same) if (one !== box && "alone" in { ...one.dataset, ...box.dataset }) one.checked = false;
    if (typed || !written(box)) keep();
  });
  root.addEventListener("input", event => {
    if (!written(event.target)) return;
    if (event.target === mended && !wrong(mended)) at("stop").hidden = true; // before a button is pressed
    clearTimeout(typed);
    typed = setTimeout(keep, 800);
    say();
  });
  root.addEventListener("keydown", event => { // Enter leads from field to field, from the last one on
    const all = [...sections[place].querySelectorAll("input")].filter(written), next = all[all.indexOf(event.target) + 1];
    if (event.key !== "Enter" || !all.includes(event.target) || !next) return;
    event.preventDefault();
    next.focus();
  });
  root.addEventListener("submit", event => {
    event.preventDefault();
    pressed = event.submitter || at("next");
    if (pressed.name !== "language") return go(pressed.value);
    if (typed) keep();
    leave(() => location.assign(pressed.dataset.to));
  });
  at("choose").addEventListener("click", event => {
    const choice = event.target.dataset.choose;
    if (choice) answers.settle(place, choice === "mine", fields(place));
  });
  addEventListener("popstate", () => {
    const position = +location.pathname.split("/").pop();
    if (sections[position]) turn(position, false); else location.reload();
  });
  answers.wake();
} else if (test.open) {
  root.addEventListener("submit", event => {
    event.preventDefault();
    leave(() => root.submit());
  });
  for (const link of document.querySelectorAll(".languages a")) link.addEventListener("click", event => {
    event.preventDefault();
    pressed = null;
    leave(() => location.assign(link.href));
  });
  if (before) answers.send().then(() => answers.unsent().length < before && location.reload());
} else {
  try { tell(sessionStorage.getItem(LAST) || ""); sessionStorage.removeItem(LAST); } catch { /* nothing was left to say */ }
  if (before) answers.send();
  else answers.forget();
}
if (test.open) setInterval(tick, 1000);
