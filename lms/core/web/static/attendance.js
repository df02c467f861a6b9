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
function say(person, words, kept) {
  const state = lineOf(person)?.querySelector("[data-state]");
  if (state) { state.textContent = words; state.classList.toggle("kept", kept); }
}
function show(person, present) {
  const line = lineOf(person);
  if (!line || present === null) return;
  line.querySelector(`input[type=radio][value="${present ? 1 : 0}"]`).checked = true;
  line.querySelector("[type=hidden]").value = present ? "1" : "0";
}
function count() {
  const lines = [...form.querySelectorAll("[data-person]")];
  const here = lines.filter((line) => line.querySelector('input[type=radio][value="1"]').checked).length;
  const away = lines.filter((line) => line.querySelector('input[type=radio][value="0"]').checked).length;
  for (const [name, n] of Object.entries({ here, away, open: lines.length - here - away })) {
    document.querySelector(`[data-count="${name}"]`).textContent = n;
  }
}
function overall(words, kept) {
  const line = form.querySelector("[data-overall]");
  line.textContent = words;
  line.classList.toggle("kept", kept);
}
function tick(person, present) {
  const ticks = waiting();
  ticks[person] = { present, at: new Date().toISOString() };
  keep(ticks);
  say(person, form.dataset.kept, true);
  count();
}
function settle(outcome, sent) {
  const person = String(outcome.person), ticks = waiting();
  if (ticks[person] && ticks[person].at !== sent[person].at) return; // ticked again meanwhile
  delete ticks[person];
  keep(ticks);
  show(person, outcome.present);
  say(person, outcome.sentence || form.dataset.saved, Boolean(outcome.sentence));
}
async function refusal(answer) {
  if (answer.headers.get("Content-Type")?.includes("json")) return (await answer.json()).sentence;
  return form.dataset.reload; // signed out, or the page is older than the session
}
async function send() {
  const sent = waiting();
  if (sending || !Object.keys(sent).length) return;
  sending = true;
  let answered = false;
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
      for (const outcome of (await answer.json()).outcomes) settle(outcome, sent);
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
  overall(left ? `${form.dataset.someKept} ${left}` : form.dataset.allSaved, left > 0);
}

if (form) {
  for (const [person, mark] of Object.entries(waiting())) {
    if (!lineOf(person)) continue;
    lineOf(person).querySelector(`input[type=radio][value="${mark.present ? 1 : 0}"]`).checked = true;
    say(person, form.dataset.kept, true);
  }
  count();
  form.addEventListener("change", (event) => {
    const line = event.target.closest("[data-person]");
    if (line) { tick(line.dataset.person, event.target.value === "1"); send(); }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.name === "all") {
      for (const line of form.querySelectorAll("[data-person]")) {
        if (line.querySelector("input[type=radio]:checked")) continue;
        line.querySelector('input[type=radio][value="1"]').checked = true;
        tick(line.dataset.person, true);
      }
    }
    if (Object.keys(waiting()).length) send();
    else overall(form.dataset.allSaved, false);
  });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
  setInterval(send, 15000);
  send();
}
