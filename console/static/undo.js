/* Undo: offered for as long as the server said when it was shown, and then taken away. */
"use strict";

let undoTimer = 0;
let undoHadFocus = false;
let wasAtEnd = false; // of the transcript, which gives up its room to the offer

function undoPlace() { return byId("undo"); }

function withdrawUndo() {
  const hadFocus = undoPlace().contains(document.activeElement);
  undoPlace().replaceChildren();
  if (hadFocus) byId("main").focus();
}

function offerUndo() {
  clearTimeout(undoTimer);
  if (undoPlace()?.dataset.leftS) undoTimer = setTimeout(withdrawUndo, Number(undoPlace().dataset.leftS) * 1000);
}

/* The same offer stays as it is: it is said once, and keeps the focus. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.id !== "undo") return;
  const fresh = event.detail.fragment.querySelector("#undo") || event.detail.fragment.firstElementChild;
  if (fresh.dataset.version && fresh.dataset.version === event.detail.target.dataset.version) event.detail.shouldSwap = false;
  undoHadFocus = event.detail.target.contains(document.activeElement);
  const box = byId("transcript");
  wasAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "undo") return;
  if (undoHadFocus) (byId("undo-it") || byId("main")).focus();
  undoHadFocus = false;
  if (wasAtEnd && byId("undo-it")) byId("transcript").scrollTop = byId("transcript").scrollHeight;
  offerUndo();
});
offerUndo();
