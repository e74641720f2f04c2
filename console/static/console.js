/* The console's page: listens for changes, keeps what is being typed, and merges new lines into the transcript. */
"use strict";

const byId = (id) => document.getElementById(id);
const words = () => byId("words");
const chosenMove = () => document.querySelector('#moves input[name="move"]:checked');

/* Times in the reader's own time zone. */
const clockFormat = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat([], { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([data-until])")) {
    const at = new Date(time.dateTime);
    const today = at.toDateString() === new Date().toDateString();
    time.textContent = (today ? clockFormat : dayFormat).format(at);
    time.title = at.toLocaleString();
  }
}

/* Live: the server names the tickets that changed; whatever shows them asks for its newest state. */
const ANY = "*";
const QUEUE_PAUSE_MS = 700;
const OFFERS_SPREAD_MS = 1500; // a short list, for which somebody waits
const TICKET_PAUSE_MS = 60;
const pauses = new Map();
let within_ms = QUEUE_PAUSE_MS; // in which the lists of all open pages ask anew, as the server says

function refresh(place) {
  if (pauses.has(place)) return;
  const isList = place.dataset.liveReference === ANY;
  const spread_ms = place.id === "offers" ? OFFERS_SPREAD_MS : within_ms;
  const pause = isList ? Math.max(QUEUE_PAUSE_MS, Math.random() * spread_ms) : TICKET_PAUSE_MS;
  pauses.set(place, setTimeout(() => { pauses.delete(place); htmx.trigger(place, "firstline:changed"); }, pause));
}

/* Offers change with an offer, or with a ticket that stands among them. */
function concernsOffers(place, references) {
  return references.some((reference) => reference === ANY || place.querySelector(`[id="offer-${reference}"]`));
}

function changed(references, onOffer = false) {
  for (const place of document.querySelectorAll("[data-live-reference]")) {
    if (place.id === "offers" && !onOffer && !concernsOffers(place, references)) continue;
    if ("byRows" in place.dataset && !references.includes(ANY)) continue; // its lines come by themselves (rows.js)
    const own = place.dataset.liveReference;
    if (own === ANY || references.includes(ANY) || references.includes(own)) refresh(place);
  }
}

function showLink(state, text) {
  const place = byId("link-state");
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.textContent = text;
}

/* Typing: a sign lasts a few seconds. A screen reader hears it once, until the customer has written. */
const TYPES = "types";
const TYPES_EVERY_MS = 3000;
const TYPES_FOR_MS = 6000;
let socket = null;
let toldTyping = 0;
let typesTimer = 0;

/* What appears below the transcript takes its room: who read its end still does. */
function keepingEnd(change) {
  const box = byId("transcript");
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  change();
  if (atEnd) box.scrollTop = box.scrollHeight;
}

function customerTypes(isTyping) {
  const place = byId("types");
  if (!place) return;
  clearTimeout(typesTimer);
  if (isTyping) typesTimer = setTimeout(() => customerTypes(false), TYPES_FOR_MS);
  const text = isTyping ? "The customer is typing…" : "";
  if (place.textContent === text) return;
  place.setAttribute("aria-live", place.dataset.told ? "off" : "polite");
  keepingEnd(() => { place.textContent = text; });
  if (isTyping) place.dataset.told = "yes";
}

function customerWrote() {
  const place = byId("types");
  if (place) delete place.dataset.told;
  customerTypes(false);
}

/* Only while the words are meant for the customer; which words they are stays here. */
function iType() {
  const now = Date.now();
  if (chosenMove()?.dataset.seenBy !== "customer" || !words().value.trim() || now - toldTyping < TYPES_EVERY_MS) return;
  if (socket?.readyState !== WebSocket.OPEN) return;
  toldTyping = now;
  socket.send(TYPES);
}

function listen(path, wait_ms = 500) {
  socket = new WebSocket(new URL(path, location.href.replace(/^http/, "ws")));
  let opened = false;
  socket.onopen = () => {
    const wasAway = byId("link-state").dataset.state === "off";
    opened = true;
    showLink("on", "Live");
    changed([ANY]);
    if (wasAway) htmx.trigger(document.body, "firstline:connected");
  };
  socket.onmessage = (event) => {
    const told = JSON.parse(event.data);
    if (told.within_ms) within_ms = told.within_ms;
    if (told.changed) changed(told.changed, told.offers);
    for (const row of told.rows || []) document.dispatchEvent(new CustomEvent("firstline:row", { detail: row }));
    if (told.customer_types) customerTypes(true);
  };
  socket.onclose = (event) => {
    showLink("off", "Reconnecting");
    if (event.code === 4401) { byId("notice-signed-out").hidden = false; }
    const next_ms = opened ? 500 : Math.min(wait_ms * 2, 15000);
    setTimeout(() => listen(path, next_ms), next_ms * (0.5 + Math.random() / 2));
  };
}

/* Offers: how long they still stand; and a fresh list leaves those that are still there alone, with what is typed. */
function countDown() {
  for (const time of document.querySelectorAll("[data-until]")) {
    const left_s = Math.max(0, Math.round((new Date(time.dateTime) - Date.now()) / 1000));
    time.textContent = `${Math.floor(left_s / 60)}:${String(left_s % 60).padStart(2, "0")} left`;
    time.classList.toggle("is-short", left_s <= 30);
  }
}

function mergeOffers(list, fresh) {
  const keys = new Set([...fresh.children].map((offer) => offer.id));
  for (const gone of [...list.children].filter((offer) => !keys.has(offer.id))) gone.remove();
  for (const offer of [...fresh.children]) {
    const here = byId(offer.id);
    if (!here) { list.append(document.importNode(offer, true)); continue; }
    here.querySelector("[name=version]").value = offer.querySelector("[name=version]").value;
    here.querySelector("[data-until]").dateTime = offer.querySelector("[data-until]").dateTime;
  }
  countDown();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "offers" || !event.detail.shouldSwap) return;
  event.detail.shouldSwap = false;
  const fresh = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").getElementById("offers-list");
  mergeOffers(byId("offers-list"), fresh);
});

/* A whisper stands in the transcript, and above the writing box until it is closed. The focus stays where it is. */
function whispered(line) {
  const text = document.createElement("p");
  const who = document.createElement("b");
  who.textContent = `${line.dataset.whisper} whispers: `;
  text.append(who, line.querySelector(".words").textContent);
  keepingEnd(() => {
    byId("whispered").hidden = false;
    byId("whispered").firstElementChild.append(text);
  });
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("#whispered button")) return;
  byId("whispered").hidden = true;
  byId("whispered").firstElementChild.replaceChildren();
  words().focus();
});

/* The transcript: a fresh copy arrives; lines that are not there yet are put in, each in its place, the rest stays. */
function mergeTimeline(list, fresh) {
  const box = byId("transcript");
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  const atPageEnd = document.documentElement.scrollHeight - innerHeight - scrollY < 240;
  const lines = [...fresh.children];
  const keys = new Set(lines.map((line) => line.id));
  for (const gone of [...list.children].filter((line) => !keys.has(line.id))) gone.remove();
  let added = null;
  let before = null;
  for (const line of lines.reverse()) {
    let here = byId(line.id);
    if (!here || here.dataset.shown !== line.dataset.shown) {
      const copy = document.importNode(line, true);
      localTimes(copy);
      if (here) {
        here.replaceWith(copy);
      } else {
        copy.classList.add("is-new");
        list.insertBefore(copy, before);
        added = added || copy;
        if (copy.classList.contains("customer")) customerWrote();
        if (copy.dataset.whisper) whispered(copy);
      }
      here = copy;
    }
    before = here;
  }
  if (added && atEnd) box.scrollTop = box.scrollHeight;
  if (added && atPageEnd && box.scrollHeight <= box.clientHeight) added.scrollIntoView({ block: "nearest" });
}

/* The writing box: one box for every move; the chosen tab says who reads it. It is never replaced. */
function showMove() {
  const composer = byId("composer");
  if (!composer) return;
  const move = chosenMove();
  const box = words();
  composer.dataset.seenBy = move ? move.dataset.seenBy : "nobody";
  byId("send").textContent = move ? move.dataset.button : "Send";
  byId("send").disabled = !move;
  byId("hint").textContent = move ? move.dataset.hint : "Choose what to do with your words.";
  byId("words-label").textContent = move ? move.dataset.label : "Your words";
  box.required = Boolean(move) && move.dataset.required === "yes";
  byId("words-row").hidden = !move && !box.value;
  byId("foot").hidden = !move && !box.value;
}

/* The tabs are replaced only where other moves are possible: else a key that is just pressed would choose nothing, and
   the words would go to whoever reads the tab that was chosen before. */
function sameMoves(place, fresh) {
  const tabs = (moves) => moves.querySelector("fieldset")?.innerHTML.replaceAll(' checked=""', "");
  if (tabs(place) !== tabs(fresh)) return false;
  for (const old of place.querySelectorAll(":scope > input")) old.remove();
  place.prepend(...[...fresh.querySelectorAll(":scope > input")].map((input) => document.importNode(input, true)));
  moveWasMade = false;
  return true;
}

/* Where they are replaced: a tab somebody chose, or writes in, stays chosen. A tab that is gone never gives way to
   one the customer reads, unless the person made that move themselves. */
let tabWasChosen = false;
let moveWasMade = false;
let before = null; // while the tabs are being replaced

function keepMove() {
  const move = chosenMove();
  before = move ? { value: move.value, seenBy: move.dataset.seenBy } : { value: "", seenBy: "" };
}

function restoreMove() {
  if (!before) return;
  const same = byId(`move-${before.value}`);
  const isWriting = Boolean(words().value);
  const isCareful = isWriting || (before.seenBy === "staff" && !moveWasMade);
  if (before.value && (same ? tabWasChosen || isWriting : isCareful)) {
    const stays = same || byId("move-note");
    for (const move of document.querySelectorAll('#moves input[name="move"]')) move.checked = move === stays;
  }
  tabWasChosen = tabWasChosen && Boolean(same);
  moveWasMade = false;
  before = null;
  showMove();
}

let sent = "";

function clearSent() {
  const box = words();
  if (box.value === sent) box.value = "";
  box.focus();
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const target = event.detail.target;
  if (target.id === "timeline") {
    event.detail.shouldSwap = false;
    mergeTimeline(target, event.detail.fragment.querySelector("#timeline") || event.detail.fragment.firstElementChild);
  }
  if (target.id === "moves") {
    const fresh = event.detail.fragment.querySelector("#moves") || event.detail.fragment.firstElementChild;
    if (sameMoves(target, fresh)) event.detail.shouldSwap = false;
    else keepMove();
  }
  if (target.id === "lost" && target.textContent === event.detail.fragment.textContent) event.detail.shouldSwap = false; // said once
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id === "moves") restoreMove();
  localTimes(document);
});
document.addEventListener("htmx:afterSwap", () => localTimes(document));
document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "composer") sent = words().value; });
document.addEventListener("firstline:done", (event) => {
  moveWasMade = true;
  if (event.target.id === "composer") clearSent();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) byId("notice-away").hidden = true;
});
document.addEventListener("htmx:responseError", (event) => {
  const notice = event.detail.xhr.status === 401 ? "notice-signed-out" : "notice-away";
  byId(notice).hidden = false;
});
document.addEventListener("htmx:sendError", () => { byId("notice-away").hidden = false; });
document.addEventListener("input", (event) => {
  if (event.target.id !== "words") return;
  byId("said").replaceChildren();
  iType();
});
document.addEventListener("change", (event) => {
  if (event.target.name !== "move") return;
  tabWasChosen = true;
  showMove();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "words") {
    event.preventDefault();
    if (!byId("send").disabled) byId("composer").requestSubmit(byId("send"));
  }
});
/* A definition shown on hover or focus goes away with Escape, until the pointer or the focus comes anew. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const shown of document.querySelectorAll(".meaning:is(:hover, :focus-within)")) shown.classList.add("is-dismissed");
});
for (const comes of ["mouseover", "focusin"]) {
  document.addEventListener(comes, (event) => {
    for (const gone of document.querySelectorAll(".is-dismissed")) {
      if (!gone.contains(event.target)) gone.classList.remove("is-dismissed");
    }
  });
}
document.addEventListener("click", (event) => {
  if (!event.target.matches("[data-insert]")) return;
  const text = event.target.closest(".article").querySelector(".text").textContent;
  words().value += (words().value ? "\n\n" : "") + text;
  showMove();
  words().focus();
});


/* Canned replies: found by typing, chosen by arrows; a place that is still open is selected, to be written over. */
function insertReply(text) {
  const box = words();
  const [start, end] = [box.selectionStart, box.selectionEnd];
  box.setRangeText(text, start, end, "end");
  byId("canned").open = false;
  box.focus();
  const gap = /\[(name|promised)\]/.exec(text);
  if (gap) box.setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
  showMove();
}

function narrowReplies(search) {
  const shown = [...byId("canned-list").children].filter((item) => {
    item.hidden = !item.textContent.toLowerCase().includes(search.toLowerCase());
    return !item.hidden;
  });
  byId("canned-none").hidden = shown.length > 0;
}

document.addEventListener("input", (event) => { if (event.target.id === "canned-search") narrowReplies(event.target.value); });
document.addEventListener("click", (event) => {
  const reply = event.target.closest("[data-reply]");
  if (reply) insertReply(reply.dataset.reply);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "canned-panel") byId("canned-search").focus();
});
document.addEventListener("keydown", (event) => {
  const menu = byId("canned");
  if (!menu || !menu.open || !menu.contains(event.target)) return;
  const places = [byId("canned-search"), ...menu.querySelectorAll("li:not([hidden]) > .canned")];
  const at = places.indexOf(document.activeElement);
  if (event.key === "Escape") { menu.open = false; words().focus(); }
  else if (event.key === "ArrowDown") { (places[at + 1] || places[0]).focus(); }
  else if (event.key === "ArrowUp") { (places[at - 1] || places.at(-1)).focus(); }
  else if (event.key === "Enter" && event.target.id === "canned-search") { if (places[1]) places[1].click(); }
  else return;
  event.preventDefault();
});

localTimes(document);
countDown();
setInterval(countDown, 1000);
showMove();
if (byId("transcript")) byId("transcript").scrollTop = byId("transcript").scrollHeight;
listen(document.body.dataset.live);
