// Attendance in a village: a tick is kept on this device at once and sent when there is a link. "Saved" is said only
// when the server has said so. Without this script the page is a plain form.
const form = document.getElementById("attendance");
const key = form && "attendance-" + form.dataset.workshop;
let sending = false;

let memory = null; // where the browser keeps nothing, ticks live as long as the page

function waiting() {
  if (memory) return { ...memory };
  try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; }
}
function keep(ticks) {
  try {
    if (Object.keys(ticks).length) localStorage.setItem(key, JSON.stringify(ticks));
    else localStorage.removeItem(key);
  } catch {
    memory = ticks;
  }
}
function lineOf(person) {
  return document.querySelector(`[data-person="${CSS.escape(person)}"]`);
}
function say(person, words, kept, way) {
  const state = lineOf(person)?.querySelector("[data-state]");
  if (!state) return;
  state.textContent = words;
  state.classList.toggle("kept", kept);
  if (!way) return;
  const link = document.createElement("a");
  link.href = way.address;
  link.textContent = way.words;
  state.append(" ", link);
}
function known(present) { // as the page says what it knows; null: nothing is recorded
  return present === null ? "" : present ? "1" : "0";
}
function seen(person) { // what the server had said of them last
  return lineOf(person)?.querySelector("[type=hidden]").value;
}
function show(person, present) { // where nothing is recorded nothing may look as if it were
  const line = lineOf(person);
  if (!line) return;
  for (const one of line.querySelectorAll("input[type=radio]")) one.checked = one.value === known(present);
  line.querySelector("[type=hidden]").value = known(present);
}
let standing = {}; // person -> what stands at the server, of all whom its list holds
function read(list) { // what others have ticked meanwhile is shown as well, unless a tick of this device is on its way
  standing = {};
  for (const [name, present] of [["here", true], ["away", false], ["open", null]]) {
    for (const person of list[name]) standing[person] = known(present);
    for (const person of list[name]) {
      if (waiting()[person] || !lineOf(person) || seen(person) === known(present)) continue;
      show(person, present);
      say(person, form.dataset.meanwhile, true);
    }
  }
}
function count() { // what the server has said last, and the ticks of this device that it has not got yet
  const counted = { 1: 0, 0: 0, "": 0 }, all = { ...standing };
  for (const [person, mark] of Object.entries(waiting())) {
    if (!mark.rest || !all[person]) all[person] = known(mark.present);
  }
  for (const one of Object.values(all)) counted[one] += 1;
  const open = counted[""];
  for (const [name, n] of Object.entries({ here: counted[1], away: counted[0], open })) {
    for (const place of document.querySelectorAll(`[data-count="${name}"]`)) place.textContent = n;
  }
  const everyone = form.querySelector("[data-everyone]");
  if (everyone) everyone.hidden = open === 0;
}
function overall(words, kept) {
  const line = form.querySelector("[data-overall]");
  line.textContent = words;
  line.classList.toggle("kept", kept);
}
function tick(person, present, rest = false) { // rest: by the button for all others, holds while nothing else stands
  const ticks = waiting();
  ticks[person] = { present, at: new Date().toISOString(), was: seen(person), rest };
  keep(ticks);
  say(person, form.dataset.kept, true);
  count();
}
function settle(outcome, sent) {
  const person = String(outcome.person), ticks = waiting();
  if (ticks[person] && ticks[person].at !== sent[person].at) { // ticked again meanwhile, knowing of the first tick
    if (outcome.present === sent[person].present) ticks[person].was = known(outcome.present);
    return keep(ticks);
  }
  delete ticks[person];
  keep(ticks);
  show(person, outcome.present);
  const words = outcome.sentence || outcome.note;
  say(person, words || form.dataset.saved, Boolean(words), outcome.way);
}
async function refusal(answer) {
  if (answer.headers.get("Content-Type")?.includes("json")) return (await answer.json()).sentence;
  return form.dataset.reload; // signed out, or the page is older than the session
}
async function send() {
  const sent = waiting();
  if (sending || !Object.keys(sent).length) return;
  sending = true;
  let answered = false, refused = false, stayed = false;
  try {
    const answer = await fetch(form.dataset.marks, {
      method: "POST", credentials: "same-origin", redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      body: JSON.stringify({
        sent_at: new Date().toISOString(),
        marks: Object.entries(sent).map(([person, mark]) => ({ person: Number(person), ...mark })),
      }),
    });
    if (answer.ok) {
      const told = await answer.json();
      for (const outcome of told.outcomes) {
        settle(outcome, sent);
        refused ||= Boolean(outcome.sentence);
        stayed ||= outcome.present !== sent[outcome.person].present;
      }
      read(told.list);
      count();
      answered = true;
    } else if (answer.status < 500) {
      overall(await refusal(answer), true);
      return;
    }
  } catch {
    // no link: the ticks stay on the device and are sent later
  } finally {
    sending = false;
  }
  const left = Object.keys(waiting()).length;
  if (answered && left) return send(); // ticked while the others were on their way
  if (answered && (refused || stayed)) overall(form.dataset.someRefused, true);
  else overall(left ? `${form.dataset.someKept} ${left}` : form.dataset.allSaved, left > 0);
}

const loaded = [Date.now(), performance.now()];
function begin() { // the time that has passed since the server said how long it is to the start; the phone may have slept
  const closed = document.querySelectorAll("[data-closed]");
  if (!closed.length) return;
  const passed = Math.max(Date.now() - loaded[0], performance.now() - loaded[1]);
  if (passed < Number(form.dataset.opensIn) * 1000) return;
  for (const part of closed) { part.disabled = false; part.removeAttribute("data-closed"); }
  document.querySelector("[data-waiting]").hidden = true;
}

if (form) {
  for (const line of form.querySelectorAll("[data-person]")) standing[line.dataset.person] = seen(line.dataset.person);
  for (const [person, mark] of Object.entries(waiting())) {
    if (!lineOf(person) || (mark.rest && seen(person))) continue;
    lineOf(person).querySelector(`input[type=radio][value="${mark.present ? 1 : 0}"]`).checked = true;
    say(person, form.dataset.kept, true);
  }
  count();
  document.addEventListener("change", (event) => {
    const line = event.target.closest("[data-person]");
    if (line) { tick(line.dataset.person, event.target.value === "1"); send(); }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-ticks]")) return;
    event.preventDefault();
    if (event.submitter?.name === "all") {
      for (const line of form.querySelectorAll("[data-person]")) {
        const person = line.dataset.person, other = waiting()[person]; // ticked in another window of this device
        if (other) line.querySelector(`input[type=radio][value="${known(other.present)}"]`).checked = true;
        if (line.querySelector("input[type=radio]:checked")) continue;
        line.querySelector('input[type=radio][value="1"]').checked = true;
        tick(person, true, true);
      }
      form.querySelector("[data-everyone]").open = false;
    }
    if (Object.keys(waiting()).length) send();
    else overall(form.dataset.allSaved, false);
  });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { begin(); send(); });
  setInterval(() => { begin(); send(); }, 15000);
  send();
}
