"""The page for people who were asked for feedback: a form behind a private link, without an account and without a script.

Owns what `/feedback/<token>` shows and takes. What an answer may be, and that no name is kept, is decided by the desk.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from coach.app import Coach
from coach.development.assessment import LEAST_ANSWERS
from coach.development.desk import FeedbackAnswer
from coach.development.schema import MAX_FIELD
from coach.errors import CoachError, InputError, NotFound
from coach.messages import say
from coach.service.errors import problem, reader_language
from coach.text import clean
from coach.types import Lang
from ui.dates import day
from ui.html import Option, choice, escape, field, notice

HERE = Path(__file__).resolve().parent
PATH = "/feedback/"
MAX_BYTES = 1_000_000
"""Of an answer as it is sent; five comments are far below it."""
_THEME = """
try {
  const chosen = localStorage.getItem("career_coach_theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
} catch {}
"""

Typed = Mapping[str, str]
"""What was filled in, by the names of the form: `rating.<pillar>`, `comment.<pillar>`."""


def mount_feedback(app: FastAPI, coach: Coach) -> None:
    """Serves the page; to be called before a page is mounted over everything else."""

    async def show(token: str, request: Request) -> Response:
        lang = _language(request)
        return await run_in_threadpool(lambda: _page(coach, token, lang))

    async def take(token: str, request: Request) -> Response:
        lang = _language(request)
        typed = typed_of(await _body(request))
        return await run_in_threadpool(lambda: _taken(coach, token, typed, lang))

    path = PATH + "{token}"
    app.add_api_route(path, show, methods=["GET", "HEAD"], include_in_schema=False, response_model=None)
    app.add_api_route(path, take, methods=["POST"], include_in_schema=False, response_model=None)


def typed_of(body: bytes) -> dict[str, str]:
    """The fields of a sent form, the last of each name, without control characters; none of what no form of ours sends."""
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return {}
    return {name: clean(value).strip() for name, value in pairs}


def answer_of(typed: Typed, pillars: Mapping[str, str], lang: Lang) -> FeedbackAnswer:
    """The answer in a filled form. `pillars` are the names by id. Raises InputError for a comment that is too long."""
    ratings, comments = {}, {}
    for pillar, name in pillars.items():
        rating, comment = typed.get(f"rating.{pillar}", ""), typed.get(f"comment.{pillar}", "")
        if len(comment) > MAX_FIELD:
            raise InputError(say("me_give_long", lang, pillar=name, limit=MAX_FIELD, n=len(comment)))
        if rating.isascii() and rating.isdigit() and len(rating) < 3:
            ratings[pillar] = int(rating)
        if comment:
            comments[pillar] = comment
    return FeedbackAnswer(ratings=ratings, comments=comments)


def form_html(token: str, asked: Mapping[str, Any], typed: Typed, lang: Lang, *, wrong: str = "") -> str:
    """What somebody with a link is asked, with what they filled in already. `wrong` says what has to be mended."""
    rows = "".join(_question(each, typed, lang) for each in asked["questions"])
    intro = escape(say("me_give_intro", lang, least=LEAST_ANSWERS))
    expires = day(datetime.fromisoformat(asked["expires"]), lang)
    failed = ""
    if wrong:
        more = f"<p>{escape(wrong)}</p>"
        failed = f"<div role='alert'>{notice(say('me_give_wrong', lang), 'bad', more=more)}</div>"
    send = f"<div class='row'><button type='submit' class='btn primary'>{escape(say('me_give_submit', lang))}</button></div>"
    return (
        f"<div><h1>{escape(say('me_give_title', lang))}</h1><p class='lede'>{intro}</p>"
        f"<p class='small'>{escape(say('me_give_until', lang, day=expires))}</p></div>{failed}"
        f"<form class='stack' method='post' action='{escape(PATH + quote(token, safe=''))}?lang={lang}'>{rows}{send}</form>"
    )


def _question(each: Mapping[str, Any], typed: Typed, lang: Lang) -> str:
    pillar = each["pillar"]
    options = [Option(value=str(e["level"]), label=e["name"], note=e["text"]) for e in each["levels"]]
    options.append(Option(value="0", label=say("me_give_unsure", lang)))
    pick = choice(f"rating.{pillar}", each["text"], options, typed.get(f"rating.{pillar}", ""))
    help_ = say("me_give_comment_help", lang, pillar=each["name"])
    words = field(f"comment.{pillar}", say("me_give_comment", lang), typed.get(f"comment.{pillar}", ""), rows=3, help_=help_)
    return f"<section class='sheet'><h2>{escape(each['name'])}</h2>{pick}{words}</section>"


def _page(coach: Coach, token: str, lang: Lang) -> Response:
    try:
        return _whole(coach, token, lang, form_html(token, coach.desk.feedback_form(token, lang), {}, lang))
    except CoachError as error:
        return _failed(coach, token, lang, error)


def _taken(coach: Coach, token: str, typed: Typed, lang: Lang) -> Response:
    """Keeps the answer and thanks; what cannot be kept is shown again as it was filled in, with the reason."""
    try:
        asked = coach.desk.feedback_form(token, lang)
    except CoachError as error:
        return _failed(coach, token, lang, error)
    pillars = {each["pillar"]: each["name"] for each in asked["questions"]}
    try:
        coach.desk.give_feedback(token, answer_of(typed, pillars, lang), lang)
    except CoachError as error:
        status, told = problem(error, lang)
        wrong = f"{told['error']['message']} {told['error']['hint']}".strip()
        return _whole(coach, token, lang, form_html(token, asked, typed, lang, wrong=wrong), status)
    thanks = escape(say("me_give_thanks_why", lang, least=LEAST_ANSWERS))
    return _whole(
        coach, token, lang, f"<section class='empty'><h1>{escape(say('me_give_thanks', lang))}</h1><p>{thanks}</p></section>"
    )


def _failed(coach: Coach, token: str, lang: Lang, error: CoachError) -> Response:
    """A link that is gone, or the service's own trouble."""
    status, told = problem(error, lang)
    if isinstance(error, NotFound):
        title, why = say("me_give_gone", lang), say("me_give_gone_why", lang)
    else:
        title, why = told["error"]["message"], told["error"]["hint"]
    body = f"<section class='empty' role='alert'><h1>{escape(title)}</h1><p>{escape(why)}</p></section>"
    return _whole(coach, token, lang, body, status)


def _whole(coach: Coach, token: str, lang: Lang, body: str, status: int = 200) -> Response:
    nonce = secrets.token_urlsafe(16)
    tag, other, other_tag, other_name = ("zh-CN", "en", "en", "English") if lang == "zh" else ("en", "zh", "zh-CN", "中文")
    css = "".join((HERE / name).read_text(encoding="utf-8") for name in ("style.css", "pages.css", "feedback.css"))
    title = escape(say("me_give_title", lang))
    switch = f"{escape(PATH + quote(token, safe=''))}?lang={other}"
    page = (
        f"<!doctype html><html lang='{tag}' class='plain'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'><meta name='robots' content='noindex'>"
        f"<meta name='referrer' content='same-origin'><title>{title}</title><style nonce='{nonce}'>{css}</style>"
        f"<script nonce='{nonce}'>{_THEME}</script></head><body><div class='gradio-container'>"
        f"<header class='top'><div class='name'><p class='title'>{escape(coach.profession.title.of(lang))}</p></div>"
        f"<div class='tools'><a class='btn quiet' href='{switch}' lang='{other_tag}' hreflang='{other_tag}'>{other_name}</a>"
        "</div></header>"
        f"<div id='coach-page'><main class='page' id='coach-main-content'>{body}</main></div></div></body></html>"
    )
    return HTMLResponse(page, status, headers=_headers(nonce))


def _headers(nonce: str) -> dict[str, str]:
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return {"content-security-policy": policy, "cache-control": "no-store", "x-content-type-options": "nosniff"}


def _language(request: Request) -> Lang:
    """Switched on this page, else the browser's."""
    return reader_language(request.headers, query=request.query_params)


async def _body(request: Request) -> bytes:
    """What was sent, no more than MAX_BYTES of it."""
    body = bytearray()
    async for piece in request.stream():
        body += piece[: MAX_BYTES - len(body)]
    return bytes(body)
