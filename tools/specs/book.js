// The page reads without this: it opens the current chapter in the contents and finds a requirement by its id.
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

const find = document.getElementById("find");
const ids = new Set([...document.querySelectorAll("#ids option")].map((o) => o.value));
find.addEventListener("input", () => {
  const typed = find.value.trim().toUpperCase();
  const id = ids.has(typed) ? typed : `CMB-${typed}`;
  if (ids.has(id)) {
    location.hash = id;
    find.value = "";
    document.getElementById("open").checked = false;
  }
});
document.querySelector("nav").addEventListener("click", (event) => {
  if (event.target.closest("a")) document.getElementById("open").checked = false;
});
