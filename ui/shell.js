/* What every page does in the browser: language, theme, actions, forms, dialogs, uploads, notes. Asks nothing of any other host. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = () => ($("#coach-header .top") || { dataset: {} }).dataset;
  const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } };
  const recall = (name) => { try { return localStorage.getItem(name); } catch { return null; } };

  /* --- language and time zone: cookies, since Python must know them before it shows anything --- */
  const cookie = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`; };
  try { cookie("coach_tz", Intl.DateTimeFormat().resolvedOptions().timeZone || ""); } catch { /* stays unknown */ }

  /* --- a session that has ended: nothing works any more, so back to the log-in page and from there to this one --- */
  const fetched = window.fetch;
  window.fetch = async (...request) => {
    const answer = await fetched(...request);
    if (answer.status === 401 && new URL(answer.url, location.href).origin === location.origin) {
      location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    }
    return answer;
  };

  /* --- theme: the system's, unless chosen here --- */
  const THEME = "career_coach_theme";
  function theme() {
    const chosen = recall(THEME);
    const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    if (document.body && document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
    document.documentElement.classList.toggle("dark", dark);
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
  }
  theme();

  /* --- actions: from what is pressed to the page's Python --- */
  const page = () => $("#coach-page");
  let busy = null;
  let focus = null;
  function act(what, values, source) {
    const body = page();
    if (!body) return;
    if (busy && busy.source && busy.source === source) return;
    focus = document.activeElement && document.activeElement !== document.body
      ? { id: document.activeElement.id, name: document.activeElement.name, start: document.activeElement.selectionStart } : null;
    if (source) {
      source.setAttribute("aria-busy", "true");
      busy = { source, since: setTimeout(release, 20000) };
    }
    ($(".html-container > *", body) || body.firstElementChild || body).dispatchEvent(new CustomEvent("coach-act", { bubbles: true, detail: { do: what, values } }));
  }
  function release() {
    if (!busy) return;
    clearTimeout(busy.since);
    busy.source.removeAttribute("aria-busy");
    busy = null;
  }
  const snake = (key) => key[0].toLowerCase() + key.slice(1).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  function dataOf(element) {
    const values = {};
    for (const [key, value] of Object.entries(element.dataset)) if (/^v[A-Z]/.test(key)) values[snake(key.slice(1))] = value;
    return values;
  }
  function fieldsOf(form) {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string") continue;
      if (name in values) values[name] = [].concat(values[name], value); else values[name] = value;
    }
    return values;
  }

  /* --- from one view of a page to another, without loading it all again: the address names the view --- */
  function turn(href, push) {
    const to = new URL(href, location.href);
    if (to.origin !== location.origin || to.pathname !== location.pathname || !page()) return false;
    const here = to.search === location.search && to.hash;
    if (push) history.pushState({}, "", to);
    focus = null;
    turned = to.hash ? to.hash.slice(1) : "coach-main-content";
    if (here && push) { arrive(); return true; }
    act("show", {}, null);
    return true;
  }
  let turned = "";
  function arrive() {
    const place = turned && document.getElementById(turned);
    turned = "";
    if (!place) return;
    page().scrollTop = 0;
    if (place.id !== "coach-main-content") place.scrollIntoView({ block: "center" });
    ($("[data-begin]", place) || place).focus({ preventScroll: true });
  }
  addEventListener("popstate", () => turn(location.href, false));

  /* --- asking first --- */
  function confirmed(sentence) {
    return new Promise((resolve) => {
      const dialog = Object.assign(document.createElement("dialog"), { className: "ask-first" });
      const text = Object.assign(document.createElement("p"), { textContent: sentence });
      const row = Object.assign(document.createElement("div"), { className: "row" });
      const yes = Object.assign(document.createElement("button"), { type: "button", className: "btn danger", textContent: words().yes });
      const no = Object.assign(document.createElement("button"), { type: "button", className: "btn plain", textContent: words().no });
      const end = (answer) => { dialog.close(); dialog.remove(); resolve(answer); };
      yes.onclick = () => end(true);
      no.onclick = () => end(false);
      dialog.oncancel = () => end(false);
      row.append(yes, no);
      dialog.append(text, row);
      ($(".gradio-container") || document.body).append(dialog);
      dialog.showModal();
      no.focus();
    });
  }

  async function pressed(button) {
    if (button.dataset.confirm && !(await confirmed(button.dataset.confirm))) return;
    act(button.dataset.do, dataOf(button), button);
  }

  /* --- forms and fields that keep themselves --- */
  const timers = new Map();
  function keep(field, wait) {
    clearTimeout(timers.get(field.name));
    state("keeping");
    timers.set(field.name, setTimeout(() => {
      timers.delete(field.name);
      const form = field.form;
      const hidden = form ? Object.fromEntries(all("input[type=hidden]", form).map((h) => [h.name, h.value])) : {};
      const value = field.type === "checkbox" && !field.checked ? "" : field.value;
      act(field.dataset.autosave, { ...hidden, field: field.name, value }, null);
    }, wait));
  }
  function state(key) {
    const place = $("#coach-keeping");
    if (place) place.textContent = key ? words()[key === "not_kept" ? "notKept" : key] : "";
  }
  addEventListener("beforeunload", (event) => { if (timers.size) event.preventDefault(); });

  /* --- files --- */
  function encoded(file) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(file);
    });
  }
  async function send(url, file, method = "POST") {
    if (file.size > 50e6) return { ok: false, message: words().tooBig };
    try {
      const answer = await fetch(url, {
        method, headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: file.name, content: await encoded(file) }),
      });
      if (answer.ok) return { ok: true, message: "", value: await answer.json().catch(() => ({})) };
      const body = await answer.json().catch(() => ({}));
      const error = body.error || {};
      return { ok: false, message: [error.message || words().lost, error.hint].filter(Boolean).join(" ") };
    } catch {
      return { ok: false, message: words().lost };
    }
  }
  async function upload(input, files) {
    const label = input.closest("label");
    label.setAttribute("aria-busy", "true");
    const done = [];
    const failed = [];
    for (const file of files) {
      const result = await send(input.dataset.upload, file, input.dataset.method);
      if (result.ok) done.push(result.value.notice || file.name); else failed.push(result.message.includes(file.name) ? result.message : `${file.name}: ${result.message}`);
    }
    label.removeAttribute("aria-busy");
    input.value = "";
    if (failed.length) toast(failed.join("\n"), "bad");
    else if (files.length) toast(words().sent, "good");
    if (files.length) act(input.dataset.then, { ...dataOf(input), done, failed }, null);
  }

  /* --- telling --- */
  function toast(text, tone) {
    let box = $("#coach-toast");
    if (!box) {
      box = Object.assign(document.createElement("div"), { id: "coach-toast", popover: "manual" });
      box.setAttribute("role", "status");
      ($(".gradio-container") || document.body).append(box);
    }
    box.className = tone || "";
    box.textContent = text;
    try { box.hidePopover(); } catch { /* was not open */ }
    box.showPopover();
    clearTimeout(box.timer);
    box.timer = setTimeout(() => { try { box.hidePopover(); } catch { /* gone */ } }, Math.max(4000, text.length * (tone === "bad" ? 120 : 60)));
  }
  let noted = "";
  function note() {
    const told = $("#coach-note .answer-note");
    if (!told || told.dataset.at === noted) return;
    noted = told.dataset.at;
    const source = busy && busy.source;
    release();
    if (told.dataset.goto) {
      timers.clear();
      if (told.dataset.say) toast(told.dataset.say, told.dataset.tone);
      if (!turn(told.dataset.goto, true)) location.assign(told.dataset.goto);
      return;
    }
    if (turned && !busy) requestAnimationFrame(() => requestAnimationFrame(arrive));
    all("[data-into]", told).forEach((part) => {
      const place = document.getElementById(part.dataset.into);
      if (place) place.innerHTML = part.dataset.html;
    });
    if ("shut" in told.dataset) all("dialog[open], dialog:modal").forEach((dialog) => { dialog.open = true; dialog.close(); });
    if ("clear" in told.dataset && source && source.tagName === "FORM") source.reset();
    if (!turned) state(timers.size ? "keeping" : told.dataset.tone === "bad" ? "not_kept" : "kept");
    if (told.dataset.say) toast(told.dataset.say, told.dataset.tone);
  }

  /* --- a page shown anew keeps its place: what was folded open, and where the keyboard was --- */
  const unfolded = new Set();
  document.addEventListener("toggle", (event) => {
    const id = event.target.id;
    if (event.target.tagName !== "DETAILS" || !id) return;
    if (event.target.open) unfolded.add(id); else unfolded.delete(id);
  }, true);
  function place() {
    /* a page shown anew takes the mark `open` off a dialog, which then blocks the page unseen */
    all("dialog:modal:not([open])").forEach((dialog) => { dialog.open = true; });
    unfolded.forEach((id) => { const d = document.getElementById(id); if (d && !d.open) d.open = true; });
    if (focus && document.activeElement === document.body) {
      const again = (focus.id && document.getElementById(focus.id)) || (focus.name && page() && $(`[name="${CSS.escape(focus.name)}"]`, page()));
      if (again) {
        again.focus({ preventScroll: true });
        if (focus.start !== null && focus.start !== undefined) try { again.setSelectionRange(focus.start, focus.start); } catch { /* no text */ }
      }
    }
  }
  /* Gradio changes a page in place: what was typed into one field must not stand in the one its element has become */
  const known = new WeakMap();
  function fields() {
    all("#coach-page form :is(input:not([type=hidden]), textarea, select)").forEach((field) => {
      const hidden = all("input[type=hidden]", field.form).map((each) => `${each.name}=${each.value}`);
      const choice = ["radio", "checkbox"].includes(field.type);
      const key = [field.form.dataset.do, ...hidden, field.name, choice ? field.value : ""].join("|");
      const before = known.get(field);
      known.set(field, key);
      if (before === undefined || before === key) return;
      if (choice) field.checked = field.defaultChecked;
      else if (field.options) [...field.options].forEach((option) => { option.selected = option.defaultSelected; });
      else if (field.type !== "file") field.value = field.defaultValue;
    });
  }
  /* on a narrow screen the tab one is on may stand outside the row of tabs */
  function tab() {
    const here = $("#coach-page .tabs [aria-current]");
    const row = here && here.parentElement;
    if (row && row.dataset.here !== here.href) {
      row.dataset.here = here.href;
      row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
    }
  }
  let polling = null;
  function poll() {
    const wanted = page() && $("[data-poll]", page());
    if (wanted && !polling) {
      polling = setTimeout(() => { polling = null; if (!document.hidden) act("poll", {}, null); else poll(); }, Number(wanted.dataset.poll) * 1000);
    }
  }

  function name() {
    const top = words();
    if (top.lang && document.documentElement.lang !== top.lang) document.documentElement.lang = top.lang;
    if (top.title && document.title !== top.title) document.title = top.title;
    /* Gradio's own landmark stands around every page; where a page brings one, there is to be one only */
    const around = page() && $("main.contain:not([role])");
    if (around) around.setAttribute("role", "none");
  }
  /* Gradio's own notes speak English only, and here they all say one thing: the service did not take what was sent */
  function notes() {
    const told = words();
    all(".toast-wrap .toast-message-text").forEach((text) => { if (told.lost && text.textContent !== told.lost) text.textContent = told.lost; });
    all(".toast-wrap .toast-title").forEach((text) => { if (told.lostTitle && text.textContent !== told.lostTitle) text.textContent = told.lostTitle; });
  }
  let waiting = false;
  function changed() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; name(); theme(); fields(); tab(); note(); place(); poll(); notes(); });
  }

  document.addEventListener("click", (event) => {
    const at = event.target.closest("button, a, summary, dialog");
    all("details.account[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (!at) return;
    if (at.tagName === "A" && at.closest("#coach-page") && !at.target && !at.hasAttribute("download")
      && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) && turn(at.href, true)) { event.preventDefault(); return; }
    if (at.tagName === "DIALOG") { if (event.target === at && !at.classList.contains("ask-first")) at.close(); return; }
    if ("theme" in at.dataset) {
      store(THEME, document.documentElement.classList.contains("dark") ? "light" : "dark");
      theme();
    } else if (at.dataset.langTo) {
      cookie("coach_lang", at.dataset.langTo);
      location.reload();
    } else if ("logout" in at.dataset) {
      fetch("/api/logout", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).finally(() => location.assign("/login"));
    } else if (at.dataset.dialog) {
      const dialog = document.getElementById(at.dataset.dialog);
      if (dialog) dialog.showModal();
    } else if ("shut" in at.dataset && at.closest("dialog")) at.closest("dialog").close();
    else if (at.classList.contains("skip")) {
      event.preventDefault();
      const main = $("#coach-q textarea") || $("#coach-main-content");
      if (main) main.focus();
    } else if (at.dataset.do && at.closest("#coach-page")) pressed(at);
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-do]");
    if (!form || !form.closest("#coach-page")) return;
    event.preventDefault();
    timers.forEach((timer) => clearTimeout(timer));
    timers.clear();
    act(form.dataset.do, fieldsOf(form), form);
  }, true);
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset && field.dataset.autosave) keep(field, ["radio", "checkbox", "select-one", "date"].includes(field.type) ? 0 : 800);
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.dataset && field.dataset.upload) upload(field, [...field.files]);
  });
  ["dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
    const label = event.target.closest && event.target.closest("label.drop");
    if (!label) return;
    event.preventDefault();
    label.classList.toggle("over", kind === "dragover");
    if (kind === "drop") upload($("input", label), [...event.dataTransfer.files]);
  }));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  function start() {
    new MutationObserver(changed).observe(document.body, {
      childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-lang", "data-at"],
    });
    changed();
  }
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);
  window.coachShell = { toast, send, words, store, recall, confirmed };
})();
