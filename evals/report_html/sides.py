"""Over-refusal against hallucination: two errors that are traded for one another, as points and as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from evals.metrics import METRICS
from evals.report_html.figures import Share, share
from evals.report_html.pieces import metric_title, percent, say, scroll, section
from evals.report_html.words import LANGS, WORDS
from evals.schema import Outcome

_ERRORS = ("over_refused", "hallucinated")


@dataclass(frozen=True, kw_only=True)
class Side:
    """A group of cases by the two errors that are traded for one another; None where no case of it can make the error."""

    title: str
    refused: Share
    hallucinated: Share


def _side(title: str, of: Sequence[Outcome]) -> Side:
    def taken(name: str) -> Share:
        return share([v for o in of if (v := o.values.get(name)) is not None])

    return Side(title=title, refused=taken("over_refused"), hallucinated=taken("hallucinated"))


def sides_section(outcomes: Sequence[Outcome]) -> str:
    groups: dict[tuple[str, ...], list[Outcome]] = defaultdict(list)
    for suite in dict.fromkeys(o.suite for o in outcomes):
        of = [o for o in outcomes if o.suite == suite]
        for lang in LANGS:
            groups[suite, lang] = [o for o in of if o.lang == lang]
        for kind in sorted({o.kind for o in of}):
            groups[suite, "", kind] = [o for o in of if o.kind == kind]
    made = [_side(_side_title(key), of) for key, of in groups.items()]
    made = sorted((side for side in made if side.refused.n or side.hallucinated.n), key=_rank)
    made.insert(0, _side(say("lang.all"), outcomes))
    if not (made[0].refused.n or made[0].hallucinated.n):
        return section("sides", f"<p>{say('sides.none')}</p>")
    body = "".join(_side_row(n, side) for n, side in enumerate(made, 1))
    head = "".join(
        f'<th scope="col">{h}</th>' for h in ("#", say("sides.group"), *(metric_title(METRICS[m]) + " ↓" for m in _ERRORS))
    )
    return section(
        "sides",
        f'<p class="how">{say("sides.how")}</p><div class="two"><figure>{_scatter(made)}</figure>',
        scroll("sides", f'<table class="sides"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'),
        "</div>",
    )


def _rank(side: Side) -> tuple[float, bool, bool]:
    """The worst first; groups at the same place get numbers in a row."""
    return (
        -max(side.refused.mean or 0.0, side.hallucinated.mean or 0.0),
        side.hallucinated.mean is None,
        side.refused.mean is None,
    )


def _side_title(key: tuple[str, ...]) -> str:
    suite, lang, *kind = key
    return f"{escape(suite)} · " + (escape(kind[0]) if kind else say(f"lang.{lang}"))


def _side_row(number: int, side: Side) -> str:
    cells = "".join(
        f'<td class="num">{percent(of.mean)}' + (f" <small>({of.n})</small></td>" if of.n else "</td>")
        for of in (side.refused, side.hallucinated)
    )
    return f'<tr><td class="num">{number}</td><th scope="row">{side.title}</th>{cells}</tr>'


def _scatter(sides: Sequence[Side]) -> str:
    """Numbered points; groups without one of the two errors in strips beside the axes, where no false 0 can be read."""
    top = max((s.mean or 0.0) for side in sides for s in (side.refused, side.hallucinated))
    reach = next(r for r in (0.1, 0.2, 0.3, 0.5, 0.75, 1.0) if top <= r)
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, side in enumerate(sides, 1):
        x, y = side.refused.mean, side.hallucinated.mean
        at = (14 if x is None else 76 + round(34 * x / reach) * 9, 364 if y is None else 318 - round(34 * y / reach) * 9)
        places[at].append(number)
    ticks = "".join(
        f'<path class="grid" d="M{76 + 306 * s:.0f} 8V322M72 {318 - 306 * s:.0f}H390"/>'
        f'<text x="{76 + 306 * s:.0f}" y="338" text-anchor="middle">{100 * reach * s:g} %</text>'
        f'<text x="60" y="{322 - 306 * s:.0f}" text-anchor="end">{100 * reach * s:g}</text>'
        for s in (0, 0.5, 1)
    )
    strips = '<path class="strip" d="M-2 2h32v332h-32zM58 348h340v32h-340z"/>'
    names = (
        f'<g class="name">{_svg_text("sides.x", 231, 398)}</g>'
        f'<g class="name" transform="translate(-8 165) rotate(-90)">{_svg_text("sides.y", 0, 0)}</g>'
    )
    points = "".join(_point(x, y, numbers) for (x, y), numbers in places.items())
    return f'<svg viewBox="-22 0 424 406" class="scatter" aria-hidden="true">{strips}{ticks}{names}{points}</svg>'


def _svg_text(key: str, x: int, y: int) -> str:
    return "".join(
        f'<text class="{lang}" x="{x}" y="{y}" text-anchor="middle">{escape(WORDS[lang][key])}</text>' for lang in LANGS
    )


def _point(x: int, y: int, numbers: Sequence[int]) -> str:
    """One group, or the first and the last of those that stand at one place; the title names them all."""
    label = f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]}…{numbers[-1]}"
    wide = 10 + 3 * (len(label) - len(str(numbers[0])))
    whole = " whole" if 1 in numbers else ""
    return (
        f'<g class="point{whole}"><title>{", ".join(map(str, numbers))}</title>'
        f'<rect x="{x - wide}" y="{y - 10}" width="{2 * wide}" height="20" rx="10"/>'
        f'<text x="{x}" y="{y + 4}" text-anchor="middle">{label}</text></g>'
    )
