"""The log-in page: HTML of its own, since nothing of the other pages is served before somebody has logged in.

Owns what `/login` shows and where it leads. Whether a password is right is decided by POST /api/login.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse

from coach.messages import say
from coach.service.auth import entry_of
from coach.service.errors import reader_language
from coach.types import Lang

HERE = Path(__file__).resolve().parent
LANGUAGE = "coach_lang"
"""Cookie: the language chosen on any page; the same as that of the others."""
_WORDS = ("title", "lead", "name", "password", "show", "submit", "help", "script")
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]{0,2000}")

_PAGE = Template("""<!doctype html>
<html lang="$tag">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="same-origin">
<title>$title · $product</title>
<link rel="icon" href="$icon">
<style nonce="$nonce">$css</style>
<script nonce="$nonce">$theme</script>
</head>
<body>
<main>
<header><img src="$icon" alt=""><strong>$product</strong>
<a href="$switch" lang="$other_tag" hreflang="$other_tag">$other</a></header>
<h1>$title</h1>
<p class="lead">$lead</p>
<noscript><p class="error">$script</p></noscript>
<form id="log-in" method="post" action="/api/login" novalidate hidden>
<p class="error" id="error" role="alert"></p>
<label>$name<input id="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required
  maxlength="200"></label>
<label>$password<input id="password" name="password" type="password" autocomplete="current-password" required
  maxlength="1000"></label>
<label class="show"><input id="show" type="checkbox">$show</label>
<button id="submit" type="submit">$submit</button>
</form>
<p class="help">$help</p>
</main>
<script nonce="$nonce">$script_code</script>
</body>
</html>
""")
# The pages remember a chosen theme under this name; without one the system's is followed, in the style sheet.
_THEME = """
try {
  const chosen = localStorage.getItem("career_coach_theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.classList.add(chosen);
} catch {}
"""
_SCRIPT = Template("""
const said = $said;
const form = document.getElementById("log-in"), error = document.getElementById("error");
const name = document.getElementById("name"), password = document.getElementById("password");
const submit = document.getElementById("submit"), label = submit.textContent;
let busy = false;
form.hidden = false;  // without this script it could not log anybody in
name.focus();
function tell(sentence, field) {
  error.textContent = "";
  for (const input of [name, password]) {
    input.toggleAttribute("aria-invalid", false);
    input.removeAttribute("aria-describedby");
  }
  if (!sentence) return;
  error.textContent = sentence;
  if (field) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "error");
    field.focus();
  }
}
function work(now) {
  busy = now;
  submit.setAttribute("aria-disabled", String(now));
  submit.textContent = now ? said.busy : label;
}
document.getElementById("show").addEventListener("change", (event) => {
  password.type = event.target.checked ? "text" : "password";
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  if (!name.value.trim() || !password.value) return tell(said.empty, name.value.trim() ? password : name);
  tell("");
  work(true);
  try {
    const answer = await fetch("/api/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: name.value, password: password.value, lang: said.lang }),
    });
    if (answer.ok) return location.replace(said.next);
    const told = (await answer.json()).error;
    tell(told.message || said.offline, password);
    password.select();
  } catch {
    tell(said.offline);
  }
  work(false);
});
""")


def mount_login(app: FastAPI) -> None:
    """Serves the page at `/login`; to be called before a page is mounted over everything else."""
    css = (HERE / "login.css").read_text(encoding="utf-8")
    icon = "data:image/svg+xml;base64," + base64.b64encode((HERE / "icon.svg").read_bytes()).decode("ascii")

    async def page(request: Request) -> Response:
        entry = entry_of(request)
        wanted = local(request.query_params.get("next", ""))
        if entry.visitor is not None:
            return RedirectResponse(wanted, status_code=303, headers={"cache-control": "no-store"})
        profession = await run_in_threadpool(lambda: app.state.service.coach.profession)
        lang = _language(request)
        nonce = secrets.token_urlsafe(16)
        html = login_html(lang, profession.title.of(lang), wanted, css=css, icon=icon, nonce=nonce)
        response = HTMLResponse(html, headers=_headers(nonce))
        if request.query_params.get("lang") == lang:  # switched here: the other pages go on in it
            response.set_cookie(LANGUAGE, lang, max_age=365 * 86_400, path="/", samesite="lax")
        return response

    app.add_api_route("/login", page, methods=["GET", "HEAD"], include_in_schema=False, response_model=None)


def local(wanted: str) -> str:
    """A path of this service, or its first page: a link must not lead somewhere else after the log-in."""
    found = bool(_LOCAL.fullmatch(wanted)) and not re.match(r"/(login|api|gradio_api)\b", wanted)
    return wanted if found else "/"


def login_html(lang: Lang, product: str, wanted: str, *, css: str, icon: str, nonce: str) -> str:
    """The whole page. `wanted` is the path to go to after the log-in."""
    said = {"lang": lang, "next": wanted, **{key: say(f"acc_page_{key}", lang) for key in ("busy", "empty", "offline")}}
    other: Lang = "en" if lang == "zh" else "zh"
    switch = "/login?" + urlencode({"lang": other, **({"next": wanted} if wanted != "/" else {})})
    words = {key: escape(say(f"acc_page_{key}", lang)) for key in _WORDS}
    return _PAGE.substitute(
        words,
        tag=_tag(lang),
        other_tag=_tag(other),
        other="English" if other == "en" else "中文",
        product=escape(product),
        switch=escape(switch),
        css=css,
        icon=icon,
        nonce=nonce,
        theme=_THEME,
        # `<` as an escape: nothing in a value can end the script.
        script_code=_SCRIPT.substitute(said=json.dumps(said, ensure_ascii=True).replace("<", "\\u003c")),
    )


def _language(request: Request) -> Lang:
    """Switched on this page, else chosen on any page before, else the browser's."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE, "")
    return reader_language(request.headers, {"lang": asked})


def _headers(nonce: str) -> dict[str, str]:
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {"content-security-policy": policy, "cache-control": "no-store", "x-content-type-options": "nosniff"}


def _tag(lang: Lang) -> str:
    return "zh-CN" if lang == "zh" else "en"
