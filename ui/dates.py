"""Dates as people write them, in either language."""

from __future__ import annotations

from datetime import date, datetime

from coach.messages import say
from coach.types import Lang


def day(on: date, lang: Lang, today: date | None = None) -> str:
    """A date; without its year when that is the year of `today`. A moment is told as the day it has on this machine."""
    if isinstance(on, datetime):
        on = on.astimezone().date()
    if today is not None and on.year == today.year:
        return say("web_day", lang, day=on.day, month=month_of(on, lang))
    return say("web_date", lang, day=on.day, month=month_of(on, lang), year=on.year)


def month_name(on: date, lang: Lang) -> str:
    """A month with its year."""
    return say("web_month", lang, month=month_of(on, lang), year=on.year)


def month_of(on: date, lang: Lang) -> str:
    """A month without its year."""
    return say("web_months", lang).split()[on.month - 1]
