/* The page about the person: Ctrl+Enter, links and secrets to copy, deleting everything, password and API tokens. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const shell = () => window.coachShell;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (mark, name) => (name in values ? values[name] : mark));
  const day = (text) => new Intl.DateTimeFormat(document.documentElement.lang === "zh-CN" ? "zh-CN" : "en-GB", { dateStyle: "long" }).format(new Date(text));
  const made = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };

  /* asks the service; gives { ok, value, message }, and never throws */
  async function ask(method, path, body) {
    try {
      const answer = await fetch(path, {
        method, headers: { "content-type": "application/json", "accept-language": document.documentElement.lang },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const value = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
      const error = value.error || {};
      return { ok: answer.ok, value, message: [error.message || shell().words().lost, error.hint].filter(Boolean).join(" ") };
    } catch {
      return { ok: false, value: {}, message: shell().words().lost };
    }
  }

  async function copy(button) {
    const field = $("input", button.parentElement);
    let done = true;
    try { await navigator.clipboard.writeText(field.value); } catch { field.select(); done = document.execCommand("copy"); }
    shell().toast(done ? shell().words().copied : shell().words().copyFailed, done ? "good" : "bad");
  }

  async function remove(button) {
    const dialog = button.closest("dialog");
    button.disabled = true;
    const answer = await ask("DELETE", "/api/me");
    if (answer.ok) {
      try { Object.keys(localStorage).filter((name) => name.startsWith("career_coach_conversation")).forEach((name) => localStorage.removeItem(name)); } catch { /* private mode */ }
      location.assign("/");
      return;
    }
    $(".me-error", dialog).textContent = answer.message;
    button.disabled = false;
  }

  async function password(form) {
    const [old, fresh, again] = ["old", "new", "again"].map((name) => form.elements[name].value);
    const error = $(".me-error", form);
    error.textContent = fresh === again ? "" : form.dataset.differ;
    if (fresh !== again) { form.elements.again.focus(); return; }
    form.setAttribute("aria-busy", "true");
    const answer = await ask("POST", "/api/password", { old, new: fresh });
    form.removeAttribute("aria-busy");
    if (!answer.ok) { error.textContent = answer.message; form.elements.old.focus(); return; }
    form.reset();
    shell().toast(form.dataset.done, "good");
  }

  async function tokens(box) {
    const words = box.dataset;
    const answer = await ask("GET", "/api/tokens");
    const list = $("ul", box);
    if (!answer.ok) { $(".me-error", box).textContent = answer.message; return; }
    const rows = answer.value.tokens.map((token) => {
      const facts = [fill(words.made, { day: day(token.created) }), token.last_used ? fill(words.used, { day: day(token.last_used) }) : words.unused];
      if (token.expires) facts.push(fill(words.until, { day: day(token.expires) }));
      const button = made("button", { type: "button", className: "btn quiet", textContent: words.revoke });
      button.setAttribute("aria-label", `${words.revoke}: ${token.label || words.unnamed}`);
      button.dataset.revoke = token.id;
      const text = made("div", {}, made("strong", { textContent: token.label || words.unnamed }), made("p", { className: "small", textContent: facts.join(" · ") }));
      return made("li", {}, text, button);
    });
    list.replaceChildren(...(rows.length ? rows : [made("li", { className: "small", textContent: words.none })]));
  }

  async function token(form) {
    const box = form.closest("[data-tokens]");
    const days = Number(form.elements.days.value);
    const answer = await ask("POST", "/api/tokens", { label: form.elements.label.value, ...(days ? { days } : {}) });
    $(".me-error", form).textContent = answer.ok ? "" : answer.message;
    if (!answer.ok) return;
    const field = made("input", { readOnly: true, value: answer.value.token });
    field.setAttribute("aria-label", box.dataset.once);
    const button = made("button", { type: "button", className: "btn primary", textContent: box.dataset.copy });
    button.dataset.copyField = "";
    $(".me-secret", box).replaceChildren(made("div", { className: "note good" }, made("p", { textContent: box.dataset.once }), made("div", { className: "me-copy" }, field, button)));
    form.reset();
    tokens(box);
  }

  async function revoke(button) {
    const box = button.closest("[data-tokens]");
    if (!(await shell().confirmed(box.dataset.revokeSure))) return;
    const answer = await ask("DELETE", `/api/tokens/${encodeURIComponent(button.dataset.revoke)}`);
    shell().toast(answer.ok ? box.dataset.revoked : answer.message, answer.ok ? "good" : "bad");
    tokens(box);
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (field.dataset && "ctrlEnter" in field.dataset && field.form) { event.preventDefault(); field.form.requestSubmit(); }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if ("copyField" in button.dataset) copy(button);
    else if ("deleteMe" in button.dataset) remove(button);
    else if (button.dataset.revoke) revoke(button);
  });
  document.addEventListener("change", (event) => {
    if ("sure" in event.target.dataset) $("[data-delete-me]", event.target.closest("dialog")).disabled = !event.target.checked;
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-password]")) { event.preventDefault(); password(event.target); }
    if (event.target.matches("form[data-token]")) { event.preventDefault(); token(event.target); }
  });

  /* what Python has just shown: whole addresses, the list of tokens */
  function shown() {
    document.querySelectorAll("input[data-whole]").forEach((field) => {
      delete field.dataset.whole;
      field.value = new URL(field.getAttribute("value"), location.href).href;
      field.focus();
      field.select();
    });
    const box = $("[data-tokens]:not([data-asked])");
    if (box) { box.dataset.asked = "yes"; tokens(box); }
  }
  const start = () => { new MutationObserver(shown).observe(document.body, { childList: true, subtree: true }); shown(); };
  if (document.body) start(); else document.addEventListener("DOMContentLoaded", start);
})();
