/* The report's own script: language, theme, and the list of cases. Details are parsed and built only when they are opened, those
   of held-out cases only after the reader has said so. Whatever a case says is set as text, never as HTML. */
"use strict";
(() => {
  const STEP = 60;
  const MARK = /[[［【〔]\s*([0-9０-９]{1,3}(?:\s*[,，、;；]\s*[0-9０-９]{1,3})*)\s*[\]］】〕]/g;
  const $ = (id) => document.getElementById(id);
  const read = (id) => JSON.parse($(id).textContent);
  const root = document.documentElement;
  const words = read("words");
  const { rows, metrics, suites, statuses } = read("index");
  const at = new Map(metrics.map((metric, n) => [metric.name, n]));
  const none = { suite: "", lang: "", kind: "", status: "", level: "", metric: "", hard: "", worse: false, text: "" };
  const opened = new Set();
  let lang = root.dataset.lang;
  let filter = { ...none };
  let limit = STEP;
  let revealed = false;
  let stored = {};

  // --- words and elements

  const t = (key, values = {}) => words[lang][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const named = (prefix, name) => words[lang][`${prefix}.${name}`] ?? name;
  const titled = (name) => metrics[at.get(name)]?.[lang] ?? name;
  const figure = (value) => (value === null || value === undefined ? "–" : String(Math.round(value * 1000) / 1000));

  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) if (value !== false && value !== null) made.setAttribute(name, value);
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  function told(number) {
    const name = rows[number].held ? "held" : "open";
    if (name === "held" && !revealed) return null;
    stored[name] ??= read(name);
    return { ...stored[name].details[number], texts: stored[name].texts };
  }

  // --- which cases

  const failed = (row, name) => {
    const n = at.get(name), value = row.values[n];
    return value !== null && (metrics[n].down ? value > 0 : value < 1);
  };
  const fell = (row, name) => {
    const n = at.get(name), value = row.values[n], old = row.old[n];
    return value !== null && old !== null && (metrics[n].down ? value - old : old - value) > 1e-9;
  };
  const plain = (text) => text.normalize("NFKC").toLowerCase();

  function haystack(row, number) {
    const found = told(number);
    if (row.words === undefined || (found && !row.whole)) {
      const said = found ? [found.question, found.answer, found.why, ...(found.problems ?? [])] : [];
      row.words = plain([row.id, row.suite, row.kind, ...said].filter(Boolean).join("\n"));
      row.whole = Boolean(found);
    }
    return row.words;
  }

  function fits(row, number) {
    const f = filter;
    if ((f.suite && row.suite !== f.suite) || (f.lang && row.lang !== f.lang) || (f.kind && row.kind !== f.kind)) return false;
    if ((f.status && (row.got || "none") !== f.status) || (f.level && row.level !== f.level)) return false;
    if (f.hard && (f.hard === "any" ? !row.hard.length : !row.hard.includes(f.hard))) return false;
    if (f.worse && (f.metric ? !fell(row, f.metric) : !row.worse.length)) return false;
    if (f.metric && !f.worse && !failed(row, f.metric)) return false;
    return !f.text || plain(f.text).split(/\s+/).every((word) => haystack(row, number).includes(word));
  }

  function chosen() {
    const numbers = rows.map((_, number) => number).filter((number) => fits(rows[number], number));
    if (!filter.metric) return numbers;
    const n = at.get(filter.metric), sign = metrics[n].down ? -1 : 1;
    return numbers.sort((a, b) => sign * (rows[a].values[n] - rows[b].values[n]));
  }

  // --- filters

  const untouched = () => Object.entries(none).every(([name, value]) => filter[name] === value);
  const distinct = (key) => [...new Set(rows.map((row) => row[key]).filter(Boolean))];

  function choice(name, values, word, extra = []) {
    const options = [["", t("filter.any")], ...extra, ...values.map((value) => [value, word(value)])];
    const select = el("select", { name }, options.map(([value, text]) => el("option", { value }, text)));
    select.value = filter[name];
    return el("label", { class: filter[name] ? "set" : false }, el("span", null, t(`filter.${name}`)), select);
  }

  function drawFilters() {
    const hard = [...new Set(rows.flatMap((row) => row.hard))];
    const weak = metrics.filter((metric) => rows.some((row) => failed(row, metric.name))).map((metric) => metric.name);
    const given = statuses.filter((status) => rows.some((row) => row.got === status));
    const without = rows.some((row) => !row.got) ? ["none"] : [];
    const levels = ["hard", "unscored", "wrong", "noted", "ok"].filter((level) => rows.some((row) => row.level === level));
    const text = el("input", { type: "search", name: "text", placeholder: t("filter.text"), "aria-label": t("filter.text") });
    const worse = el("input", { type: "checkbox", name: "worse" });
    text.value = filter.text;
    worse.checked = filter.worse;
    const compared = rows.some((row) => row.old.some((value) => value !== null));
    $("filters").setAttribute("aria-label", t("filters"));
    $("filters").replaceChildren(
      text,
      choice("suite", suites.filter((suite) => rows.some((row) => row.suite === suite)), String),
      choice("lang", distinct("lang"), (value) => named("lang", value)),
      choice("kind", distinct("kind").sort(), String),
      choice("level", levels, (value) => named("level", value)),
      choice("status", [...given, ...without], (value) => named("status", value)),
      choice("metric", weak, titled),
      choice("hard", hard, titled, hard.length ? [["any", t("filter.anyhard")]] : []),
      compared ? el("label", { class: filter.worse ? "check set" : "check" }, worse, el("span", null, t("filter.worse"))) : "",
      el("button", { type: "button", id: "clear", hidden: untouched() ? "" : null }, t("cases.clear")),
    );
  }

  // --- list

  function draw() {
    const numbers = chosen();
    $("count").textContent = numbers.length ? t("cases.count", { n: numbers.length, all: rows.length }) : t("cases.none");
    const shown = numbers.slice(0, limit);
    $("list").replaceChildren(...shown.map(entry));
    more(numbers.length);
  }

  function more(all) {
    const rest = Math.min(STEP, all - limit);
    $("more").hidden = rest <= 0;
    $("more").textContent = rest > 0 ? t("cases.more", { n: rest }) : "";
  }

  function entry(number) {
    const row = rows[number], found = told(number);
    const question = found ? found.question ?? "–" : t("held.hidden");
    const moved = row.got && row.wanted.length && !row.wanted.includes(row.got);
    const summary = el(
      "summary",
      null,
      el("span", { class: `level ${row.level}`, title: t(`level.${row.level}`) }, el("span", { class: "sr" }, t(`level.${row.level}`))),
      el("span", { class: found ? "asked" : "asked hidden", lang: found ? row.lang : lang }, question),
      el(
        "span",
        { class: "tags" },
        el("code", null, row.id),
        el("span", null, `${row.suite} · ${row.kind} · ${named("lang", row.lang)}`),
        row.held ? el("span", { class: "chip held" }, t("split.heldout")) : null,
        el("span", { class: moved ? "chip bad" : "chip" }, moved ? `${named("status", row.got)} ≠ ${row.wanted.map((s) => named("status", s)).join(" / ")}` : named("status", row.got || "none")),
        row.hard.map((name) => el("span", { class: "chip bad" }, titled(name))),
        row.worse.length ? el("span", { class: "chip worse" }, t("worse")) : null,
      ),
    );
    const made = el("details", { class: "case", id: `case-${row.id}` }, summary);
    made.addEventListener("toggle", () => {
      if (made.open) opened.add(number); else opened.delete(number);
      if (made.open && made.children.length === 1) made.append(panel(number));
    });
    if (opened.has(number)) made.open = true;
    return made;
  }

  // --- one case

  const part = (key, ...body) => el("div", { class: `part p-${key.split(".")[1]}` }, el("h4", null, t(key)), ...body);
  const said = (text, of) => el("div", { class: "said", lang: of }, text);

  function panel(number) {
    const row = rows[number], found = told(number);
    const parts = found ? [el("div", { class: "left" }, left(row, found)), el("div", { class: "right" }, right(row, found))] : [];
    return el("div", { class: found ? "panel" : "panel figures" }, ...parts, figures(row));
  }

  function left(row, found) {
    return [
      found.history?.length ? part("case.history", found.history.map(([role, text]) => said([el("b", null, `${t(`role.${role}`)} `), text], row.lang))) : null,
      found.document ? part("case.document", folded(found.document[0], said(found.document[1], row.lang))) : null,
      found.standalone ? part("case.standalone", said(found.standalone, row.lang)) : null,
      part("case.answer", answer(row, found)),
      found.notice ? part("case.notice", said(found.notice, row.lang)) : null,
      found.error ? part("case.error", el("pre", null, found.error)) : null,
      cited(found),
      passages("case.shown", (found.shown ?? []).filter(([, key]) => !(found.citations ?? []).some((c) => c[1] === key)), found, false),
      passages("case.retrieved", found.retrieved ?? [], found, true),
    ].filter(Boolean);
  }

  function right(row, found) {
    const problems = [...(found.rules ?? []).map(titled), ...(found.problems ?? [])];
    return [
      problems.length ? part("case.wrong", el("ul", { class: "bad" }, problems.map((text) => el("li", null, text)))) : null,
      found.keypoints?.length ? part("case.keypoints", el("ul", { class: "points" }, found.keypoints.map(keypoint))) : null,
      found.must_not?.length ? part("case.forbidden", el("ul", { class: "points" }, found.must_not.map(([term, hit]) => point(!hit, term, t(hit ? "case.hit" : "case.absent"))))) : null,
      found.attribution ? el("p", null, t("case.attribution")) : null,
      found.why ? part("case.why", el("p", null, found.why)) : null,
      found.facts?.length ? part("case.facts", el("p", null, found.facts.join(" · "))) : null,
      found.worded === true || found.worded === false ? part("case.model", el("p", null, `${found.model} · ${t(found.worded ? "case.worded" : "case.unworded")}`)) : null,
    ].filter(Boolean);
  }

  function point(held, text, note) {
    return el("li", { class: held ? "held" : "missing" }, el("span", { class: "sign", "aria-hidden": "true" }, held ? "✓" : "✗"), el("span", null, text, " ", el("small", null, note)));
  }

  function keypoint([terms, held, rank]) {
    const where = rank ? t("case.rank", { n: rank }) : t("case.norank");
    return point(held, terms.join(" / "), `${t(held ? "case.held" : "case.missing")} · ${where}`);
  }

  function answer(row, found) {
    if (found.asked === false) return el("p", { class: "quiet" }, t("case.notasked"));
    if (!found.answer) return el("p", { class: "quiet" }, t("case.noanswer"));
    const numbers = new Set((found.citations ?? []).map(([n]) => n));
    const parts = [];
    let last = 0;
    for (const mark of found.answer.matchAll(MARK)) {
      parts.push(found.answer.slice(last, mark.index));
      for (const digits of mark[1].normalize("NFKC").match(/\d+/g)) parts.push(cite(Number(digits), numbers));
      last = mark.index + mark[0].length;
    }
    return said([...parts, found.answer.slice(last)], row.lang);
  }

  const cite = (n, numbers) => numbers.has(n)
    ? el("button", { type: "button", class: "cite", "data-cite": n }, `[${n}]`)
    : el("span", { class: "cite dangling" }, `[${n}]`);

  const folded = (title, ...body) => el("details", { class: "fold" }, el("summary", null, title), ...body);
  const heading = ([id, , tier, title]) => [title || id, el("small", null, ` ${[title ? id : "", named("tier", tier)].filter(Boolean).join(" · ")}`)];
  const source = (seen) => (seen[4] ? el("small", { class: "source" }, seen[4]) : null);

  function cited(found) {
    const groups = new Map();
    for (const citation of found.citations ?? []) groups.set(citation[1], [...(groups.get(citation[1]) ?? []), citation]);
    if (!groups.size) return null;
    const known = new Map([...(found.retrieved ?? []), ...(found.shown ?? [])].map((seen) => [seen[0], seen]));
    return part("case.cited", [...groups].map(([key, some]) => {
      const seen = known.get(some[0][2]) ?? [some[0][2], key, some[0][6], "", ""];
      const text = found.texts[key];
      const wrong = some.filter((citation) => !citation[7]).map((citation) =>
        el("p", { class: "wrong", tabindex: "-1", "data-n": citation[0] }, `[${citation[0]}] ${t(text === undefined ? "case.nopassage" : "case.badquote")}: `, el("q", null, citation[5])));
      return el("div", { class: "passage" }, el("h5", null, heading(seen)), source(seen), wrong, text === undefined ? "" : el("div", { class: "said" }, quoted(text, some)));
    }));
  }

  /* The passage with its quotes marked. Quotes may overlap: the text is cut at every edge, and each piece names all it belongs to. */
  function quoted(text, citations) {
    const good = citations.filter((citation) => citation[7]);
    const edges = [...new Set([0, text.length, ...good.flatMap(([, , , start, end]) => [start, end])])].sort((a, b) => a - b);
    return edges.slice(0, -1).flatMap((edge, n) => {
      const piece = text.slice(edge, edges[n + 1]);
      const of = good.filter(([, , , start, end]) => start <= edge && edges[n + 1] <= end).map(([number]) => number);
      if (!of.length) return [piece];
      const begins = good.filter(([, , , start]) => start === edge).map(([number]) => number);
      return [el("mark", { "data-n": of.join(" "), tabindex: "-1" }, begins.map((number) => el("sup", null, number)), piece)];
    });
  }

  function passages(key, some, found, ranked) {
    if (!some.length) return null;
    const one = (seen, n) => folded([ranked ? `${n + 1}. ` : "", ...heading(seen)], source(seen), said(found.texts[seen[1]] ?? t("case.nopassage")));
    return part(key, some.map(one));
  }

  function figures(row) {
    const value = (metric, n) => {
      const bad = row.values[n] !== null && failed(row, metric.name);
      const was = row.old[n] !== null && row.old[n] !== row.values[n] ? el("small", null, ` ${t("case.was", { x: figure(row.old[n]) })}`) : null;
      return el("div", { class: row.values[n] === null ? "off" : bad ? "low" : false }, el("dt", null, metric[lang], metric.down ? " ↓" : ""), el("dd", null, figure(row.values[n]), was));
    };
    const status = `${t("case.wanted", { x: row.wanted.map((s) => named("status", s)).join(" / ") || "–" })} · ${t("case.got", { x: named("status", row.got || "none") })}`;
    const timings = Object.entries(row.timings).map(([stage, ms]) => el("div", null, el("dt", null, named("stage", stage)), el("dd", null, Math.round(ms * 10) / 10)));
    return el(
      "div",
      { class: "numbers" },
      part("case.status", el("p", null, status)),
      timings.length ? part("case.timings", el("dl", { class: "grid" }, timings)) : null,
      part("case.values", el("dl", { class: "grid" }, metrics.map(value))),
    );
  }

  // --- what the reader does

  function goto(id) {
    filter = { ...none };
    const number = rows.findIndex((row) => row.id === id);
    if (number < 0) return;
    limit = Math.max(limit, STEP * Math.ceil((number + 1) / STEP));
    opened.add(number);
    drawFilters();
    draw();
    const made = $(`case-${id}`);
    made.scrollIntoView({ block: "start" });
    made.querySelector("summary").focus({ preventScroll: true });
  }

  function choose(changed) {
    filter = { ...none, ...changed };
    limit = STEP;
    drawFilters();
    draw();
    $("cases").scrollIntoView();
  }

  function speak(next) {
    lang = next;
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = t("title");
    drawFilters();
    draw();
  }

  function showQuote(button) {
    const found = [...button.closest(".panel").querySelectorAll("[data-n]")].find((mark) => mark.dataset.n.split(" ").includes(button.dataset.cite));
    if (!found) return;
    for (const mark of document.querySelectorAll(".now")) mark.classList.remove("now");
    found.classList.add("now");
    found.scrollIntoView({ block: "center" });
    found.focus({ preventScroll: true });
  }

  function reveal() {
    revealed = true;
    $("gate").replaceChildren(el("p", null, el("span", { class: "zh", lang: "zh" }, words.zh["held.open"]), el("span", { class: "en", lang: "en" }, words.en["held.open"])));
    draw();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-case], [data-metric], [data-hard], [data-cite]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.case) goto(link.dataset.case);
    else if (link.dataset.metric) choose({ metric: link.dataset.metric });
    else if (link.dataset.hard) choose({ hard: link.dataset.hard });
    else showQuote(link);
  });
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("click", (event) => event.target.id === "clear" && choose({}));
  let waiting = 0;
  $("filters").addEventListener("input", ({ target }) => {
    filter = { ...filter, [target.name]: target.type === "checkbox" ? target.checked : target.value };
    limit = STEP;
    target.closest("label")?.classList.toggle("set", Boolean(filter[target.name]));
    $("clear").hidden = untouched();
    clearTimeout(waiting);
    waiting = setTimeout(draw, target.name === "text" ? 150 : 0);
  });
  $("more").addEventListener("click", () => {
    const numbers = chosen();
    const first = limit;
    limit += STEP;
    $("list").append(...numbers.slice(first, limit).map(entry));
    more(numbers.length);
    $("list").children[first]?.querySelector("summary").focus();
  });
  $("reveal")?.addEventListener("click", reveal);
  $("switch").addEventListener("click", () => speak(lang === "zh" ? "en" : "zh"));
  $("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  drawFilters();
  draw();
  if (location.hash.startsWith("#case-")) goto(decodeURIComponent(location.hash.slice(6)));
})();
