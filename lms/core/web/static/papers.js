// Keying a paper in: letters tick answers, Enter goes on, and what is keyed in is kept every few seconds.
const form = document.querySelector("form.keying"), said = form.querySelector("[data-said]");
const questions = [...form.querySelectorAll(".keyed-question")];
const SOON = 1500;
let timer, newest = 0;

// Letters by the place of the key, so that it does not matter which alphabet the keyboard writes.
const place = event => {
  const letter = /^Key([A-Z])$/.exec(event.code), figure = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  return letter ? letter[1].charCodeAt(0) - 65 : figure ? figure[1] - 1 : -1;
};
const choices = field => [...field.querySelectorAll("input[type=radio], input[type=checkbox]")];
const writes = input => input.matches("select, textarea, input:not([type=radio], [type=checkbox])");

function onwards(from) {
  const next = questions[questions.indexOf(from) + 1];
  const target = next ? next.querySelector("input, select") : form.querySelector("button[value=compare]");
  target.focus();
  target.scrollIntoView({ block: "center" });
}

form.addEventListener("keydown", event => {
  const question = event.target.closest(".keyed-question");
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === "BUTTON") return;
  if (event.key === "Enter") {
    event.preventDefault();
    onwards(question);
  } else if (question && !writes(event.target)) {
    const found = choices(event.target.closest("fieldset"))[place(event)];
    if (!found) return;
    event.preventDefault();
    found.focus();
    found.checked = found.type === "radio" ? true : !found.checked;
    found.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// A radio that is ticked can be taken back: a second click, or Backspace.
form.addEventListener("keyup", event => {
  if (event.key === "Backspace" && event.target.type === "radio") {
    for (const one of form.querySelectorAll(`input[name="${CSS.escape(event.target.name)}"]`)) one.checked = false;
    keepSoon();
  }
});

async function keep() {
  const turn = ++newest;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (turn === newest) show(told.said || told.sentence, !answer.ok);
  } catch {
    if (turn === newest) show(form.dataset.lost, true);
    keepSoon();
  }
}
function show(words, lost) {
  said.textContent = words;
  said.classList.toggle("kept", lost);
}
function keepSoon() {
  clearTimeout(timer);
  timer = setTimeout(keep, SOON);
}
form.addEventListener("input", keepSoon);
form.addEventListener("change", keepSoon);
form.addEventListener("submit", () => clearTimeout(timer));
