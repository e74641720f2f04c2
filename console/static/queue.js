/* The queue's page: which of the saved views is the one that is shown. */
"use strict";

/* The filters of an address without those that are not set and without the page, in one order. */
function filtersOf(address) {
  const set = [...new URL(address, location.href).searchParams].filter(([name, value]) => value && name !== "page");
  return JSON.stringify(set.sort());
}

function markView() {
  const shown = filtersOf(location.href);
  for (const link of document.querySelectorAll("[data-view]")) {
    if (filtersOf(link.href) === shown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:replacedInHistory", markView);
/* Whoever changes the views goes on changing them; a button that is gone with its view gives the focus to the name. */
document.addEventListener("htmx:afterSettle", () => {
  markView();
  if (document.activeElement === document.body && byId("view-menu").open) byId("view-name").focus();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "views") viewsChange = true;
});
document.addEventListener("htmx:afterSwap", () => {
  if (viewsChange) byId("view-menu").open = true;
  viewsChange = false;
});
let viewsChange = false;
markView();
