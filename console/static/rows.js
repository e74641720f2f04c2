/* The queue's lines: one that changed is told on the socket and replaced alone. The whole list is asked for anew when a
   ticket may come into it or leave it. */
"use strict";

const askedFor = () => new Map([...new FormData(byId("filters"))].filter(([, value]) => value));

/* Whether the filters let it in, as far as the line tells: words, skills, and what somebody has read it does not. */
function isAskedFor(row) {
  const asked = askedFor();
  const whose = asked.get("view");
  if (whose === "mine" && !row.own.mine) return false;
  if (whose === "tier" && !asked.has("tier") && !row.own.tier) return false;
  if (whose === "tier" && !asked.has("department") && !row.own.department) return false;
  if (!asked.has("status") && !row.is_open) return false;
  return Object.entries(row.facts).every(([name, value]) => !asked.has(name) || asked.get(name) === value);
}

/* Between the first and the last line of this page, or beyond an end that no other page follows. */
function isOnThisPage(place, others) {
  const list = byId("rows");
  if (!others.length) return true;
  if ("follows" in list.dataset && place < others[0].dataset.place) return false;
  return !("goesOn" in list.dataset) || place < others.at(-1).dataset.place;
}

/* Only the cells that differ, so that the link keeps the focus and the words that no socket tells. */
function replaceCells(here, fresh) {
  here.className = fresh.className;
  here.dataset.place = fresh.dataset.place;
  here.toggleAttribute("data-waits", fresh.hasAttribute("data-waits"));
  [...fresh.cells].forEach((cell, at) => {
    const isProblem = cell.classList.contains("cell-problem");
    const [old, now] = [here.cells[at], cell].map((one) => (isProblem ? one.querySelector(".under") : one));
    if (old.outerHTML !== now.outerHTML) old.replaceWith(document.importNode(now, true));
  });
}

/* Into its place among the others. False: it cannot be said from here where that is. */
function putInOrder(here, place, others) {
  const after = others.find((other) => other.dataset.place > place);
  const stands = here.nextElementSibling === (after || null);
  if (stands) return true;
  if (here.contains(document.activeElement)) return false; // moved, it would lose the focus
  here.parentElement.insertBefore(here, after || null);
  return true;
}

function countRows() {
  const counts = { late: byId("rows").querySelectorAll(".left.late").length, waiting: byId("rows").querySelectorAll("[data-waits]").length };
  for (const [name, count] of Object.entries(counts)) {
    byId(`${name}-count`).textContent = count;
    byId(`${name}-count`).parentElement.hidden = !count;
  }
}

/* Whether the list is right with that. */
function showRow(row) {
  const list = byId("rows");
  const here = byId(`row-${row.reference}`);
  const isIn = isAskedFor(row);
  if (!list) return !isIn;
  const others = [...list.rows].filter((other) => other !== here);
  if (!here) return !isIn || (row.is_open && !isOnThisPage(row.place, others));
  replaceCells(here, new DOMParser().parseFromString(`<table>${row.html}</table>`, "text/html").querySelector("tr"));
  countRows();
  const isUnsure = askedFor().has("unread") || !row.is_open;
  return isIn && !isUnsure && isOnThisPage(row.place, others) && putInOrder(here, row.place, others);
}

/* A list that is under way may have been read before these changed. */
let sinceAsked = [];

document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "filters") sinceAsked = []; });
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "queue") sinceAsked.forEach(showRow);
});
document.addEventListener("firstline:row", (event) => {
  sinceAsked = [...sinceAsked.filter((row) => row.reference !== event.detail.reference), event.detail];
  if (!showRow(event.detail)) refresh(byId("filters"));
});
