/* Single keys: never while somebody writes or chooses, never with Ctrl, Alt or Meta, and not at all when switched off. */
"use strict";

const SHORTCUTS_OFF = "firstline.shortcuts.off";
const SECOND_KEY_MS = 1500;
const shortcutDialog = byId("shortcuts");
const shortcutsOn = byId("shortcuts-on");
let firstKeyAt = -Infinity; // when "g" was pressed

function sayShortcut(text) { byId("shortcut-said").textContent = text; }

function openShortcuts() { if (!shortcutDialog.open) shortcutDialog.showModal(); }

function goTo(path) { location.assign(document.body.dataset.base + path); }

function moveInQueue(step) {
  const links = [...document.querySelectorAll("#queue tbody .cell-problem a")];
  if (!links.length) { sayShortcut("There is no list of tickets here."); return; }
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function searchQueue() {
  const search = byId("search");
  if (search) { search.focus(); search.select(); } else goTo("/?search=");
}

function acceptTicket() {
  const accept = byId("accept");
  if (accept) accept.click();
  else sayShortcut("There is nothing to accept here.");
}

function chooseMove(name) {
  const move = byId(`move-${name}`);
  if (!move) { sayShortcut("That cannot be done with this ticket now."); return; }
  move.click();
  words().focus();
}

function openReplies() {
  const menu = byId("canned");
  if (!menu || byId("foot").hidden) { sayShortcut("There are no canned replies here."); return; }
  menu.open = true;
  const search = byId("canned-search");
  if (search) search.focus();
}

function undoOnTicket() {
  const button = byId("undo-it");
  if (button) button.click();
  else sayShortcut("There is nothing to undo here.");
}

const KEYS = {
  "?": openShortcuts,
  "/": searchQueue,
  j: () => moveInQueue(1),
  k: () => moveInQueue(-1),
  a: acceptTicket,
  r: () => chooseMove("reply"),
  n: () => chooseMove("note"),
  c: openReplies,
  z: undoOnTicket,
};
const AFTER_G = { q: () => goTo("/"), n: () => goTo("/new") };

function takesKeys(place) {
  if (place.isContentEditable || place.matches("textarea, select")) return true;
  return place.matches("input") && !["radio", "checkbox", "button", "submit"].includes(place.type);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Shift" || !shortcutsOn.checked || shortcutDialog.open || takesKeys(event.target)) return;
  const follows = event.timeStamp - firstKeyAt < SECOND_KEY_MS;
  firstKeyAt = -Infinity;
  if (event.key === "g" && !follows) { firstKeyAt = event.timeStamp; return; }
  const act = follows ? AFTER_G[event.key] : KEYS[event.key];
  if (!act || (event.repeat && !["j", "k"].includes(event.key))) return;
  event.preventDefault();
  sayShortcut("");
  act();
});

byId("show-shortcuts").addEventListener("click", openShortcuts);
shortcutsOn.addEventListener("change", () => {
  if (shortcutsOn.checked) localStorage.removeItem(SHORTCUTS_OFF);
  else localStorage.setItem(SHORTCUTS_OFF, "yes");
});
shortcutsOn.checked = localStorage.getItem(SHORTCUTS_OFF) !== "yes";
