// The page of a room looks again by itself. What changed is put into its place; where the reader is, and what they have
// opened, stays. Without a script there is the link "Look again".
const live = document.getElementById("live");
const lost = document.getElementById("lost");

function patch(fresh) {
  for (const part of fresh.querySelectorAll("[data-rows]")) patchRows(document.getElementById(part.id), part);
  for (const part of fresh.querySelectorAll("[data-live]")) {
    const here = document.getElementById(part.id);
    if (here && here.innerHTML !== part.innerHTML) here.innerHTML = part.innerHTML;
  }
  for (const part of fresh.querySelectorAll("[data-shown]")) document.getElementById(part.id).hidden = part.hidden;
  const nobody = document.getElementById("nobody");
  if (nobody) nobody.hidden = !fresh.querySelector("#nobody");
  live.dataset.lost = fresh.dataset.lost;
}

function patchRows(here, fresh) {
  [...fresh.children].forEach((row, place) => {
    if (!document.getElementById(row.id)) here.insertBefore(document.importNode(row, true), here.children[place] || null);
  });
}

async function again() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.redirected) return location.reload(); // signed out meanwhile
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
    if (!answer.ok || !fresh) throw new Error("no page of a room");
    patch(fresh);
    lost.hidden = true;
    if (!fresh.dataset.again) clearInterval(timer);
  } catch {
    lost.textContent = live.dataset.lost;
    lost.hidden = false;
  }
}

const timer = setInterval(again, live.dataset.again * 1000);
document.addEventListener("visibilitychange", again);
