"""Loose values of a profile, as any channel sends them: what of them can be used, and how new ones are put over what is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from coach.development.schema import MAX_FIELD, Profile, public
from coach.framework.files import Text
from coach.messages import both
from coach.store.records import ProfileRevision
from coach.text import clean

MAX_REMARKS = 10
"""Remarks on one profile's entries."""


def usable(values: Mapping[str, Any], highest: int) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """The fields a profile has, numbers as texts, and remarks on what is left out."""
    known = {str(name): value for name, value in values.items() if name in Profile.model_fields}
    unknown = [clean(str(name))[:40] for name in values if name not in Profile.model_fields]
    remarks: list[Text] = []
    if unknown:
        shown = ", ".join(unknown[:MAX_REMARKS])
        remarks.append(both("desk_fields_ignored", fields=shown))
    ratings = known.get("self_ratings")
    if isinstance(ratings, Mapping):
        endless = {name for name, rating in ratings.items() if _endless(rating)}
        remarks += [both("remark_rating_refused", rating=str(ratings[n])[:40], highest=highest) for n in endless]
        known["self_ratings"] = {name: rating for name, rating in ratings.items() if name not in endless}
    return {name: value if name == "self_ratings" else _as_text(value) for name, value in known.items()}, tuple(remarks)


def _endless(rating: object) -> bool:
    """Is it a number beyond all bounds?"""
    try:
        return not isinstance(rating, bool) and not math.isfinite(float(str(rating)))
    except ValueError:
        return False


def _as_text(value: object) -> object:
    """Whole numbers of any length as text, also within lists and by pillar; the rest is for the profile to judge."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list | tuple):
        return [_as_text(v) for v in value]
    return {name: _as_text(v) for name, v in value.items()} if isinstance(value, Mapping) else value


def words_of(value: object) -> str:
    """Every text in loose values, for the language they are in."""
    if isinstance(value, str):
        return clean(value[:MAX_FIELD])
    if isinstance(value, Mapping):
        return "\n".join(words_of(v) for v in value.values())
    return "\n".join(words_of(v) for v in value) if isinstance(value, list | tuple) else ""


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Every field that says something; those within a field by `field.key`."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": item for key, item in value.items() if item not in ("", None)}
        elif value not in ("", None, []):
            found[name] = value
    return found


def put(values: dict[str, Any], name: str, value: object) -> None:
    """Sets a field, or, by `field.key`, an entry of one."""
    top, _, key = name.partition(".")
    if key:
        values[top] = {**values[top], key: value}
    else:
        values[top] = value


def merged(known: Mapping[str, Any], given: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """What is known with what was named put over it; within `evidence` and `self_ratings` pillar by pillar."""
    result = dict(known) or public(Profile())
    for name in (n for n in named if n in Profile.model_fields):
        if isinstance(given[name], dict) and isinstance(named[name], Mapping):
            emptied = {key for key, value in named[name].items() if value in (None, "")}
            kept = {key: value for key, value in result[name].items() if key not in emptied}
            result[name] = {**kept, **{key: value for key, value in given[name].items() if value not in (None, "")}}
        else:
            result[name] = given[name]
    return result


def said_before(before: ProfileRevision, names: set[str]) -> dict[str, Any]:
    """What the person said, or confirmed, in these fields."""
    values = filled(public(before.value))
    told = {n for n, source in before.sources.items() if source.origin == "said" or source.confirmed}
    return {name: values[name] for name in names & told if name in values}
