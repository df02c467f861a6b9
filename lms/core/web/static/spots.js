// Places of a picture, drawn over it: the numbers in the fields below follow, and what is typed there is drawn. One
// touch without drawing makes a place as large as a finger.
const picture = document.getElementById("spots"), form = document.getElementById("draft");
const which = document.getElementById("spots-which"), way = document.getElementById("spots-way");
const NAMES = ["x", "y", "width", "height"], SVG = "http://www.w3.org/2000/svg", ON_A_PHONE = 328, FINGER = 44;
const box = picture && picture.viewBox.baseVal, least = picture && Math.ceil(FINGER * box.width / ON_A_PHONE);
const field = (place, name) => form.elements[`body.areas.${place}.${name}`];
const number = input => parseFloat(input.value.replace(/\s/g, "").replace(",", "."));
const measures = place => NAMES.map(name => number(field(place, name)));
const within = (value, most) => Math.max(0, Math.min(Math.round(value), most));
const marks = [];
let from = null;

function mark(name, inside = "") {
  const made = document.createElementNS(SVG, name);
  made.textContent = inside;
  made.setAttribute("font-size", Math.round(box.width / 18));
  picture.append(made);
  return made;
}
function draw() {
  marks.forEach(([rect, words], place) => {
    const [x, y, width, height] = measures(place), whole = [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0;
    for (const one of [rect, words]) one.setAttribute("visibility", whole ? "visible" : "hidden");
    rect.classList.toggle("chosen", place === +which.value);
    if (!whole) return;
    NAMES.forEach((name, at) => rect.setAttribute(name, [x, y, width, height][at]));
    words.setAttribute("x", x + width / 2);
    words.setAttribute("y", y + height / 2);
  });
}
function point(event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
  return [within(at.x, box.width), within(at.y, box.height)];
}
function write(values) {
  NAMES.forEach((name, at) => { field(which.value, name).value = values[at]; });
  draw();
}
function begin(event) {
  if (event.button) return;
  from = point(event);
  picture.setPointerCapture(event.pointerId);
  event.preventDefault();
}
function move(event) {
  if (!from) return;
  const to = point(event);
  const [left, right] = [from[0], to[0]].sort((a, b) => a - b), [top, low] = [from[1], to[1]].sort((a, b) => a - b);
  write([left, top, right - left, low - top]);
}
function end(event) {
  if (!from) return;
  move(event);
  const [x, y, width, height] = measures(which.value), half = Math.round(least / 2);
  if (Math.max(width, height) < least / 4) {
    write([within(x - half, box.width - least), within(y - half, box.height - least), least, least]);
  }
  from = null;
  field(which.value, "x").dispatchEvent(new Event("input", { bubbles: true }));
}
if (picture && +form.elements["body.areas.count"].value) {
  const total = +form.elements["body.areas.count"].value;
  for (let place = 0; place < total; place++) {
    const words = picture.dataset.place.replace("{n}", place + 1);
    which.append(new Option(words, place));
    marks.push([mark("rect"), mark("text", place + 1)]);
  }
  const open = marks.findIndex((_, place) => !NAMES.every(name => Number.isFinite(number(field(place, name)))));
  which.value = Math.max(0, open);
  way.hidden = false;
  picture.classList.add("open");
  picture.addEventListener("pointerdown", begin);
  picture.addEventListener("pointermove", move);
  picture.addEventListener("pointerup", end);
  picture.addEventListener("pointercancel", () => { from = null; });
  which.addEventListener("input", event => { event.stopPropagation(); draw(); });
  form.addEventListener("input", draw);
  form.addEventListener("focusin", event => {
    const found = /^body\.areas\.(\d+)\./.exec(event.target.name || "");
    if (found) { which.value = found[1]; draw(); }
  });
  draw();
}
