// A form that survives a cellar without a network: what is typed stays on the telephone until it has been sent.
"use strict";

const kept = document.getElementById("kept");
const form = document.querySelector("form[data-kept]");

function say(words) {
  kept.textContent = words;
  kept.hidden = !words;
}

function fields() {
  return [...new FormData(form).entries()].filter(([name]) => name !== "at");
}

function store(waiting) {
  const at = form.elements.at ? form.elements.at.value : "";
  try {
    localStorage.setItem(form.dataset.kept, JSON.stringify({ fields: fields(), waiting, at }));
  } catch {
    // storage is full or forbidden: the form still works with a network
  }
}

function restore() {
  let found = null;
  try {
    found = JSON.parse(localStorage.getItem(form.dataset.kept) || "null");
  } catch {
    return false;
  }
  if (!found) return false;
  for (const element of form.elements) {
    const values = found.fields.filter(([name]) => name === element.name).map(([, value]) => value);
    if (element.type === "radio" || element.type === "checkbox") element.checked = values.includes(element.value);
    else if (element.name && element.name !== "at" && values.length) element.value = values[0];
  }
  if (form.elements.at && found.at) form.elements.at.value = found.at;
  return found.waiting;
}

if (form) {
  const refused = document.getElementById("problem") !== null;
  const waits = restore();
  if (waits && refused) store(false);
  form.addEventListener("input", () => store(false));
  form.addEventListener("submit", (event) => {
    if (form.elements.at && !form.elements.at.value) form.elements.at.value = new Date().toISOString();
    store(true);
    if (navigator.onLine) return;
    event.preventDefault();
    say("No network. This is kept on the telephone and sent when there is one; leave the page open.");
  });
  addEventListener("online", () => {
    const found = JSON.parse(localStorage.getItem(form.dataset.kept) || "null");
    if (found && found.waiting) form.requestSubmit();
  });
  if (waits && !refused && navigator.onLine) say("This was not sent yet. Look it over, and send it again.");
} else {
  const id = location.pathname.split("/").pop();
  for (const name of [`arrival-${id}`, `report-${id}`]) localStorage.removeItem(name);
}
