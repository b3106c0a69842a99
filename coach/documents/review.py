"""A quarterly or yearly review as a Sheet: what was planned, where it stands, what shows it, why not, what changes."""

from __future__ import annotations

from collections.abc import Iterator

from coach.development.schema import Plan, Review, ReviewRow, Trend
from coach.documents.blocks import Block, Bullets, Facts, Grid, Paragraph, Section, Sheet, cleaned
from coach.documents.words import LONGEST_QUOTE, shortened
from coach.framework.schema import Framework, StageId
from coach.messages import say
from coach.types import Lang

_NAME = 100  # characters of the name


def review_sheet(review: Review, framework: Framework, lang: Lang, plan: Plan | None = None) -> Sheet:
    """A review as a document in one language; `plan` is the version that was looked at, where it can be read.

    The yearly one begins with the stage and the levels, then and now.
    """
    names = {r.id: r.name for r in framework.plan.reviews}
    title = names[review.kind].of(lang)
    name = shortened(plan.name, _NAME) if plan else ""
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("desk_review_summary", (Paragraph(text=review.summary.of(lang)),)),
        ("desk_review_stage", tuple(_stages(review, framework, lang, plan))),
        ("desk_review_trends", tuple(_trends(review, framework, lang))),
        ("doc_goals", tuple(_rows([r for r in review.rows if _is_goal(r, plan)], review, lang))),
        ("doc_actions", tuple(_rows([r for r in review.rows if not _is_goal(r, plan)], review, lang))),
        ("desk_review_questions", (Bullets(items=tuple(q.of(lang) for q in review.questions)),) if review.questions else ()),
    )
    sheet: Sheet = cleaned(
        Sheet(
            lang=lang,
            title=title,
            subtitle=name,
            made=review.on,
            author=framework.profession.title.of(lang),
            head=(
                (say("doc_date", lang), review.on.isoformat()),
                (say("desk_review_version", lang), say("doc_version_value", lang, n=review.version)),
            ),
            sections=tuple(Section(title=say(key, lang), blocks=blocks) for key, blocks in parts if blocks),
            header=say("doc_header", lang, title=title, name=name) if name else title,
            page=say("doc_page", lang, page="{page}", pages="{pages}"),
            colon=say("doc_colon", lang, label=""),
        )
    )
    return sheet


def _is_goal(row: ReviewRow, plan: Plan | None) -> bool:
    return plan is not None and any(goal.id == row.line for goal in plan.goals)


def _stages(review: Review, framework: Framework, lang: Lang, plan: Plan | None) -> Iterator[Block]:
    """The stage when the plan was made, the stage by today's profile, and the target."""
    if review.stage is None:
        return
    stages = {s.id: s.name.of(lang) for s in framework.stages}

    def named(key: str, stage: StageId) -> tuple[str, str]:
        return say(key, lang), stages.get(stage, stage)

    before = [named("desk_stage_before", plan.stage)] if plan else []
    target = [named("desk_stage_target", plan.target)] if plan and plan.target != review.stage else []
    yield Facts(rows=(*before, named("desk_stage_now", review.stage), *target))


def _trends(review: Review, framework: Framework, lang: Lang) -> Iterator[Block]:
    if not review.trends:
        return

    def level(number: int | None) -> str:
        return say("doc_level_unknown", lang) if number is None else say("doc_level_plain", lang, n=number)

    names = {p.id: p.name.of(lang) for p in framework.pillars}
    rows = tuple((names.get(t.pillar, t.pillar), level(t.before), level(t.now), _trend(t, lang)) for t in review.trends)
    head = tuple(say(k, lang) for k in ("doc_pillar", "desk_before", "doc_now", "desk_trend"))
    yield Grid(head=head, rows=rows, widths=(5.4, 3.4, 3.4, 3.2))


def _trend(trend: Trend, lang: Lang) -> str:
    """The change of a level in words; a level that could not be told before or now has not risen or fallen."""
    if trend.now is None:
        return say("desk_trend_none" if trend.before is None else "desk_trend_lost", lang)
    if trend.before is None:
        return say("desk_trend_first", lang)
    if trend.now == trend.before:
        return say("desk_trend_same", lang)
    return say("desk_trend_up" if trend.now > trend.before else "desk_trend_down", lang, n=abs(trend.now - trend.before))


def _rows(found: list[ReviewRow], review: Review, lang: Lang) -> Iterator[Block]:
    if found:
        head = tuple(say(k, lang) for k in ("desk_line", "doc_due", "doc_state", "desk_told", "desk_changes"))
        rows = tuple(
            (
                row.text.of(lang),
                row.planned.isoformat(),
                _state(row, review, lang),
                shortened(row.shown or row.obstacle, LONGEST_QUOTE) or say("doc_none", lang),
                row.change.of(lang),
            )
            for row in found
        )
        yield Grid(head=head, rows=rows, widths=(4.9, 2.1, 1.8, 3.2, 4.2))


def _state(row: ReviewRow, review: Review, lang: Lang) -> str:
    if row.status is None:
        return say("desk_not_due" if row.planned > review.on else "desk_no_news", lang)
    return say("desk_on_track" if row.status == "on_track" else f"status_{row.status}", lang)
