// The page of a room looks again by itself. What changed is put into its place; where the reader is, and what they have
// opened, stays. Without a script there is the link "Look again".
const live = document.getElementById("live");
const lost = document.getElementById("lost");

function patch(page) {
  for (const part of page.querySelectorAll("[data-rows]")) addRows(document.getElementById(part.id), part);
  for (const part of page.querySelectorAll("[data-live]")) {
    const here = document.getElementById(part.id);
    if (here && here.innerHTML !== part.innerHTML) here.innerHTML = part.innerHTML;
  }
  for (const here of document.querySelectorAll("[data-shown]")) {
    const part = page.getElementById(here.id);
    here.hidden = !part || part.hidden;
  }
  live.dataset.lost = page.getElementById("live").dataset.lost;
}

function addRows(here, fresh) { // who has begun stays in the table: rows only come
  [...fresh.children].forEach((row, place) => {
    if (!document.getElementById(row.id)) here.insertBefore(document.importNode(row, true), here.children[place] || null);
  });
}

async function again() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (answer.redirected || (fresh && fresh.dataset.open !== live.dataset.open)) return location.reload(); // signed out, or closed
    if (!answer.ok || !fresh) throw new Error("no page of a room");
    patch(page);
    lost.hidden = true;
    if (!fresh.dataset.again) clearInterval(timer);
  } catch {
    lost.textContent = live.dataset.lost;
    lost.hidden = false;
  }
}

const timer = setInterval(again, live.dataset.again * 1000);
document.addEventListener("visibilitychange", again);
