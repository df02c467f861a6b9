// The search box answers while somebody types. Without this script it is a plain form, and Enter always sends it when
// nothing is chosen. What is typed is posted, so no name stands in an address.
// Its names are its own: it stands on pages that have other scripts.
(() => {
const box = document.getElementById("find");
const PAUSE = 250; // ms without a key before the server is asked
let list, told, waiting, asking, chosen = -1;

function options() { return [...list.querySelectorAll("[role=option]:not([aria-disabled])")]; }
function close() {
  list.hidden = true;
  chosen = -1;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}
function choose(number) {
  const all = options();
  chosen = (number + all.length) % all.length;
  all.forEach((one, place) => one.setAttribute("aria-selected", String(place === chosen)));
  box.setAttribute("aria-activedescendant", all[chosen].id);
  all[chosen].scrollIntoView({ block: "nearest" });
}
function show(html) {
  list.innerHTML = html;
  options().forEach((one, place) => { one.id = `found-${place}`; });
  const some = options().length > 0;
  if (!some) { // said where it is looked for, too
    const none = document.createElement("li");
    none.setAttribute("role", "option");
    none.setAttribute("aria-disabled", "true");
    none.textContent = box.form.dataset.none;
    list.replaceChildren(none);
  }
  told.textContent = some ? box.form.dataset.some : box.form.dataset.none;
  close();
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
}
async function ask() {
  if (box.value.trim().length < 2) { close(); return; }
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(box.form.dataset.typing, {
      method: "POST", body: new FormData(box.form), signal: asking.signal, redirect: "error",
    });
    if (answer.ok) show(await answer.text()); else close();
  } catch (fault) {
    if (fault.name !== "AbortError") close(); // no link: the form still works
  }
}
function press(event) {
  if (event.key === "Escape") close();
  if (list.hidden) return;
  if (!options().length) return;
  if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
  if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen < 0 ? -1 : chosen - 1); }
  if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.assign(options()[chosen].dataset.to); }
}

if (box) {
  list = document.createElement("ul");
  Object.assign(list, { id: "find-list", className: "find-list", hidden: true, role: "listbox" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.labels[0].textContent);
  told = document.createElement("span");
  told.className = "hidden-words";
  told.setAttribute("role", "status");
  box.form.append(list, told);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "find-list",
  })) box.setAttribute(name, value);
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
  box.addEventListener("keydown", press);
  box.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the box keeps the focus
    const one = event.target.closest("[data-to]");
    if (one) location.assign(one.dataset.to);
  });
}
})();
