// A draft is kept while it is typed, a moment after the last letter. "Kept" is said only on the server's word; without
// this script the form's own buttons do it. One save at a time, each named by the revision it builds on.
const PAUSE = 1500;
const form = document.getElementById("draft");
const said = document.getElementById("kept");
const preview = document.getElementById("preview");
let timer, busy = false, again = false, stale = false, waiting = false, lost = false, sending = false;

function tell(words, kind = "") {
  said.textContent = words;
  said.className = `saved ${kind}`;
}
function later() {
  if (stale) return;
  tell(form.dataset.keeping, "kept");
  waiting = true;
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
}
function typed() {
  const said = new FormData(form);
  for (const [name, value] of [...said]) if (value instanceof File) said.delete(name); // a picture goes in by its button
  return said;
}
async function keep() {
  if (busy) { again = true; return; }
  busy = true;
  clearTimeout(timer);
  waiting = false;
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: typed(), redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    lost = false;
    take(await answer.json());
  } catch {
    lost = true;
    tell(form.dataset.lost, "lost");
    timer = setTimeout(keep, 10 * PAUSE);
  }
  busy = false;
  if (again && !stale) { again = false; later(); }
}
function take(answer) {
  if (answer.fate === "kept") {
    form.elements.revision.value = answer.revision;
    preview.innerHTML = answer.preview;
    if (!again) tell(form.dataset.kept);
    return;
  }
  stale = true;
  tell(form.dataset.stale + " ", "lost");
  const link = document.createElement("a");
  link.href = answer.copy;
  link.textContent = form.dataset.look;
  said.append(link);
}
form.addEventListener("input", event => event.target.type === "file" || later());
form.addEventListener("change", event => {
  if (event.target.type === "file" && event.target.value) form.requestSubmit(form.querySelector("[name=do][value=picture]"));
});
addEventListener("visibilitychange", () => { if (document.hidden && waiting && !stale) keep(); });
addEventListener("pagehide", () => { // whoever leaves within the pause takes nothing away with them
  if (!waiting || busy || stale) return;
  waiting = false;
  navigator.sendBeacon(form.dataset.autosave, typed());
});
addEventListener("beforeunload", event => { if (lost && !sending) event.preventDefault(); });
form.addEventListener("submit", event => {
  sending = true;
  waiting = false;
  clearTimeout(timer);
  if (!busy) return;
  event.preventDefault(); // the save on its way brings the revision that this one builds on
  const button = event.submitter;
  const wait = setInterval(() => { if (!busy) { clearInterval(wait); clearTimeout(timer); form.requestSubmit(button); } }, 50);
});
document.getElementById("see").addEventListener("change", later);
document.getElementById("faults")?.focus();
