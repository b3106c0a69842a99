"""The web pages: which there are, the parts of the chat and the handler each calls, and how all are mounted into the service.

The chat streams and has parts of its own; every other page is a `shell.Page`. How it looks is in `render`, `html` and the
style sheets, what the browser does by itself in `shell.js` and `chat.js`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")  # its table of timings, summed up anew at every event

import gradio as gr  # noqa: E402
from fastapi import FastAPI  # noqa: E402
from gradio.components import Component  # noqa: E402

from coach.app import Coach  # noqa: E402
from coach.messages import say  # noqa: E402
from coach.types import Lang  # noqa: E402
from ui import render  # noqa: E402
from ui.chat import Asked, Chat, View  # noqa: E402
from ui.library import LibraryPage  # noqa: E402
from ui.me import MePage  # noqa: E402
from ui.plan import PlanPage  # noqa: E402
from ui.shell import frame_html, header_html, lay_out  # noqa: E402
from ui.visit import visit_of  # noqa: E402

HERE = Path(__file__).resolve().parent
CONCURRENT_REPLIES = 32
"""Replies streamed at once; they wait for the coach in their own threads, so this costs next to nothing."""
QUEUE = 256
LOOK_AGAIN_SECONDS = 2.0
_STORAGE_SECRET = "career-coach-page"
"""Not a secret: it only keeps what a browser stores readable after a restart of the service."""
_FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
_TRIGGERS = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (!button) return;
  const what = button.dataset.do;
  if (what === 'ask') trigger('ask', { text: button.dataset.text });
  else if (what === 'again') trigger('again');
  else if (what === 'back') trigger('back');
  else if (what === 'forget') trigger('forget');
  else if (what === 'fresh') trigger('fresh');
});
"""


Parts = dict[str, Any]
"""Names of the page's parts, as `chat.View` uses them, and Gradio's components for them."""


def mount(app: FastAPI, coach: Coach) -> FastAPI:
    """Serves the chat at `/`; to be called after every other route is in place, since it answers whatever is left."""
    gr.mount_gradio_app(
        app,
        build(coach),
        path="/",
        theme=gr.themes.Base(font=_FONTS, font_mono=["ui-monospace", "monospace"]),
        head=f"{_HEAD}{_files('style', 'style.css', 'pages.css')}{_files('script', 'shell.js', 'chat.js')}",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        mcp_server=False,
        enable_monitoring=False,
        favicon_path=str(HERE / "icon.svg"),
    )
    return app


def _files(tag: str, *names: str) -> str:
    return "".join(f"<{tag}>{(HERE / name).read_text(encoding='utf-8')}</{tag}>" for name in names)


def build(coach: Coach) -> gr.Blocks:
    """The pages over one coach."""
    chat = Chat(coach)
    blocks = gr.Blocks(title=coach.profession.title.zh, analytics_enabled=False, fill_width=True)
    with blocks:
        gr.Navbar(visible=False)  # the pages stand in our own header
        parts = _lay_out(coach)
        _wire(blocks, chat, parts)
    for page in (MePage(coach), PlanPage(coach), LibraryPage(coach)):
        with blocks.route(page.path.strip("/"), page.path, show_in_navbar=False):
            gr.Navbar(visible=False)
            lay_out(blocks, page, lambda: coach.profession)
    blocks.queue(default_concurrency_limit=CONCURRENT_REPLIES, max_size=QUEUE)
    return blocks


def _lay_out(coach: Asked) -> Parts:
    lang: Lang = "zh"
    parts: Parts = {
        "kept": gr.BrowserState(None, storage_key="career_coach_conversation", secret=_STORAGE_SECRET),
        "chosen": gr.BrowserState("", storage_key="career_coach_language", secret=_STORAGE_SECRET),
        "lang": gr.State(lang),
    }
    parts["header"] = _html(frame_html(), "coach-header")
    with gr.Row(elem_id="coach-body"):
        with gr.Column(elem_id="coach-main"):
            with gr.Column(elem_id="coach-scroll"):
                parts["banner"] = _html("", "coach-banner")
                parts["log"] = _html("", "coach-log", _TRIGGERS)
                parts["live"] = _html("", "coach-live")
                parts["announce"] = _html("", "coach-announce")
            with gr.Column(elem_id="coach-composer"):
                parts["hint"] = _html("", "coach-hint")
                with gr.Row(elem_id="coach-ask"):
                    parts["box"] = gr.Textbox(
                        elem_id="coach-q",
                        label=say("web_box_label", lang),
                        placeholder=say("web_box_placeholder", lang),
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=8,
                        autofocus=True,
                        scale=1,
                    )
                    parts["send"] = gr.Button(say("web_send", lang), elem_id="coach-send", variant="primary")
                    parts["stop"] = gr.Button(say("web_stop", lang), elem_id="coach-stop", visible=False)
                settings = coach.settings
                parts["foot"] = _html(render.foot_html(lang, settings.model, settings.max_question_chars), "coach-foot")
        with gr.Column(elem_id="coach-side"):
            parts["panel"] = _html(render.panel_html([], lang), "coach-panel")
    parts["timer"] = gr.Timer(LOOK_AGAIN_SECONDS)
    return parts


def _html(value: str, elem_id: str, js: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=js, apply_default_css=False)


def _wire(blocks: gr.Blocks, chat: Chat, parts: Parts) -> None:
    on = _Handlers(chat, parts)
    box, kept, chosen, lang, log = (parts[name] for name in ("box", "kept", "chosen", "lang", "log"))
    page: dict[str, Any] = {"outputs": list(parts.values()), "show_progress": "hidden", "api_visibility": "private"}
    blocks.load(on.load, [kept, chosen], **page)
    parts["timer"].tick(on.look_again, [lang], **page)
    gr.on([box.submit, parts["send"].click], on.send, [box, kept, lang], **page)
    parts["stop"].click(on.stop, None, None, queue=False, show_progress="hidden", api_visibility="private")
    log.ask(on.ask, [kept, lang], **page)
    log.again(on.again, [kept, lang], **page)
    log.back(on.turned(chat.back), [kept, lang], **page)
    log.forget(on.turned(chat.forget), [kept, lang], **page)
    log.fresh(on.turned(chat.fresh), [kept, lang], **page)


class _Handlers:
    """The page's handlers in Gradio's shape: its arguments in, its updates out."""

    def __init__(self, chat: Chat, parts: Parts) -> None:
        self._chat = chat
        self._show = _shower(parts)

    async def send(self, question: str, kept: Any, lang: Lang, request: gr.Request) -> AsyncIterator[Any]:
        async for view in self._chat.send(question, kept, lang, _page(request)):
            yield self._show(view)

    async def ask(self, kept: Any, lang: Lang, request: gr.Request, event: gr.EventData) -> AsyncIterator[Any]:
        """A question that was pressed, not typed: what stands in the question box stays there."""
        async for view in self._chat.send(str(event._data.get("text", "")), kept, lang, _page(request)):
            yield self._show(_without_box(view))

    async def again(self, kept: Any, lang: Lang, request: gr.Request) -> AsyncIterator[Any]:
        async for view in self._chat.again(kept, lang, _page(request)):
            yield self._show(_without_box(view))

    def stop(self, request: gr.Request) -> None:
        self._chat.stop(_page(request))

    def load(self, kept: Any, chosen: Any, request: gr.Request) -> Any:
        visit = visit_of(request)
        header = header_html(visit, self._chat.coach.profession, "/")
        return self._show(self._chat.open(kept, visit.lang) | {"header": header})

    def look_again(self, lang: Lang) -> Any:
        return self._show(self._chat.banner(lang))

    def switch(self, kept: Any, lang: Lang, request: gr.Request) -> Any:
        view = self._chat.switch(kept, lang, _page(request))
        return self._show(view | {"chosen": view["lang"]})

    def turned(self, handler: Callable[[object, Lang, str], View]) -> Callable[..., Any]:
        """A handler that turns to another conversation."""

        def handle(kept: Any, lang: Lang, request: gr.Request) -> Any:
            return self._show(handler(kept, lang, _page(request)))

        return handle


def _without_box(view: View) -> View:
    return {name: value for name, value in view.items() if name != "box"}


def _shower(parts: Parts) -> Callable[[View], dict[Component, Any]]:
    """From a view to Gradio's updates."""

    def show(view: View) -> dict[Component, Any]:
        updates = {parts[name]: value for name, value in view.items() if name in parts}
        if "busy" in view:
            updates[parts["send"]] = {"visible": not view["busy"]}
            updates[parts["stop"]] = {"visible": view["busy"]}
        if "loading" in view:
            updates[parts["timer"]] = {"active": view["loading"]}
        if "header" in view and "lang" in view:
            words = {key: say(f"web_{key}", view["lang"]) for key in ("send", "stop", "box_label", "box_placeholder")}
            updates[parts["box"]] = {"label": words["box_label"], "placeholder": words["box_placeholder"]}
            updates[parts["send"]] = {**updates.get(parts["send"], {}), "value": words["send"]}
            updates[parts["stop"]] = {**updates.get(parts["stop"], {}), "value": words["stop"]}
        return {part: _update(part, value) for part, value in updates.items()}

    return show


def _update(part: Component, value: Any) -> Any:
    return gr.update(**value) if isinstance(value, dict) and not isinstance(part, gr.BrowserState) else value


def _page(request: gr.Request) -> str:
    """The name of the page that calls: one per load, so two tabs never share a reply."""
    return str(request.session_hash or "")


_HEAD = (
    '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
    '<meta name="color-scheme" content="light dark">'
)
