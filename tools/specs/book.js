// The page reads without this: it opens the current chapter in the contents and finds words and ids.
"use strict";

const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
const marks = [...document.querySelectorAll("main h1[id], main h2[id]")].filter((h) => links.has(h.id));
document.documentElement.classList.add("live");

let here = null;
function follow() {
  let found = marks[0];
  for (const mark of marks) {
    if (mark.getBoundingClientRect().top > 120) break;
    found = mark;
  }
  if (!found || found === here) return;
  here = found;
  document.querySelectorAll("nav .here").forEach((e) => e.classList.remove("here"));
  let item = links.get(here.id).closest("li");
  links.get(here.id).classList.add("here");
  while (item) {
    item.classList.add("here");
    item = item.parentElement.closest("li");
  }
  const nav = document.querySelector("nav");
  const box = links.get(here.id).getBoundingClientRect();
  if (box.top < 60 || box.bottom > nav.clientHeight - 20) {
    nav.scrollTop += box.top - nav.clientHeight / 3;
  }
}
addEventListener("scroll", () => requestAnimationFrame(follow), { passive: true });
follow();

// Every piece of text that a search can lead to, with what is shown of it.
const SHOWN = 30;
const pieces = [...document.querySelectorAll("main h1, main h2, main h3, main .req, main tr, main p, main li, main pre")]
  .filter((e) => e.matches(".req") || !e.closest(".req, .title"))
  .map((element) => ({ element, text: element.textContent.replace(/\s+/g, " ").trim() }))
  .map((piece) => ({ ...piece, low: piece.text.toLowerCase() }));

// The words of `asked` that a piece must hold; what stands in quotes is one.
function wordsOf(asked) {
  return [...asked.toLowerCase().matchAll(/"([^"]+)"?|(\S+)/g)].map((m) => (m[1] ?? m[2]).trim()).filter(Boolean);
}

function snippet(piece, word) {
  const at = Math.max(0, piece.low.indexOf(word) - 40);
  const line = document.createElement("span");
  const end = at + 130 < piece.text.length ? "…" : "";
  line.textContent = (at ? "…" : "") + piece.text.slice(at, at + 130) + end;
  return line;
}

function sectionOf(element) {
  const before = [...document.querySelectorAll("main h1, main h2")]
    .filter((h) => h === element || h.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  const name = document.createElement("b");
  name.textContent = before.length ? before[before.length - 1].textContent : "";
  return name;
}

function goTo(element) {
  document.getElementById("open").checked = false;
  document.querySelectorAll(".hit").forEach((e) => e.classList.remove("hit"));
  element.classList.add("hit");
  element.scrollIntoView({ block: "center" });
}

function resultOf(piece, word) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.append(sectionOf(piece.element), snippet(piece, word));
  button.addEventListener("click", () => goTo(piece.element));
  item.append(button);
  return item;
}

const find = document.getElementById("find");
const found = document.getElementById("found");
const told = document.getElementById("told");
function search() {
  const words = wordsOf(find.value);
  const idle = words.join("").length < 2;
  const hits = idle ? [] : pieces.filter((piece) => words.every((word) => piece.low.includes(word)));
  // A requirement that is named comes first, then headings, then the rest as it stands.
  const rank = ({ element }) => (element.id.toLowerCase().endsWith(words[0]) ? 0 : /^H/.test(element.tagName) ? 1 : 2);
  hits.sort((a, b) => rank(a) - rank(b));
  found.replaceChildren(...hits.slice(0, SHOWN).map((piece) => resultOf(piece, words[0])));
  found.hidden = told.hidden = idle;
  told.textContent = hits.length > SHOWN ? `${hits.length} places, the first ${SHOWN}:` : `${hits.length} ${hits.length === 1 ? "place" : "places"}`;
  document.querySelector("nav").classList.toggle("searching", !idle);
}
find.addEventListener("input", search);
find.addEventListener("keydown", (event) => {
  if (event.key === "Enter") found.querySelector("button")?.click();
  if (event.key === "Escape") {
    find.value = "";
    search();
  }
});
addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.matches("input")) {
    event.preventDefault();
    find.focus();
  }
});
document.querySelector("nav").addEventListener("click", (event) => {
  if (event.target.closest("a")) document.getElementById("open").checked = false;
});
