/* The page for whoever looks after the library: the address of a search test, and drafts that outlive a look elsewhere. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const key = (box) => `coach_draft ${box.dataset.draft}`;
  const texts = (box) => all("textarea, input[type=text]", box).filter((field) => field.name);
  const store = (name, value) => { try { if (value) sessionStorage.setItem(name, value); else sessionStorage.removeItem(name); } catch { /* full or private */ } };
  const recall = (name) => { try { return JSON.parse(sessionStorage.getItem(name) || "null"); } catch { return null; } };

  /* a test that was made is found again by reload and by whoever the address is sent to */
  function address() {
    const tested = document.querySelector("#coach-page [data-address]");
    if (tested && tested.dataset.address !== location.pathname + location.search) history.replaceState(history.state, "", tested.dataset.address);
  }

  /* what was typed and not sent, until it is sent: by field, with what stood there before */
  function keep(box) {
    const changed = texts(box).filter((field) => field.value !== field.defaultValue);
    store(key(box), changed.length ? JSON.stringify(changed.map((field) => [field.name, field.defaultValue, field.value])) : "");
  }
  /* a page shown anew is changed in place, and a field that was typed in would go on showing that: it shows what came,
     but for what was typed after the press that made the page come anew */
  const typed = new WeakSet();
  const shown = new WeakMap();
  const given = new WeakMap();
  function fresh(box) {
    const other = given.has(box) && given.get(box) !== box.dataset.draft;
    texts(box).forEach((field) => {
      if (other || (shown.has(field) && shown.get(field) !== field.defaultValue && !typed.has(field))) field.value = field.defaultValue;
      shown.set(field, field.defaultValue);
    });
    if (other) all("input[type=radio]", box).forEach((choice) => { choice.checked = choice.defaultChecked; });
  }
  function restore(box) {
    const field = (name) => texts(box).find((each) => each.name === name);
    const kept = recall(key(box)) || [];
    const open = kept.filter(([name, , value]) => !field(name) || field(name).defaultValue !== value);
    if (open.length < kept.length) store(key(box), open.length ? JSON.stringify(open) : "");
    if (given.get(box) === box.dataset.draft) return;
    given.set(box, box.dataset.draft);
    for (const [name, before, value] of open) {
      const place = field(name);
      if (place && place.defaultValue === before && place.value === before) place.value = value;
    }
  }
  document.addEventListener("input", (event) => {
    const box = event.target.closest && event.target.closest("[data-draft]");
    if (!box) return;
    typed.add(event.target);
    keep(box);
  });
  const pressed = () => all("#coach-page [data-draft]").forEach((box) => texts(box).forEach((field) => typed.delete(field)));
  document.addEventListener("submit", pressed, true);
  document.addEventListener("click", (event) => { if (event.target.closest("a, [data-do]")) pressed(); }, true);

  let waiting = false;
  function start() {
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        address();
        all("#coach-page [data-draft]").forEach((box) => { fresh(box); restore(box); });
      });
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-address", "data-draft"] });
  }
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);
})();
