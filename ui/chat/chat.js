/* What the chat does in the browser: takes what Python sends over the wires, asks, opens passages, keeps the list. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const narrow = () => matchMedia("(max-width: 1000px)").matches;
  const make = (html) => { const t = document.createElement("template"); t.innerHTML = html; return t.content.firstElementChild; };
  const words = () => ($("#coach-form") || { dataset: {} }).dataset;
  const here = () => new URLSearchParams(location.search).get("c") || "";
  const PASTE = 1500;
  const state = { c: here(), busy: false, asked: 0, heard: 0, free: false, exchange: null, passage: null, n: null, opener: null, search: "", draft: "", sent: "" };
  let act = () => {};
  let start = () => {};
  const send = (what, values = {}) => act({ do: what, c: state.c, q: state.search, ...values });
  const log = () => $("#coach-exchanges");
  const exchanges = () => all(".exchange", log());
  const exchange = (id) => exchanges().find((e) => e.dataset.exchange === id);
  const box = () => $("#coach-box");
  const quote = (text) => CSS.escape(text);

  /* --- what Python sends --- */
  const seen = {};
  function take(wire, value) {
    if (!value || !value.at || value.at === seen[wire] || !log()) return;
    seen[wire] = value.at;
    ({ whole, live, found, note })[wire](value);
  }

  function whole(told) {
    if (told.of && told.of !== state.c) return; /* a reply ended in a conversation that was left meanwhile */
    state.c = told.c;
    if (told.c !== here()) history.replaceState(null, "", told.c ? `/?c=${told.c}` : "/");
    log().innerHTML = told.html;
    const sections = $("#coach-panel .sections");
    if (sections) sections.innerHTML = told.section;
    $("#coach-files").innerHTML = told.files;
    show(told.x);
    title(told.title);
    hint("");
    busy(told.busy);
    mark();
    state.free = false;
    const last = exchanges().pop();
    if (told.busy) join();
    else if (last) follow(last);
    else $("#coach-scroll").scrollTop = 0;
    const typed = (history.state || {}).draft || "";
    const asked = told.arrived && typed === state.sent;
    if (told.arrived) arrived();
    if (!told.busy && !asked) fill(typed);
    if (!narrow() && !told.busy) box().focus({ preventScroll: true });
  }

  /* Python knows of it from now on: it has an address, and what was typed is kept there */
  function arrived() {
    state.draft = "";
    if (state.c !== here()) history.replaceState(null, "", `/?c=${state.c}`);
    draft(0);
  }

  function live(told) {
    state.heard = Date.now();
    if (told.c !== state.c) return;
    if (told.x !== "new") arrived();
    if (told.instead) aside(told.instead);
    const place = exchange(told.x) || exchange("new");
    if (told.ended && !told.html) { if (place) place.remove(); busy(false); return; }
    const fresh = make(told.html);
    if (place) place.replaceWith(fresh); else { opening(false); log().append(fresh); }
    if (state.exchange === "new" || !place) show(told.x); 
    if (!told.ended) busy(true);
    else {
      busy(false);
      if (told.title) title(told.title);
      if (told.restore) fill(told.restore);
      mark();
    }
    said(told.say);
    follow(fresh);
  }

  function found(told) {
    if (told.c !== state.c) return;
    const sections = $("#coach-panel .sections");
    const old = all(".passages", sections).filter((s) => [told.x, "new"].includes(s.dataset.passages));
    const fresh = make(told.html);
    if (old.length) { old[0].replaceWith(fresh); old.slice(1).forEach((s) => s.remove()); } else sections.append(fresh);
    if (told.asked) reveal(true); else if (!state.passage) show(told.x); else paint();
  }

  function note(told) {
    if (told.say) window.coachShell.toast(told.say, told.tone || "good");
    if (told.gone) { if (told.gone === state.c && !here()) state.c = ""; }
    if (told.shut) all("dialog[open]").forEach((dialog) => dialog.close());
    if (told.c !== undefined && told.c !== state.c) return;
    if (told.title !== undefined && state.c) title(told.title);
    if (told.files !== undefined) { $("#coach-files").innerHTML = told.files; arrived(); }
    if (told.add) { opening(false); log().append(...all("article", make(`<div>${told.add}</div>`))); end(); }
    if (told.unread) all(".read-note").filter((n) => n.dataset.file === told.unread).forEach((n) => n.remove());
    if (told.votes) { const place = exchange(told.x); if (place) $(".votes", place).replaceWith(make(told.votes)); }
    if (told.dropped || told.unasked) { const ghost = exchange("new"); if (ghost) ghost.remove(); busy(false); unaside(); }
    if (told.hint !== undefined) hint(told.hint);
    if (told.unasked) state.draft = "";
    if (told.restore) fill(told.restore);
    if ((told.dropped || told.unasked) && !exchanges().length && !all(".read-note").length) opening(true);
    mark();
  }

  /* --- asking --- */
  const id = () => [...crypto.getRandomValues(new Uint8Array(8))].map((b) => b.toString(16).padStart(2, "0")).join("");
  function named() {
    state.c = state.c || id();
    return state.c;
  }
  function ask(text, instead = "") {
    const plain = text.trim();
    if (state.busy) { window.coachShell.toast(words().busy, "warn"); return false; }
    hint("");
    if (plain) {
      named();
      if (instead) aside(instead);
      opening(false);
      const ghost = make(`<article class="exchange live" data-exchange="new"><div class="question"><div class="bubble" dir="auto"></div></div><div class="reply"><p class="stage"><span class="pulse" aria-hidden="true"></span><span></span></p></div></article>`);
      $(".bubble", ghost).textContent = plain.length > 600 ? `${plain.slice(0, 240)}…` : plain;
      $(".stage span:last-child", ghost).textContent = words().search;
      log().append(ghost);
      state.passage = state.n = null;
      state.free = false;
      busy(true);
      follow(ghost);
    }
    state.asked = state.heard = Date.now();
    state.draft = state.sent = plain;
    draft(0);
    start({ c: state.c, text: plain, instead });
    watch();
    return true;
  }
  function join() {
    state.asked = state.heard = Date.now();
    state.draft = "";
    start({ c: state.c, join: "yes" });
    watch();
  }
  function aside(from) {
    let on = false;
    exchanges().forEach((e) => { on = on || e.dataset.exchange === from; if (on && e.dataset.exchange !== "new" && !e.classList.contains("live")) e.classList.add("aside"); });
  }
  function unaside() { all(".exchange.aside", log()).forEach((e) => e.classList.remove("aside")); }

  /* nothing heard for a while: is the service still there? What was typed goes back into the box, the page tries again */
  let watching = null;
  function watch() {
    clearTimeout(watching);
    watching = setTimeout(async () => {
      if (!state.busy) return;
      if (Date.now() - state.heard > 2500) {
        const there = await fetch("/healthz", { cache: "no-store" }).then((r) => r.ok, () => false);
        if (!there && state.busy) { lost(); return; }
        if (there && Date.now() - state.heard > 12000) { send("open"); return; }
      }
      watch();
    }, 1500);
  }
  function lost() {
    busy(false);
    hint(words().lost);
    const ghost = exchange("new");
    if (ghost) { ghost.remove(); fill(state.draft); state.draft = ""; unaside(); }
    again(2000);
  }
  function again(wait) {
    setTimeout(async () => {
      const there = await fetch("/healthz", { cache: "no-store" }).then((r) => r.ok, () => false);
      if (!there) { again(Math.min(wait * 1.5, 15000)); return; }
      if (state.c && exchanges().some((e) => e.classList.contains("live"))) send("open");
    }, wait);
  }

  function busy(on) {
    state.busy = on;
    const stop = $("#coach-stop");
    if (!stop) return;
    if (document.activeElement === stop && !on) box().focus();
    stop.hidden = !on;
    stop.disabled = false;
    $("#coach-send").hidden = on;
  }
  function hint(text) {
    const place = $("#coach-hint");
    if (place && place.textContent !== text) place.replaceChildren(...(text ? [Object.assign(document.createElement("p"), { className: "hint", textContent: text })] : []));
  }
  let spoken = "";
  function said(text) {
    if (text === undefined || text === spoken) return;
    spoken = text;
    $("#coach-said").textContent = text;
  }
  /* a reload, also one that Gradio makes when it lost its connection, must not cost what was typed: it stays with the tab's entry */
  let drafting = null;
  function draft(wait) {
    clearTimeout(drafting);
    drafting = setTimeout(() => {
      const text = (box() && box().value.trim()) || state.draft;
      if (text !== ((history.state || {}).draft || "")) history.replaceState(text ? { draft: text } : null, "");
    }, wait);
  }
  function fill(text) {
    const area = box();
    if (!text || !area || area.value.trim()) return;
    area.value = text;
    grow();
  }
  function grow() {
    const area = box();
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, Math.max(120, innerHeight * 0.36))}px`;
    const place = $("#coach-foot .count");
    const limit = Number(words().limit);
    const text = area.value.length > limit * 0.8 ? place.dataset.words.replace("{n}", area.value.length) : "";
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("over", area.value.length > limit);
  }
  let kept = null; /* the opening, put away by the first question: shown again when that could not be asked */
  function opening(on) {
    const shown = $(".opening", log());
    if (!on && shown) { kept = shown; shown.remove(); } else if (on && kept && !shown) log().prepend(kept);
  }
  function title(text) {
    const place = $("#coach-title");
    if (!place) return;
    place.replaceChildren(...(text ? [Object.assign(document.createElement("h1"), { textContent: text })] : []));
    const top = $("#coach-header .top"); /* shell.js takes the page's title from there */
    top.dataset.name = top.dataset.name || top.dataset.title || "";
    top.dataset.title = text ? `${text} · ${top.dataset.name}` : top.dataset.name;
  }

  /* --- edit and resend --- */
  function edit(button) {
    const place = button.closest(".exchange");
    const question = $(".question", place);
    if ($("form", question) || state.busy) return;
    const text = ($(".whole", question) || $(".bubble", question)).textContent;
    const form = make(`<form class="editing" novalidate><textarea rows="3"></textarea><p class="small"></p><div class="row"><button type="submit" class="btn primary"></button><button type="button" class="btn quiet" data-leave></button></div></form>`);
    const area = $("textarea", form);
    area.value = text;
    area.setAttribute("aria-label", button.getAttribute("aria-label"));
    $("p", form).textContent = words().editing;
    $(".primary", form).textContent = words().send;
    $("[data-leave]", form).textContent = words().no;
    const leave = () => { form.remove(); question.classList.remove("edited"); button.focus(); };
    $("[data-leave]", form).onclick = leave;
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); leave(); }
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === area) { event.preventDefault(); form.requestSubmit(); }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (area.value.trim()) { form.remove(); question.classList.remove("edited"); ask(area.value, place.dataset.exchange); }
    });
    question.classList.add("edited");
    question.append(form);
    area.style.height = `${Math.min(area.scrollHeight + 4, innerHeight * 0.5)}px`;
    area.focus();
  }

  /* --- passages at the side --- */
  const section = () => all("#coach-panel .passages").find((s) => s.dataset.passages === state.exchange);
  const cards = () => (section() ? all(".card", section()) : []);
  function show(x) {
    state.exchange = x || null;
    state.passage = state.n = null;
    const side = $("#coach-side");
    if (side) side.scrollTop = 0;
    paint();
  }
  function paint() {
    const panel = $("#coach-panel .panel");
    if (!panel) return;
    const shown = section();
    all(".passages", panel).forEach((s) => s.classList.toggle("on", s === shown));
    panel.classList.toggle("bare", !shown);
    const list = cards();
    const at = list.findIndex((card) => card.dataset.passage === state.passage);
    list.forEach((card, i) => {
      card.classList.toggle("now", i === at);
      all("mark", card).forEach((mark) =>
        mark.classList.toggle("now", i === at && state.n !== null && mark.dataset.n.split(" ").includes(state.n)));
    });
    $(".position", panel).textContent = list.length ? (at < 0 ? "" : `${at + 1} / `) + list.length : "";
    all("[data-step]", panel).forEach((button) => {
      const to = at + Number(button.dataset.step);
      button.disabled = !(at < 0 ? button.dataset.step === "1" && list.length : to >= 0 && to < list.length);
    });
  }
  function reveal(focus) {
    if (!state.passage && cards()[0]) state.passage = cards()[0].dataset.passage;
    paint();
    const card = cards().find((c) => c.dataset.passage === state.passage);
    if (!card) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    ($("mark.now", card) && card.offsetHeight > innerHeight * 0.6 ? $("mark.now", card) : card)
      .scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    if (focus) card.focus({ preventScroll: true });
  }
  function openPassage(button) {
    state.exchange = button.dataset.open;
    state.passage = button.dataset.passage || null;
    state.n = button.dataset.n || null;
    state.opener = button;
    if (narrow()) sheet(true);
    if (section()) reveal(true); else send("section", { x: state.exchange });
  }
  function step(by) {
    const list = cards();
    const next = list[list.findIndex((card) => card.dataset.passage === state.passage) + by];
    if (!next) return;
    state.passage = next.dataset.passage;
    state.n = null;
    reveal(false);
  }

  /* --- what comes up over the page on a narrow screen: passages, the list --- */
  function over(kind, open) {
    document.body.classList.toggle(`coach-${kind}`, open);
    const beside = kind === "sheet" ? "#coach-main, #coach-header, #coach-rail" : "#coach-main, #coach-header, #coach-side";
    all(beside).forEach((part) => { part.inert = open; });
  }
  function sheet(open) {
    if (open === document.body.classList.contains("coach-sheet")) return;
    over("sheet", open);
    if (!open && state.opener && state.opener.isConnected) state.opener.focus();
  }
  function drawer(open) {
    if (open === document.body.classList.contains("coach-drawer")) return;
    over("drawer", open);
    const opener = $("[data-drawer=open]");
    opener.setAttribute("aria-expanded", open ? "true" : "false");
    if (open) $("#coach-rail a, #coach-rail input").focus(); else if (opener.offsetParent) opener.focus();
  }

  /* --- the list --- */
  function mark() {
    all("#coach-list [data-entry]").forEach((entry) => {
      const link = $("a.entry", entry);
      if (!link) return;
      if (entry.dataset.entry === state.c) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    });
  }
  function open(c, push) {
    if (push && c !== here()) history.pushState(null, "", c ? `/?c=${c}` : "/");
    if (c !== state.c) said("");
    state.c = c;
    state.busy = false;
    drawer(false);
    sheet(false);
    mark();
    send("open");
  }
  addEventListener("popstate", () => { if (log()) open(here(), false); });
  function rename(button) {
    const entry = button.closest("[data-entry]");
    const link = $("a.entry", entry);
    const before = link.textContent;
    const input = Object.assign(document.createElement("input"), { className: "renaming", value: before, maxLength: 200 });
    input.setAttribute("aria-label", words().rename);
    let over_ = false;
    const done = (keep) => {
      if (over_) return;
      over_ = true;
      input.replaceWith(link);
      if (keep && input.value.trim() && input.value.trim() !== before) {
        link.textContent = input.value.trim();
        send("rename", { c: entry.dataset.entry, title: input.value });
      }
      link.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); done(true); }
      if (event.key === "Escape") { event.stopPropagation(); done(false); }
    });
    input.addEventListener("blur", () => done(true));
    button.closest("details").open = false;
    link.replaceWith(input);
    input.focus();
    input.select();
  }
  async function remove(button) {
    const c = button.closest("[data-entry]").dataset.entry;
    button.closest("details").open = false;
    if (await window.coachShell.confirmed(button.dataset.askFirst)) send("delete", { c, here: state.c });
  }
  let searching = null;
  function search(text) {
    clearTimeout(searching);
    searching = setTimeout(() => { state.search = text.trim(); send("list"); }, 220);
  }

  /* --- copying --- */
  async function copy(button) {
    let done = true;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const told = window.coachShell.words();
    const before = button.dataset.label || button.textContent;
    button.dataset.label = before;
    button.textContent = done ? told.copied : told.copyFailed;
    setTimeout(() => { button.textContent = before; }, 1600);
  }

  /* --- files and long pastes --- */
  async function files(list) {
    const c = named();
    const read = [];
    for (const file of [...list].slice(0, 5)) {
      hint(words().reading.replace("{name}", file.name));
      const result = await window.coachShell.send(`/api/conversations/${c}/files`, file);
      if (result.ok) read.push(String(result.value.id || (result.value.file || {}).id || ""));
      else { window.coachShell.toast(`${file.name}: ${result.message}`, "bad"); }
    }
    hint("");
    if (list.length > 5) window.coachShell.toast(words().tooMany, "warn");
    if (read.length) send("attached", { c, id: read });
    $("#coach-file").value = "";
  }
  document.addEventListener("paste", (event) => {
    if (event.target !== box()) return;
    const data = event.clipboardData;
    if (data.files.length) { event.preventDefault(); files(data.files); return; }
    const text = data.getData("text/plain");
    if (text.length <= PASTE) return;
    event.preventDefault();
    window.coachShell.toast(words().pasting, "good");
    send("paste", { c: named(), text });
  });
  let dragged = 0;
  const carries = (event) => log() && event.dataTransfer && [...event.dataTransfer.types].includes("Files") && !event.target.closest("label.drop");
  document.addEventListener("dragenter", (event) => { if (carries(event)) { dragged += 1; document.body.classList.add("coach-dropping"); } });
  document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  document.addEventListener("dragleave", (event) => { if (carries(event) && --dragged <= 0) { dragged = 0; document.body.classList.remove("coach-dropping"); } });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    dragged = 0;
    document.body.classList.remove("coach-dropping");
    files(event.dataTransfer.files);
  });

  /* --- scrolling: the newest question stays at the top while its reply grows, until the reader scrolls --- */
  function follow(place) {
    const scroller = $("#coach-scroll");
    if (!state.free) scroller.scrollTop += place.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 20;
  }
  function end() { const scroller = $("#coach-scroll"); scroller.scrollTop = scroller.scrollHeight; }

  /* --- what is pressed --- */
  function pressed(event, at) {
    const data = at.dataset;
    if ("open" in data) openPassage(at);
    else if ("copy" in data) copy(at);
    else if ("step" in data) step(Number(data.step));
    else if ("close" in data) sheet(false);
    else if ("ask" in data) ask(data.ask);
    else if ("again" in data) { const e = at.closest(".exchange"); ask(($(".whole", e) || $(".bubble", e)).textContent, e.dataset.exchange); }
    else if ("edit" in data) edit(at);
    else if ("vote" in data) {
      const on = at.getAttribute("aria-pressed") === "true";
      const x = at.closest(".exchange").dataset.exchange;
      send("judge", { x, verdict: on ? "" : data.vote });
      if (!on && data.vote === "down") judge("coach-down", x, at);
    } else if ("wrong" in data) judge("coach-wrong", at.closest(".exchange").dataset.exchange, at);
    else if ("stop" in data) { at.disabled = true; said(words().stopping); send("stop"); }
    else if ("attach" in data) $("#coach-file").click();
    else if ("detach" in data) send("detach", { id: data.detach });
    else if ("drawer" in data) drawer(data.drawer === "open");
    else if ("rename" in data) rename(at);
    else if ("delete" in data) remove(at);
    else if ("stage" in data) {
      all(".stage-chip").forEach((chip) => chip.setAttribute("aria-pressed", chip === at ? "true" : "false"));
      all(".examples[data-of]").forEach((set) => { set.hidden = set.dataset.of !== data.stage; });
    } else if (("new" in data || at.classList.contains("entry")) && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      open("new" in data ? "" : at.closest("[data-entry]").dataset.entry, true);
    }
  }
  function judge(dialogId, x, opener) {
    const dialog = document.getElementById(dialogId);
    $("form", dialog).reset();
    dialog.dataset.x = x;
    dialog.addEventListener("close", () => { if (opener.isConnected) opener.focus(); }, { once: true });
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    if (!log() || !event.target.closest) return;
    const at = event.target.closest("button, a");
    all("#coach-list details.more[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (at && at.matches("a[download]") && at.closest("details.more")) at.closest("details.more").open = false;
    if (!at) {
      if (document.body.classList.contains("coach-sheet") && event.target.id === "coach-side") sheet(false);
      if (document.body.classList.contains("coach-drawer") && event.target.id === "coach-rail") drawer(false);
      return;
    }
    if (at.closest("#coach-body, #coach-header")) pressed(event, at);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id === "coach-form") {
      event.preventDefault();
      const text = box().value;
      if (ask(text)) { box().value = ""; grow(); }
    } else if (event.target.classList.contains("judge")) {
      event.preventDefault();
      const sent = new FormData(event.target);
      send("judge", { x: event.target.closest("dialog").dataset.x, verdict: event.target.dataset.verdict, told: "yes", reason: sent.getAll("reason"), words: sent.get(`${event.target.dataset.verdict}-words`) });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!log()) return;
    if (event.target === box()) {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); $("#coach-form").requestSubmit(); }
    } else if (["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"].includes(event.key)) state.free = true;
    if (event.key === "Escape") {
      const menu = event.target.closest && event.target.closest("details.more[open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); }
      else { sheet(false); drawer(false); }
    }
    if (event.target.closest && event.target.closest("#coach-panel .card") && !event.isComposing) {
      if (event.key === "ArrowRight") step(1);
      if (event.key === "ArrowLeft") step(-1);
    }
  });
  ["wheel", "touchmove"].forEach((kind) => document.addEventListener(kind, (event) => {
    if (event.target.closest && event.target.closest("#coach-scroll")) state.free = true;
  }, { passive: true }));
  document.addEventListener("input", (event) => {
    if (event.target === box()) { grow(); draft(300); }
    if (event.target.id === "coach-search") search(event.target.value);
  });
  document.addEventListener("change", (event) => { if (event.target.id === "coach-file" && event.target.files.length) files(event.target.files); });
  matchMedia("(max-width: 1000px)").addEventListener("change", () => { sheet(false); drawer(false); });
  setInterval(() => { if ($("#coach-banner [data-waiting]") && !document.hidden) send("look"); }, 2000);

  window.coachChat = {
    take,
    connect(toAct, toStart) { act = toAct; start = toStart; },
  };
})();
