"""What changed between two versions of a plan, in sentences a person reads."""

from __future__ import annotations

from collections.abc import Iterator

from coach.development.schema import Line, Plan
from coach.framework.files import Text
from coach.framework.schema import Framework
from coach.messages import both


def differences(before: Plan, after: Plan, framework: Framework) -> tuple[Text, ...]:
    """One sentence for each change: the target; lines added, removed, changed or done; or that nothing changed."""
    found = [
        *_target(before, after, framework),
        *(both("diff_removed", text=_named(line)) for line in before.lines if not _same(line, after)),
        *(both("diff_added", text=_named(line), due=line.due) for line in after.lines if not _same(line, before)),
        *(text for line in after.lines if (old := _same(line, before)) for text in _changed(old, line)),
    ]
    return tuple(found) or (both("diff_none"),)


def _target(before: Plan, after: Plan, framework: Framework) -> Iterator[Text]:
    if before.target != after.target:
        old, new = (framework.stage(p.target).name for p in (before, after))
        yield both("diff_target", before=old, after=new)


def _same(line: Line, plan: Plan) -> Line | None:
    """The line that carries out the same: by library action, else by id and role."""
    for other in plan.lines:
        if line.action and other.action == line.action:
            return other
        if not line.action and not other.action and (other.id, other.role, other.pillar) == (line.id, line.role, line.pillar):
            return other
    return None


def _changed(old: Line, new: Line) -> Iterator[Text]:
    if old.text != new.text:
        yield both("diff_text", before=old.text, after=new.text)
    yield from _moved(old, new)
    for name in ("measure", "evidence", "owner", "hours"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            nothing = 0 if name == "hours" else "-"
            yield both(f"diff_{name}", text=_named(new), before=before or nothing, after=after or nothing)
    if old.status != new.status:
        yield both("diff_status", text=_named(new), before=both(f"status_{old.status}"), after=both(f"status_{new.status}"))


def _moved(old: Line, new: Line) -> Iterator[Text]:
    """A line that begins and ends on other days has moved once."""
    if old.start != new.start and old.due != new.due:
        yield both("diff_span", text=_named(new), start=old.start, due=old.due, new_start=new.start, new_due=new.due)
    elif old.start != new.start:
        yield both("diff_start", text=_named(new), before=old.start, after=new.start)
    elif old.due != new.due:
        yield both("diff_date", text=_named(new), before=old.due, after=new.due)


def _named(line: Line) -> Text:
    """A line as part of a sentence: without its full stop."""
    return Text(zh=line.text.zh.rstrip("。"), en=line.text.en.rstrip("."))
