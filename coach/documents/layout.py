"""The layout of the PDF, in typst. It reads the sheet as JSON from its inputs: a person's words are data, never markup."""

from __future__ import annotations

SOURCE = r"""
#let d = json(bytes(sys.inputs.sheet))
#let accent = rgb(d.accent)
#let ink = rgb("#1f2933")
#let faint = rgb("#52606d")
#let line-colour = rgb("#d5dae0")
#let size = d.size * 1pt
#let small = size * d.small

#set document(title: d.document_title, author: d.author)
#set text(font: d.fonts, size: size, fill: ink, lang: d.lang, region: d.region, features: d.features)
#set par(leading: 0.68em, spacing: 0.85em, justify: false, linebreaks: "simple")

// Only a regular weight is embedded: strong text is the same glyphs with a hair of outline.
#let strong-text(body, fill: ink) = text(fill: fill, stroke: 0.013em + fill, body)
#let plain(s) = s.split("\n").join(linebreak())

#let page-words(at, of) = d.page.replace("{page}", str(at)).replace("{pages}", str(of))
#set page(
  paper: "a4",
  margin: (x: d.margin * 1cm, top: (d.margin + 0.2) * 1cm, bottom: d.margin * 1cm),
  header: context if counter(page).get().first() > 1 {
    set text(size: small, fill: faint)
    grid(columns: (1fr, auto), column-gutter: 1em, plain(d.header), d.made)
    v(-0.5em)
    line(length: 100%, stroke: 0.5pt + line-colour)
  },
  footer: context {
    set text(size: small, fill: faint)
    grid(
      columns: (1fr, auto), column-gutter: 1em,
      plain(d.author), page-words(counter(page).get().first(), counter(page).final().first()),
    )
  },
)

#show title: it => block(below: 0.5em, text(size: 2.1 * size, fill: accent, stroke: 0.018em + accent, it.body))
#set heading(numbering: none)
#show heading.where(level: 1): it => block(
  above: d.gap * 1em, below: 0.75em, width: 100%, sticky: true,
  text(size: 1.32 * size, fill: accent, stroke: 0.02em + accent, weight: "regular", it.body),
)

#let cell(body, ..rest) = table.cell(..rest, { set text(size: small); set par(leading: d.leading * 1em); body })
#let head-cells(words) = words.map(w => cell(strong-text(plain(w), fill: white), fill: accent))
#let rules(x, y) = (bottom: 0.5pt + line-colour)
#let inset = (x: 6pt, y: d.inset * 1pt)

#let piece-words(p) = {
  if p.label != "" { text(fill: faint, p.label) }
  plain(p.text)
}
#let piece(p) = block(above: 0.72em, below: 0.72em, piece-words(p))
#let pieces(list) = list.map(piece).join()

// A row is kept on one page unless it is so long that it might not fit on any, or the pages are too few.
#let fact-table(rows) = table(
  columns: (auto, 1fr), stroke: rules, inset: inset, align: left + top,
  ..rows.map(((key, value)) => (
    cell(text(fill: faint, plain(key))), cell(plain(value), breakable: value.len() > 1500),
  )).flatten(),
)
#let halves(items, show-half) = {
  let middle = calc.ceil(items.len() / 2)
  grid(columns: (1fr, 1fr), column-gutter: 1.4em, show-half(items.slice(0, middle)), show-half(items.slice(middle)))
}
// Short facts stand in two columns, long ones below them.
#let facts(b) = {
  let (short, long) = (b.rows.filter(r => r.at(1).len() <= 75), b.rows.filter(r => r.at(1).len() > 75))
  if short.len() > 3 { halves(short, fact-table) } else { long = b.rows }
  if long.len() > 0 { fact-table(long) }
}
// A short table stays on one page, so that no single row is left over on the next.
#let listing(b) = block(breakable: b.rows.len() > 6 or json.encode(b.rows).len() > 6000, table(
  columns: b.widths.map(w => w * 1fr), stroke: rules, inset: inset, align: left + top,
  table.header(..head-cells(b.head)),
  ..b.rows.map(row => row.map(s => cell(plain(s), breakable: s.len() > 1500))).flatten(),
))
#let card(c) = {
  let long = d.breaks or json.encode(c).len() > 6000
  let first = {
    block(below: 0.7em, strong-text(plain(c.title)))
    set text(size: 0.95em)
    for p in c.tags { block(above: 0.58em, below: 0.58em, piece-words(p)) }
  }
  (cell(first, breakable: long), ..c.details.map(list => cell(pieces(list), breakable: long)))
}
#let cards(b) = table(
  columns: b.widths.map(w => w * 1fr), stroke: rules, inset: inset, align: left + top,
  table.header(..head-cells(b.head)),
  ..b.groups.map(g => (
    if g.title == "" { () } else {
      (table.header(level: 2, cell(
        strong-text(plain(g.title), fill: accent), colspan: b.head.len(), fill: rgb("#eaf0f6"),
      )),)
    },
    g.cards.map(card),
  )).flatten(),
)
// A long list of short items stands in two columns.
#let bullets(b) = {
  let items(texts) = list(
    marker: text(fill: accent, "•"), body-indent: 0.6em, spacing: 0.75em, ..texts.map(plain),
  )
  if b.items.len() > 5 and calc.max(..b.items.map(s => s.len())) < 150 {
    set text(size: small)
    halves(b.items, items)
  } else { items(b.items) }
}
#let paragraph(b) = if b.note {
  block(above: 0.7em, below: 0.7em, text(size: small, fill: faint, plain(b.text)))
} else { par(plain(b.text)) }
#let radar(b) = align(center, block(
  above: 0.6em, below: 1em, breakable: false,
  image(bytes(b.svg), format: "svg", alt: b.alt, width: calc.min(b.width, 17.4) * 1cm),
))
#let kinds = (
  paragraph: paragraph, facts: facts, grid: listing, cards: cards, bullets: bullets, radar: radar,
)

#title(plain(d.title))
#if d.subtitle != "" { block(above: 0pt, below: 0.8em, text(size: 1.35 * size, plain(d.subtitle))) }
#block(above: 0.4em, below: 0.6em, for (key, value) in d.head {
  box(text(fill: faint, key + d.colon) + plain(value))
  h(1.6em, weak: true)
})
#line(length: 100%, stroke: 1pt + accent)

#for section in d.sections {
  heading(level: 1, plain(section.title))
  for b in section.blocks { (kinds.at(b.kind))(b) }
}
"""
