/* The chat window: <firstline-chat>, put on any site by one script tag. No dependencies, no HTML from anybody. */
(() => {
  "use strict";
  if (customElements.get("firstline-chat")) return;

  const CONFIG = /*CONFIG*/ {}; // operator, language, labels, where the style is: the server fills them in
  const SCRIPT = document.currentScript;
  const BASE = new URL(".", SCRIPT.src).href;
  const SEND_TRIES = 3;
  const TYPING_EVERY_MS = 3000; // so often a page says that its customer types
  const TYPING_REST_MS = 60_000; // and this long it says nothing once it has been refused: the minute that is counted
  const TYPING_FOR_MS = 6000; // and so long it shows that the person does
  const SILENT_MS = 40000; // the server says something every 15 s
  const LASTING = [400, 409, 413, 415, 422]; // refusals that the same again would meet too
  const FILES = "image/jpeg,image/png,image/webp,application/pdf";
  const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];
  const ICONS = {
    chat: "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.4 3.7c-.6.5-1.6.1-1.6-.7V16A2.5 2.5 0 0 1 4 13.6z",
    close: "M6 6l12 12M18 6L6 18",
    send: "M4.5 12h14M13 6l6 6-6 6",
    person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.7-6 7.5-6s6.9 2 7.5 6",
    clip: "M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.1-2.1l7.2-7.2",
    down: "M6 9.5l6 6 6-6",
    end: "M12 3.5v8M7 6.3a7.5 7.5 0 1 0 10 0",
    spark: "M12 3.5l1.9 5.1 5.1 1.9-5.1 1.9L12 17.5l-1.9-5.1L5 10.5l5.1-1.9zM18.5 16.5l.8 2.2 2.2.8-2.2.8-.8 2.2-.8-2.2-2.2-.8 2.2-.8z",
    ticket: "M4 7.5A1.5 1.5 0 0 1 5.5 6h13A1.5 1.5 0 0 1 20 7.5v2.3a2.2 2.2 0 0 0 0 4.4v2.3a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 16.5v-2.3a2.2 2.2 0 0 0 0-4.4zM14 6v12",
  };

  /* ---------- building the page ---------- */

  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child != null));
    return node;
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  /* Markdown, the little of it that articles use: paragraphs, lists, bold, italic, code, links. Anything else stays text. */
  const PLAIN = /(https?:\/\/[^\s<>()]+[^\s<>().,;:!?'"])|(\bFL-\d{8}\b)/;
  const MARKED = new RegExp(String.raw`\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|` + "`([^`\\n]+)`" + String.raw`|\[([^\]\n]+)\]\(([^)\s]+)\)|` + PLAIN.source, "g");
  const BARE = new RegExp(PLAIN.source, "g");

  function link(text, address) {
    let url = null;
    try { url = new URL(address); } catch { /* not an address: stays text */ }
    if (!url || !["http:", "https:", "tel:", "mailto:"].includes(url.protocol)) return document.createTextNode(text);
    return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
  }

  function inline(text, pattern = MARKED) {
    const nodes = [];
    let from = 0;
    for (const found of text.matchAll(pattern)) {
      nodes.push(text.slice(from, found.index));
      const [bold, italic, code, label, address, bare, reference] = pattern === MARKED ? found.slice(1) : [, , , , , ...found.slice(1)];
      if (bold) nodes.push(el("strong", {}, ...inline(bold)));
      else if (italic) nodes.push(el("em", {}, italic));
      else if (code) nodes.push(el("code", {}, code));
      else if (reference) nodes.push(el("span", { class: "reference" }, reference));
      else nodes.push(link(label || bare, address || bare));
      from = found.index + found[0].length;
    }
    nodes.push(text.slice(from));
    return nodes;
  }

  function markdown(text) {
    const blocks = [];
    let list = null;
    let paragraph = null;
    for (const line of text.split("\n")) {
      const item = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)$/.exec(line);
      const heading = /^\s*#{1,6}\s+(.*)$/.exec(line);
      if (item) {
        const tag = item[1] ? "ol" : "ul";
        if (!list || list.localName !== tag) blocks.push((list = el(tag, item[1] > 1 ? { start: item[1] } : {})));
        list.append(el("li", {}, ...inline(item[2])));
        paragraph = null;
      } else if (!line.trim()) {
        paragraph = null;
        if (list && list.localName === "ul") list = null;
      } else if (heading) {
        blocks.push(el("p", {}, el("strong", {}, ...inline(heading[1]))));
        list = paragraph = null;
      } else if (list && /^\s{2,}/.test(line)) {
        list.lastChild.append(" ", ...inline(line.trim()));
      } else if (paragraph) {
        paragraph.append(el("br"), ...inline(line));
      } else {
        blocks.push((paragraph = el("p", {}, ...inline(line))));
        list = null;
      }
    }
    return blocks;
  }

  function plain(text) {
    return [el("p", { class: "plain" }, ...inline(text, BARE))];
  }

  /* ---------- the connection ---------- */

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const later = (a, b) => {
    const [x, y] = [a.split("-").map(Number), b.split("-").map(Number)];
    return x[0] - y[0] || x[1] - y[1];
  };

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  class Refused extends Error {
    constructor(status, message) {
      super(message);
      this.status = status;
    }
  }

  /* One conversation. It is kept in the browser's storage, so a reload and other tabs go on with it. */
  class Connection {
    constructor(language, onevent, onstate) {
      this.language = language;
      this.onevent = onevent;
      this.onstate = onstate;
      this.last = "0-0";
      this.key = `firstline:${BASE}`;
      this.kept = this.recall();
    }

    recall() {
      try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
    }

    keep(value) {
      this.kept = value;
      try {
        if (value) localStorage.setItem(this.key, JSON.stringify(value));
        else localStorage.removeItem(this.key);
      } catch { /* storage is not allowed: the conversation lasts as long as the page */ }
    }

    async request(path, body, more = {}) {
      const headers = { "Content-Type": "application/json", "Accept-Language": this.language };
      const holder = path.includes("/") && (this.kept || this.past);
      if (holder) headers.Authorization = `Bearer ${holder.token}`;
      const reply = await fetch(BASE + path, { method: "POST", headers, body: JSON.stringify(body), ...more });
      if (reply.ok) return reply.status === 204 ? null : reply.json();
      const told = await reply.json().catch(() => ({}));
      throw new Refused(reply.status, told.message || "");
    }

    /* Of the conversation that goes on, or else of the one that ended last. */
    get path() {
      return `conversations/${(this.kept || this.past).id}`;
    }

    /* `link` continues a telephone call, once; opened again here it is the conversation that is kept. False: it is over. */
    async open(link) {
      let followed = true;
      if (!this.kept || (link && this.kept.link !== link)) {
        const opened = await this.request("conversations", { language: this.language, link });
        followed = !link || opened.continued;
        if (!this.kept || followed) this.keep({ id: opened.conversation_id, token: opened.token, link: link || undefined });
      }
      this.listen();
      return followed;
    }

    /* Idempotent as well. XMLHttpRequest, because fetch does not tell how far an upload is. */
    upload(file, id, onprogress) {
      return new Promise((done, failed) => {
        const xhr = new XMLHttpRequest();
        xhr.open("POST", `${BASE}${this.path}/attachments?message_id=${id}&name=${encodeURIComponent(file.name)}`);
        xhr.setRequestHeader("Authorization", `Bearer ${this.kept.token}`);
        xhr.setRequestHeader("Accept-Language", this.language);
        xhr.upload.onprogress = ({ loaded, total }) => onprogress(loaded / total);
        xhr.onload = () => {
          let told = {};
          try { told = JSON.parse(xhr.responseText); } catch { /* a proxy's own page */ }
          if (xhr.status < 300) done(told);
          else failed(new Refused(xhr.status, told.message || ""));
        };
        xhr.onerror = () => failed(new Error());
        xhr.send(file);
      });
    }

    /* Idempotent: the same id is the same message, however often it is tried. */
    async send(text, id) {
      for (let tried = 1; ; tried += 1) {
        try {
          return await this.request(`${this.path}/messages`, { text, message_id: id });
        } catch (error) {
          if (tried >= SEND_TRIES || (error instanceof Refused && error.status < 500)) throw error;
          await pause(400 * 2 ** tried);
        }
      }
    }

    async login(token) {
      await this.request(`${this.path}/login`, { token });
    }

    async end() {
      await this.request(`${this.path}/end`, {});
      this.forget();
    }

    left() {
      if (this.kept) this.request(`${this.path}/end`, { left: true }, { keepalive: true }).catch(() => {});
    }

    async blob(path) {
      const { token } = this.kept || this.past;
      const reply = await fetch(`${BASE}${this.path}/${path}`, { headers: { Authorization: `Bearer ${token}`, "Accept-Language": this.language } });
      if (!reply.ok) throw new Refused(reply.status, (await reply.json().catch(() => ({}))).message || "");
      return reply.blob();
    }

    async rate(satisfaction) {
      await this.request(`${this.path}/satisfaction`, { satisfaction });
    }

    forget() {
      this.stop();
      this.past = this.kept || this.past; // in memory only: what ended may still be rated
      this.keep(null);
      this.last = "0-0";
    }

    stop() {
      this.stopping?.abort();
      this.stopping = null;
      this.channel?.close();
      this.channel = null;
    }

    /* What has no id is no part of the conversation. */
    take(entry) {
      if (!entry.id) return this.onevent(entry);
      if (later(entry.id, this.last) <= 0) return;
      this.last = entry.id;
      this.onevent(entry);
    }

    /* One stream per browser: the tab that holds the lock reads it and tells the others. */
    listen() {
      if (this.stopping) return;
      this.stopping = new AbortController();
      const { signal } = this.stopping;
      if (!navigator.locks || !window.BroadcastChannel) {
        this.follow(signal);
        return;
      }
      const name = `firstline:${this.kept.id}`;
      let reading = false;
      let told = [];
      this.channel = new BroadcastChannel(name);
      this.channel.onmessage = ({ data }) => (told ? told.push(data) : this.take(data));
      navigator.locks.request(name, { signal }, () => {
        reading = true;
        return this.follow(signal);
      }).catch(() => {});
      const history = async () => {
        while (!reading && !signal.aborted && told) {
          try {
            for (const entry of await this.history(signal)) this.take(entry);
            for (const entry of told) this.take(entry);
            told = null;
            this.onstate("open");
          } catch (error) {
            if (error instanceof Refused && error.status === 401) return this.gone();
            await pause(1000);
          }
        }
        told = null;
      };
      setTimeout(history, 60);
    }

    async history(signal) {
      const headers = { Authorization: `Bearer ${this.kept.token}` };
      const reply = await fetch(`${BASE}${this.path}/history`, { headers, signal });
      if (!reply.ok) throw new Refused(reply.status, "");
      return reply.json();
    }

    async follow(signal) {
      let tries = 0;
      while (!signal.aborted) {
        try {
          await this.read(signal, () => {
            tries = 0;
            this.onstate("open");
          });
        } catch (error) {
          if (error instanceof Refused && [401, 404].includes(error.status)) return this.gone();
        }
        if (signal.aborted) return;
        tries += 1;
        if (tries > 1) this.onstate("lost");
        const wait = Math.min(300 * 2 ** tries, 10000) * (0.7 + Math.random() * 0.6);
        await Promise.race([pause(wait), new Promise((done) => addEventListener("online", done, { once: true }))]);
      }
    }

    async read(signal, onopen) {
      const inner = new AbortController();
      const abort = () => inner.abort();
      signal.addEventListener("abort", abort);
      let watchdog = setTimeout(abort, SILENT_MS);
      try {
        const headers = { Authorization: `Bearer ${this.kept.token}` };
        if (this.last !== "0-0") headers["Last-Event-ID"] = this.last;
        const reply = await fetch(`${BASE}${this.path}/events`, { headers, signal: inner.signal, cache: "no-store" });
        if (!reply.ok) throw new Refused(reply.status, "");
        onopen();
        const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let text = ""; ; ) {
          const { done, value } = await reader.read();
          if (done) return;
          clearTimeout(watchdog);
          watchdog = setTimeout(abort, SILENT_MS);
          const parts = (text + value).split("\n\n");
          text = parts.pop();
          parts.forEach((part) => this.parse(part));
        }
      } finally {
        clearTimeout(watchdog);
        signal.removeEventListener("abort", abort);
      }
    }

    parse(part) {
      const fields = {};
      for (const line of part.split("\n")) {
        const at = line.indexOf(": ");
        if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
      }
      if (!fields.data) return;
      const entry = { id: fields.id, event: fields.event, data: JSON.parse(fields.data) };
      this.channel?.postMessage(entry);
      this.take(entry);
    }

    gone() {
      this.forget();
      this.past = null;
      this.onstate("gone");
    }
  }

  /* ---------- the window ---------- */

  class FirstlineChat extends HTMLElement {
    connectedCallback() {
      if (this.root) return;
      const labels = CONFIG.labels || {};
      const wanted = (this.getAttribute("language") || document.documentElement.lang || CONFIG.language || "en").split("-")[0];
      this.language = labels[wanted] ? wanted : CONFIG.language || "en";
      this.words = labels[this.language] || {};
      this.operator = this.getAttribute("name") || CONFIG.operator || "";
      this.full = this.hasAttribute("full");
      this.bubbles = new Map(); // message id -> our own message
      this.cards = new Map(); // reference -> ticket card
      this.steps = new Map(); // guided flow -> its steps, in the order they came
      this.mode = "bot";
      this.sending = Promise.resolve();
      this.following = true; // the end of the conversation is in view, or on its way there
      this.link = (this.full && /^#go-on=([\w-]{16,64})$/.exec(location.hash)?.[1]) || undefined;
      if (this.link) history.replaceState(null, "", location.pathname + location.search);
      this.root = this.attachShadow({ mode: "open" });
      const dir = this.getAttribute("dir");
      this.dir = dir === "rtl" || dir === "ltr" ? dir : RIGHT_TO_LEFT.includes(this.language) ? "rtl" : "ltr";
      this.lang = this.language;
      if (this.getAttribute("accent")) this.style.setProperty("--firstline-accent", this.getAttribute("accent"));
      this.build();
      this.connection = new Connection(this.language, (entry) => this.show(entry), (state) => this.connected(state));
      addEventListener("pagehide", () => this.opened && this.connection.left());
      addEventListener("storage", (event) => this.elsewhere(event));
      document.addEventListener("click", (event) => this.asked(event));
      if (this.full || this.hasAttribute("open")) this.open({ focus: this.full });
      else if (this.connection.kept) this.start();
    }

    say(key, values = {}) {
      const text = this.words[key] || key;
      return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? (name === "operator" ? this.operator : all));
    }

    build() {
      const logo = this.getAttribute("logo");
      const mark = logo ? el("img", { src: logo, alt: "" }) : icon("chat");
      this.unread = el("span", { class: "unread", hidden: true });
      this.launcher = el("button", { class: "launcher", type: "button", "aria-expanded": "false", onclick: () => this.open({}) },
        icon("chat"), el("span", {}, this.say("launch")), this.unread);
      this.state = el("span", { class: "state" }, this.say("assistant"));
      this.endButton = el("button", { class: "quiet", type: "button", onclick: () => this.confirmEnd() }, this.say("end"));
      this.closeButton = el("button", { class: "round", type: "button", "aria-label": this.say("close"), onclick: () => this.close() }, icon("close"));
      const head = el("div", { class: "head" },
        el("span", { class: "mark" }, mark),
        el("div", { class: "who" }, el("h2", { id: "title" }, this.say("title")), this.state),
        this.endButton, this.full ? null : this.closeButton);
      this.notice = el("p", {}, this.say("notice"));
      this.personButton = el("button", { class: "person", type: "button", onclick: () => this.person() });
      this.bar = el("div", { class: "bar" }, this.notice, this.personButton);
      this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": this.say("log"), tabindex: "0", onscroll: () => this.scrolled() });
      this.typing = el("div", { class: "typing", hidden: true, "aria-hidden": "true" }, el("i"), el("i"), el("i"));
      this.jump = el("button", { class: "jump", type: "button", hidden: true, onclick: () => this.toEnd(true) }, icon("down"), this.say("new_messages"));
      this.status = el("p", { class: "status", role: "status" });
      this.input = el("textarea", { id: "text", rows: "1", placeholder: this.say("placeholder"), enterkeyhint: "send", autocomplete: "off",
        onkeydown: (event) => this.key(event), oninput: () => this.typed(), onpaste: (event) => this.given(event, event.clipboardData) });
      this.hint = el("p", { class: "hint", id: "hint", hidden: true }, this.say("fact_hint"));
      this.sendButton = el("button", { class: "send", type: "submit", "aria-label": this.say("send") }, icon("send"));
      this.picker = el("input", { type: "file", accept: FILES, multiple: true, hidden: true, onchange: () => this.attach(this.picker.files) });
      const clip = el("button", { class: "round clip", type: "button", "aria-label": this.say("attach"), title: this.say("attach"), onclick: () => this.picker.click() }, icon("clip"));
      this.form = el("form", { onsubmit: (event) => this.submit(event) },
        el("label", { for: "text", class: "unseen" }, this.say("input")), ...(CONFIG.file_bytes ? [this.picker, clip] : []), this.input, this.sendButton);
      this.soonText = el("p");
      this.stayButton = el("button", { type: "button", class: "strong", onclick: () => this.stay() }, this.say("stay"));
      this.soon = el("div", { class: "after soon", role: "alert", hidden: true }, this.soonText, this.stayButton);
      this.after = el("div", { class: "after", hidden: true });
      this.panel = el("section", { class: "panel", role: this.full ? "region" : "dialog", "aria-labelledby": "title", hidden: true,
        onkeydown: (event) => event.key === "Escape" && !this.full && this.close(),
        ondragover: (event) => this.drag(event), ondragleave: (event) => this.panel.contains(event.relatedTarget) || this.drag(),
        ondrop: (event) => { this.drag(); this.given(event, event.dataTransfer); } },
        head, this.bar, el("div", { class: "body" }, this.log, this.typing, this.jump), this.soon, this.status, this.hint, this.form, this.after,
        el("p", { class: "drop", "aria-hidden": "true" }, this.say("drop")));
      this.shape();
      this.dress();
    }

    /* Nothing is seen before it has its style. */
    async dress() {
      for (;;) {
        try {
          const reply = await fetch(BASE + CONFIG.style);
          if (!reply.ok) throw new Refused(reply.status, "");
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(await reply.text());
          this.root.adoptedStyleSheets = [sheet];
          break;
        } catch {
          await pause(2000);
        }
      }
      this.root.append(...(this.full ? [this.panel] : [this.panel, this.launcher]));
      if (this.opened) this.toEnd(true);
      if (this.opened && this.full) this.focusIn();
    }

    /* Who answers, and the one place where the customer changes that. */
    shape(status = {}) {
      const { agent_name: name, queue_position: place, expected_wait_s: wait } = status;
      const line = { n: place, minutes: Math.ceil(wait / 60) };
      const states = { bot: this.say("assistant"), waiting: this.say("waiting"), agent: name || this.say("agent") };
      const notices = { bot: this.say("notice"), waiting: place ? this.say(wait ? "in_line_for" : "in_line", line) : this.say("waiting_notice"), agent: this.say("agent_notice") };
      this.panel.dataset.mode = this.mode;
      this.state.textContent = states[this.mode];
      this.notice.textContent = notices[this.mode];
      this.personButton.replaceChildren(icon(this.mode === "waiting" ? "spark" : "person"), this.say(this.mode === "waiting" ? "back" : "person"));
      this.personButton.hidden = this.mode === "agent";
    }

    open({ focus = true }) {
      if (!this.opened) {
        this.opened = true;
        this.panel.hidden = false;
        this.launcher.hidden = true;
        this.launcher.setAttribute("aria-expanded", "true");
        this.count(0);
        this.toEnd(true);
        this.start();
      }
      if (focus) this.focusIn();
    }

    /* On a touch screen the keyboard comes only when the customer wants it. */
    focusIn() {
      (matchMedia("(pointer: coarse)").matches ? this.log : this.input).focus({ preventScroll: true });
    }

    close() {
      this.opened = false;
      this.panel.hidden = true;
      this.launcher.hidden = false;
      this.launcher.setAttribute("aria-expanded", "false");
      this.launcher.focus();
    }

    async start() {
      while (!this.over) {
        try {
          if (!this.greeted && this.getAttribute("greeting")) this.line("system", plain(this.getAttribute("greeting")), {});
          this.greeted = true;
          if (!this.connection.kept) this.busy(true);
          const followed = await this.connection.open(this.link);
          if (!followed) this.line("system", plain(this.say("link_over")), {});
          this.link = undefined;
          this.enter();
          return;
        } catch (error) {
          this.busy(false);
          this.tell((error instanceof Refused && error.message) || this.say("offline"), true);
          await pause(3000);
        }
      }
    }

    /* Called by the page the widget is on, with the operator's signed token of whoever is logged in there. */
    login(token) {
      this.token = token; // in memory only
      if (this.connection?.kept) this.enter();
    }

    /* Whoever logs out leaves nothing behind for the next one at this browser. */
    async logout() {
      this.token = undefined;
      if (this.connection?.kept) await this.connection.end();
    }

    /* A conversation that is another customer's is ended, and theirs begins. */
    async enter() {
      const token = this.token;
      this.token = undefined;
      if (!token) return;
      try {
        await this.connection.login(token).catch(async (error) => {
          if (error.status !== 409) throw error;
          await this.connection.end();
          this.renew();
          await this.start();
          await this.connection.login(token);
        });
      } catch (error) {
        this.tell((error instanceof Refused && error.message) || this.say("offline"), false, 6000);
      }
    }

    /* A page may offer questions of its own: <button data-firstline-ask="My internet is slow">. */
    asked(event) {
      const source = event.target.closest?.("[data-firstline-ask]");
      if (!source) return;
      event.preventDefault();
      this.open({});
      const text = source.dataset.firstlineAsk;
      if (text && !this.over) this.write(text);
    }

    elsewhere(event) {
      if (event.key !== this.connection.key || !event.newValue || this.connection.kept) return;
      this.connection.kept = JSON.parse(event.newValue);
      if (this.over) this.renew();
      this.start();
    }

    connected(state) {
      if (state === "open") {
        if (this.lost) this.tell(this.say("online"), false, 2500);
        this.lost = false;
      } else if (state === "lost") {
        this.lost = true;
        this.busy(false);
        this.tell(this.say("offline"), true);
      } else {
        this.finish();
      }
    }

    /* ---------- what comes in ---------- */

    show({ event, data }) {
      if (event === "message") this.message(data);
      else if (event === "ticket") this.ticket(data);
      else if (event === "expiring") this.expiring(data);
      else if (event === "typing") this.theyType(data.name);
      else if (event === "status") {
        this.mode = data.mode;
        this.shape(data);
        if (this.mode !== "bot") this.busy(false);
        this.theyWrote();
        if (data.ended) {
          this.connection.forget();
          this.finish();
        }
      }
    }

    message(data) {
      if (data.author === "customer") {
        const nodes = this.content({ ...data, text: data.masked ? this.say("hidden") : data.text });
        this.expiring({});
        const known = this.bubbles.get(data.message_id);
        if (known) {
          known.text.replaceChildren(...nodes);
          known.bubble.classList.toggle("masked", Boolean(data.masked));
          this.mark(known, "sent");
        } else {
          this.mark(this.own(data.message_id, nodes, data.at), "sent");
        }
        this.choices([]);
        return;
      }
      this.busy(false);
      this.theyWrote();
      const nodes = data.author === "bot" ? markdown(data.text) : this.content(data);
      this.line(data.author, [...this.step(data.about || {}), ...nodes], data);
      this.choices(data.choices || []);
      const hides = ["fact", "secret", "voucher"].includes(data.expects);
      this.hint.hidden = !hides;
      if (hides) this.input.setAttribute("aria-describedby", "hint");
      else this.input.removeAttribute("aria-describedby");
      if (!this.opened) this.count(this.waiting + 1);
    }

    content({ text, about }) {
      const file = about?.attachment;
      if (!file) return plain(text);
      const open = () => this.save(`attachments/${file.id}`, file.name);
      return [el("button", { type: "button", class: "file", "aria-label": this.say("open_file", { name: file.name }), onclick: open }, ...this.named(file.name, file.size_bytes))];
    }

    named(name, bytes) {
      const size = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 }).format(bytes > 1e6 ? bytes / 1e6 : Math.ceil(bytes / 1e3));
      return [icon("clip"), el("bdi", {}, name), el("small", { dir: "ltr" }, `${size} ${bytes > 1e6 ? "MB" : "kB"}`)];
    }

    /* Which of the guided steps this is, where a new one begins; one that comes again keeps its number. */
    step({ flow, step }) {
      if (!flow || !step) return [];
      const steps = this.steps.get(flow) || [];
      this.steps.set(flow, steps);
      if (!steps.includes(step)) steps.push(step);
      const here = `${flow}/${step}`;
      if (this.here === here) return [];
      this.here = here;
      return [el("p", { class: "step" }, this.say("step", { n: steps.indexOf(step) + 1 }))];
    }

    line(author, nodes, data) {
      const name = author === "agent" ? data.agent_name || this.say("agent") : this.say(author === "customer" ? "you" : author);
      const at = data.at ? new Date(data.at) : new Date();
      const text = el("div", { class: "text" }, ...nodes);
      const bubble = el("div", { class: "bubble" }, text);
      const time = el("time", { datetime: at.toISOString() }, at.toLocaleTimeString(this.locale, { hour: "2-digit", minute: "2-digit" }));
      const previous = this.log.lastElementChild;
      const grouped = previous?.dataset.author === author && previous.dataset.name === name && at - previous.at < 120000;
      const row = el("article", { class: `row ${author}${grouped ? " grouped" : ""}`, "data-author": author, "data-name": name },
        el("div", { class: "meta" }, el("span", {}, name), time), bubble);
      row.at = at;
      this.log.append(row);
      if (this.following || author === "customer") this.toEnd();
      else this.jump.hidden = false;
      return { row, bubble, text };
    }

    own(id, nodes, at) {
      const line = this.line("customer", nodes, { at });
      line.mark = el("span", { class: "mark-line" });
      line.row.append(line.mark);
      this.bubbles.set(id, line);
      return line;
    }

    mark(line, state, message = "", again = null) {
      line.row.classList.toggle("failed", state === "failed");
      line.mark.replaceChildren(...(state === "failed" ? [message || this.say("failed"), " "] : [this.say(state)]));
      if (again) line.mark.append(el("button", { type: "button", onclick: again }, this.say("retry")));
      if (state === "sent") {
        this.delivered?.mark.classList.remove("newest");
        line.mark.classList.add("newest");
        this.delivered = line;
      }
    }

    choices(texts) {
      this.offered?.remove();
      this.offered = null;
      if (!texts.length) return;
      const buttons = texts.map((text) => el("button", { type: "button", onclick: () => { this.focusIn(); this.write(text); } }, text));
      this.offered = el("div", { class: "choices", role: "group", "aria-label": this.say("choose") }, ...buttons);
      this.log.append(this.offered);
      if (this.following) this.toEnd();
    }

    ticket(data) {
      const known = this.cards.get(data.reference);
      const state = this.say(`state_${data.status}`);
      const due = data.agent_name || !data.respond_by ? ["promised_fix", data.resolve_by] : ["promised_reply", data.respond_by];
      const open = !["resolved", "closed", "cancelled", "rejected"].includes(data.status);
      const rows = [
        el("div", { class: "card-head" }, icon("ticket"), el("strong", {}, this.say("ticket")), el("span", { class: `pill ${open ? "" : "done"}` }, state)),
        el("dl", {},
          el("div", {}, el("dt", {}, this.say("reference")), el("dd", { class: "reference" }, data.reference)),
          open && due[1] ? el("div", {}, el("dt", {}, this.say(due[0])), el("dd", {}, this.moment(due[1]))) : null),
      ];
      if (known) {
        known.replaceChildren(...rows);
        if (known.dataset.status !== data.status) this.tell(`${data.reference}: ${state}`, false, 4000);
        known.dataset.status = data.status;
        return;
      }
      const card = el("article", { class: "card", "data-status": data.status }, ...rows);
      this.cards.set(data.reference, card);
      this.log.append(card);
      if (this.following) this.toEnd();
    }

    get locale() {
      const theirs = navigator.language || "";
      return theirs.startsWith(this.language) && theirs !== "en-US" ? theirs : this.language === "en" ? "en-GB" : this.language;
    }

    moment(text) {
      const at = new Date(text);
      const today = at.toDateString() === new Date().toDateString();
      const day = today ? {} : { weekday: "long", day: "numeric", month: "long" };
      return at.toLocaleString(this.locale, { ...day, hour: "2-digit", minute: "2-digit" });
    }

    /* ---------- what goes out ---------- */

    key(event) {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    }

    submit(event) {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) return;
      this.input.value = "";
      this.grow();
      this.input.focus();
      this.write(text);
    }

    write(text) {
      const id = newId();
      const line = this.own(id, plain(text));
      this.choices([]);
      this.hint.hidden = true;
      this.expiring({});
      this.deliver(line, () => this.connection.send(text, id));
    }

    drag(event) {
      const holds = CONFIG.file_bytes && !this.over && event?.dataTransfer.types.includes("Files");
      this.panel.classList.toggle("dropping", Boolean(holds));
      if (holds) event.preventDefault();
    }

    /* Dropped or pasted. */
    given(event, { files }) {
      if (!files.length || !CONFIG.file_bytes || this.over) return;
      event.preventDefault();
      this.attach(files);
    }

    attach(files) {
      for (const file of files) {
        const id = newId();
        const line = this.own(id, [el("span", { class: "file" }, ...this.named(file.name, file.size))]);
        if (file.size > CONFIG.file_bytes) {
          this.mark(line, "failed", this.say("file_too_large", { mb: CONFIG.file_mb }));
          continue;
        }
        const bar = el("progress", { max: "1", value: "0", "aria-label": this.say("uploading", { name: file.name }) });
        const progress = (share) => {
          if (!bar.isConnected) line.mark.append(bar);
          bar.value = share;
        };
        this.deliver(line, () => this.connection.upload(file, id, progress));
      }
      this.picker.value = "";
      this.focusIn();
    }

    /* One after the other, so that the order on the page is the order at the assistant. */
    deliver(line, send) {
      this.mark(line, "sending");
      if (this.mode === "bot") this.busy(true);
      this.sending = this.sending.then(async () => {
        try {
          while (!this.connection.kept) await pause(100);
          await send();
          this.mark(line, "sent");
        } catch (error) {
          this.busy(false);
          const lasting = error instanceof Refused && LASTING.includes(error.status);
          this.mark(line, "failed", error.message && error instanceof Refused ? error.message : "", lasting ? null : () => this.deliver(line, send));
          if (error instanceof Refused && error.status === 401) this.connection.gone();
        }
      });
    }

    person() {
      this.write(this.say(this.mode === "waiting" ? "back" : "person_text"));
      this.focusIn();
    }

    /* ---------- the end ---------- */

    confirmEnd() {
      if (this.over) return;
      const no = el("button", { type: "button", onclick: () => this.keepOn() }, this.say("end_no"));
      const yes = el("button", { type: "button", class: "strong", onclick: () => this.end() }, this.say("end_yes"));
      this.after.replaceChildren(el("p", {}, this.say("end_sure")), no, yes);
      this.after.hidden = false;
      this.form.hidden = true;
      no.focus();
    }

    keepOn() {
      this.after.hidden = true;
      this.form.hidden = false;
      this.input.focus();
    }

    async end() {
      try {
        if (this.connection.kept) await this.connection.end();
        this.finish();
      } catch (error) {
        this.tell(error.message || this.say("offline"), true);
        this.keepOn();
      }
    }

    finish() {
      if (this.over) return;
      this.over = true;
      this.busy(false);
      this.choices([]);
      this.mode = "bot";
      this.shape();
      const again = el("button", { type: "button", class: "strong", onclick: () => { this.renew(); this.start(); this.input.focus(); } }, this.say("restart"));
      const copy = el("button", { type: "button", onclick: () => this.save("copy", `chat-${new Date().toISOString().slice(0, 10)}.html`) }, this.say("copy"));
      const mail = el("button", { type: "button", onclick: () => this.mail(mail) }, this.say("mail"));
      this.expiring({});
      const past = this.connection.past;
      this.after.replaceChildren(el("p", {}, this.say("ended")), ...(past ? [this.rating(), copy, mail] : []), again);
      this.after.hidden = false;
      this.form.hidden = this.personButton.hidden = this.endButton.hidden = true;
      if (this.following) this.toEnd(true);
      if (this.opened) again.focus();
    }

    async save(path, download) {
      try {
        const href = URL.createObjectURL(await this.connection.blob(path));
        el("a", { href, download }).click();
        setTimeout(() => URL.revokeObjectURL(href), 60000);
      } catch (error) {
        this.tell((error instanceof Refused && error.message) || this.say("offline"), true);
      }
    }

    /* The address is asked for, said once more with what it means, and only then written to. */
    mail(button) {
      const field = el("input", { id: "mail", type: "email", autocomplete: "email", required: true, maxlength: "254" });
      const go = el("button", { type: "submit", class: "strong" }, this.say("mail_send"));
      const send = async (event) => {
        event.preventDefault();
        try {
          await this.connection.request(`${this.connection.path}/copy-by-email`, { address: field.value.trim() });
          form.replaceWith(el("p", { class: "told", tabindex: "-1" }, this.say("mail_sent", { address: field.value.trim() })));
          this.after.querySelector(".told").focus();
        } catch (error) {
          this.tell((error instanceof Refused && error.message) || this.say("offline"), true);
        }
      };
      const form = el("form", { class: "mail", onsubmit: send }, el("label", { for: "mail" }, this.say("mail_ask")), field, go, el("small", {}, this.say("mail_warning")));
      button.remove();
      this.after.querySelector(".rating").after(form);
      field.focus();
    }

    /* ---------- the time that is left ---------- */

    typed() {
      this.grow();
      if (!this.soon.hidden && this.input.value) this.stay();
      this.sayTyping();
    }

    /* To the person, that something is being written; what it is stays here until it is sent. One that is refused or
       lost is not said again, and the customer hears nothing of it. */
    sayTyping() {
      const now = Date.now();
      if (this.mode !== "agent" || !this.input.value.trim() || now < (this.typingAgainAt || 0)) return;
      this.typingAgainAt = now + TYPING_EVERY_MS;
      this.connection.request(`${this.connection.path}/typing`, {}).catch((error) => {
        if (error instanceof Refused) this.typingAgainAt = now + TYPING_REST_MS;
      });
    }

    /* A screen reader hears it once, until the person has written. */
    theyType(name) {
      if (this.mode !== "agent") return;
      const text = this.say("agent_typing", { name: name || this.say("agent") });
      if (this.typist !== text) this.theyStop();
      this.typist = text;
      clearTimeout(this.typingTimer);
      this.typingTimer = setTimeout(() => this.theyStop(), TYPING_FOR_MS);
      this.showTypist();
    }

    /* In a status line that says nothing else. */
    showTypist() {
      if (!this.typist || this.status.textContent) return;
      this.tell(this.typist, false, 0, false, Boolean(this.heardTyping));
      this.heardTyping = true;
    }

    theyStop() {
      clearTimeout(this.typingTimer);
      if (this.typist && this.status.textContent === this.typist) this.tell("");
      this.typist = "";
    }

    theyWrote() {
      this.theyStop();
      this.heardTyping = false;
    }

    /* The warning takes the focus only from somebody who is here and not writing, and gives it back. */
    expiring({ ends_at: ends, ended }) {
      const shown = ends && new Date(ends) > new Date();
      const held = this.root.activeElement;
      if (shown) {
        this.soonText.textContent = this.say("expiring", { time: this.moment(ends) });
        this.soon.hidden = false;
        if (!this.opened) this.count(this.waiting + 1);
        else if (!this.input.value && (held || this.full)) {
          this.before = held;
          this.stayButton.focus();
        }
      } else if (!this.soon.hidden) {
        this.soon.hidden = true;
        if (held === this.stayButton) (this.before || this.log).focus();
      }
      if (ended) this.tell(this.say("aside"));
      else if (this.status.textContent === this.say("aside")) this.tell("");
    }

    async stay() {
      this.expiring({});
      await this.connection.request(`${this.connection.path}/stay`, {}).catch(() => this.tell(this.say("offline"), true));
    }

    /* One to five, said once or changed; nobody has to answer. */
    rating() {
      const rate = async (button, number) => {
        try {
          await this.connection.rate(number);
          for (const each of buttons) each.setAttribute("aria-pressed", each === button);
          this.tell(this.say("rated"));
        } catch (error) {
          this.tell(error.message && error instanceof Refused ? error.message : this.say("offline"), true);
        }
      };
      const buttons = [1, 2, 3, 4, 5].map((number) => {
        const meaning = { 1: this.say("rate_least"), 5: this.say("rate_most") }[number];
        const name = [this.say("rate_of", { n: number }), meaning].filter(Boolean).join(": ");
        const button = el("button", { type: "button", "aria-pressed": "false", "aria-label": name, onclick: () => rate(button, number) }, String(number));
        return button;
      });
      return el("div", { class: "rating", role: "group", "aria-labelledby": "rate" },
        el("p", { id: "rate" }, this.say("rate")), el("div", {}, ...buttons),
        el("div", { class: "ends", "aria-hidden": "true" }, el("span", {}, this.say("rate_least")), el("span", {}, this.say("rate_most"))));
    }

    renew() {
      this.over = false;
      this.connection.past = null;
      this.tell("");
      this.log.replaceChildren();
      this.bubbles.clear();
      this.cards.clear();
      this.steps.clear();
      this.here = "";
      this.greeted = false;
      this.after.hidden = true;
      this.form.hidden = this.personButton.hidden = this.endButton.hidden = false;
    }

    /* ---------- small things ---------- */

    busy(on) {
      clearTimeout(this.busyTimer);
      const show = () => {
          this.typing.hidden = !on;
        this.status.dataset.typing = on ? "1" : "";
        if (on) this.tell(this.say("typing"), false, 0, true);
        else if (this.status.textContent === this.say("typing")) this.tell("");
        if (on && this.following) this.toEnd();
      };
      if (on) this.busyTimer = setTimeout(show, 350); // a quick answer shows no dots
      else show();
    }

    tell(text, bad = false, forMs = 0, unseen = false, silent = false) {
      clearTimeout(this.tellTimer);
      this.status.setAttribute("aria-live", silent ? "off" : "polite");
      this.status.textContent = text;
      this.status.className = `status${bad ? " bad" : ""}${unseen ? " unseen" : ""}`;
      if (!forMs) return;
      this.tellTimer = setTimeout(() => {
        this.tell("");
        this.showTypist();
      }, forMs);
    }

    count(number) {
      this.waiting = number;
      this.unread.textContent = number;
      this.unread.hidden = !number;
    }

    grow() {
      this.input.style.height = "auto";
      this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
    }

    scrolled() {
      const { scrollTop, scrollHeight, clientHeight } = this.log;
      if (scrollHeight - scrollTop - clientHeight < 80) {
        this.following = true;
        this.jump.hidden = true;
      } else if (scrollTop < this.scrolledTo) this.following = false;
      this.scrolledTo = scrollTop;
    }

    toEnd(now = false) {
      const calm = now || matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.following = true;
      this.log.scrollTo({ top: this.log.scrollHeight, behavior: calm ? "instant" : "smooth" });
      this.jump.hidden = true;
    }
  }

  customElements.define("firstline-chat", FirstlineChat);

  /* The script tag alone is enough; its data- attributes become the element's. */
  function place() {
    if (document.querySelector("firstline-chat")) return;
    const chat = document.createElement("firstline-chat");
    for (const [name, value] of Object.entries(SCRIPT.dataset)) chat.setAttribute(name, value);
    document.body.append(chat);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
})();
