/* The plan's page: the passage a line rests on, and what is typed but not sent kept until it is. */
(() => {
  "use strict";
  const KEPT = "career_coach_plan_typed";
  const main = () => document.querySelector("#coach-page main.plan");

  /* --- the passage behind a line --- */
  function part(tag, text, name) {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  }
  function marked(text, quote) {
    const shown = part("p", "", "passage-text");
    const at = quote ? text.indexOf(quote) : -1;
    if (at < 0) { shown.textContent = text; return shown; }
    shown.append(text.slice(0, at), part("mark", quote), text.slice(at + quote.length));
    return shown;
  }
  async function passage(button) {
    const dialog = document.getElementById("plan-passage");
    const body = document.getElementById("plan-passage-body");
    if (!dialog || !body) return;
    body.replaceChildren(part("p", body.dataset.waiting, "small"));
    dialog.showModal();
    try {
      const answer = await fetch(`/api/passages/${encodeURIComponent(button.dataset.passage)}`);
      if (!answer.ok) throw new Error();
      const found = await answer.json();
      const place = [found.source, ...(found.heading_path || [])].filter(Boolean).join(" › ");
      body.replaceChildren(part("h3", found.title), part("p", place, "small"), marked(found.text, button.dataset.quote));
    } catch {
      body.replaceChildren(part("p", button.dataset.quote, "said"), part("p", body.dataset.missing, "small"));
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.cite-link[data-passage]");
    if (button && main()) passage(button);
  });

  /* --- typed, not sent --- */
  const read = () => { try { return JSON.parse(sessionStorage.getItem(KEPT)) || {}; } catch { return {}; } };
  const write = (typed) => { try { sessionStorage.setItem(KEPT, JSON.stringify(typed)); } catch { /* private mode */ } };
  const keyOf = (field) => {
    const version = field.form.querySelector("input[name=version]");
    return [field.form.dataset.do, version ? version.value : "", field.name].join("|");
  };
  const own = (field) => field && field.name && field.type !== "hidden" && field.form && field.form.dataset.do && main() && main().contains(field);
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!own(field)) return;
    const typed = read();
    typed[keyOf(field)] = field.value;
    write(typed);
  });
  let sent = [];
  document.addEventListener("submit", (event) => {
    if (main() && main().contains(event.target)) sent = [...event.target.elements].filter(own).map(keyOf);
  }, true);
  document.addEventListener("reset", (event) => {
    if (!main() || !main().contains(event.target)) return;
    forget([...event.target.elements].filter(own).map(keyOf));
  }, true);
  function forget(keys) {
    const typed = read();
    keys.forEach((key) => delete typed[key]);
    write(typed);
  }
  function restore() {
    const typed = read();
    if (!main() || !Object.keys(typed).length) return;
    main().querySelectorAll("form[data-do] :is(input, textarea, select)").forEach((field) => {
      if (!own(field) || !(keyOf(field) in typed)) return;
      const value = typed[keyOf(field)];
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.value !== value) field.value = value;
    });
  }
  let shown = null;
  let noted = "";
  function changed() {
    const note = document.querySelector("#coach-note .answer-note");
    if (note && note.dataset.at !== noted) {
      noted = note.dataset.at;
      if (note.dataset.tone !== "bad") forget(sent);
      sent = [];
    }
    if (main() && main() !== shown) {
      shown = main();
      restore();
    }
  }
  function start() {
    new MutationObserver(changed).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-at"] });
    changed();
  }
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);
})();
