/* What the chat does in the browser by itself: opens passages, copies, follows a reply. Asks nothing of any other host. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const narrow = () => matchMedia("(max-width: 960px)").matches;
  const state = { latest: null, exchange: null, passage: null, n: null, live: undefined, free: false, opener: null };

  /* --- passages at the side --- */
  const section = () => all("#coach-panel .passages").find((s) => s.dataset.passages === state.exchange);
  const cards = () => (section() ? all(".card", section()) : []);

  function paint() {
    const panel = $("#coach-panel .panel");
    if (!panel) return;
    if (panel.dataset.latest !== state.latest) {
      state.latest = panel.dataset.latest;
      state.exchange = state.latest;
      state.passage = state.n = null;
      $("#coach-side").scrollTop = 0;
    }
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
    const position = $(".position", panel);
    const text = list.length ? (at < 0 ? "" : `${at + 1} / `) + list.length : "";
    if (position.textContent !== text) position.textContent = text;
    all("[data-step]", panel).forEach((button) => {
      const to = at + Number(button.dataset.step);
      button.disabled = !(at < 0 ? button.dataset.step === "1" && list.length : to >= 0 && to < list.length);
    });
  }

  function reveal(focus) {
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
    if (!state.passage && cards()[0]) state.passage = cards()[0].dataset.passage;
    state.opener = button;
    if (narrow()) sheet(true);
    reveal(true);
  }

  function sheet(open) {
    document.body.classList.toggle("coach-sheet", open);
    all("#coach-main, #coach-header").forEach((part) => { part.inert = open; });
    if (!open && state.opener && state.opener.isConnected) state.opener.focus();
  }

  function step(by) {
    const list = cards();
    const at = list.findIndex((card) => card.dataset.passage === state.passage);
    const next = list[at + by];
    if (!next) return;
    state.passage = next.dataset.passage;
    state.n = null;
    reveal(false);
  }

  /* --- copying --- */
  async function copy(button) {
    const words = $("#coach-header .top").dataset;
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
    const before = button.dataset.label || button.textContent;
    button.dataset.label = before;
    button.textContent = done ? words.copied : words.copyFailed;
    setTimeout(() => { button.textContent = before; }, 1600);
  }

  /* --- the question box --- */
  const box = () => $("#coach-q textarea, #coach-q input");
  function fill(text) {
    const area = box();
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(area), "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function count() {
    const place = $("#coach-foot .count");
    if (!place || !box()) return;
    const length = box().value.length;
    const limit = Number(place.dataset.limit);
    const text = length > limit * 0.8 ? place.dataset.words.replace("{n}", length) : "";
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("over", length > limit);
  }

  /* --- after every change of the page --- */
  function follow() {
    const scroller = $("#coach-scroll");
    const live = $("#coach-live .exchange");
    const last = live || all("#coach-log .exchange").pop();
    if (!last) { state.live = null; return; }
    if (last.dataset.exchange !== state.live) {
      const opened = state.live === undefined;
      state.live = last.dataset.exchange;
      state.free = false;
      if (opened) scroller.scrollTop = scroller.scrollHeight;
    }
    /* the newest question stays at the top while its reply grows, until the reader scrolls */
    if (!state.free) scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 20;
  }
  function restore() {
    const kept = $("#coach-live [data-restore]");
    if (!kept) return;
    const text = kept.dataset.restore;
    kept.remove();
    if (box() && !box().value) fill(text);
  }
  let waiting = false;
  function changed() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      paint(); follow(); restore(); count();
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) { if (event.target.id === "coach-side") sheet(false); return; }
    if ("open" in button.dataset) openPassage(button);
    else if ("copy" in button.dataset) copy(button);
    else if ("step" in button.dataset) step(Number(button.dataset.step));
    else if ("close" in button.dataset) sheet(false);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "Home", "End", "ArrowUp"].includes(event.key) && event.target !== box()) state.free = true;
    if (event.key === "Escape" && document.body.classList.contains("coach-sheet")) sheet(false);
    if (event.target.closest && event.target.closest("#coach-panel .card") && !event.isComposing) {
      if (event.key === "ArrowRight") step(1);
      if (event.key === "ArrowLeft") step(-1);
    }
  });
  ["wheel", "touchmove"].forEach((kind) => document.addEventListener(kind, (event) => {
    if (event.target.closest && event.target.closest("#coach-scroll")) state.free = true;
  }, { passive: true }));
  document.addEventListener("input", count);
  matchMedia("(max-width: 960px)").addEventListener("change", () => sheet(false));
  function start() {
    new MutationObserver(changed).observe(document.body, {
      childList: true, subtree: true, characterData: true, attributes: true,
      attributeFilter: ["data-latest", "data-lang", "data-exchange", "data-limit"],
    });
    changed();
  }
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);
})();
