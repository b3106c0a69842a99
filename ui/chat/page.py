"""The chat page in Gradio: its parts, the wires to the browser and the handlers behind them.

Python fills a few parts once; all that follows goes over wires: hidden parts whose value is a plain object that chat.js
takes and puts on the page. So only what changed is sent, and nothing that stands on the page is drawn anew. A wire may skip
values when several come at once; each value therefore says all there is to say about its own thing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from coach.framework import Profession
from ui.chat.handlers import Chat, View
from ui.shell import Values, frame_html, header_html, html_part
from ui.visit import visit_of

FRAME = ("head", "bar", "banner", "box", "panel", "list")
WIRES = ("whole", "live", "found", "note")
_TAKE = "watch('value', () => window.coachChat.take('{wire}', props.value));"
_CONNECT = (
    "const chat = window.coachChat; chat.connect((detail) => trigger('act', detail), (detail) => trigger('ask', detail)); "
    + _TAKE.format(wire="whole")
)


def lay_out_chat(blocks: gr.Blocks, chat: Chat, profession: Callable[[], Profession]) -> None:
    """The chat's parts in a page, and their events."""
    parts: dict[str, Any] = {"header": html_part(frame_html(), "coach-header")}
    with gr.Row(elem_id="coach-body"):
        with gr.Column(elem_id="coach-rail"):
            parts["head"] = html_part("", "coach-rail-head")
            parts["list"] = html_part("", "coach-list")
        with gr.Column(elem_id="coach-main"):
            parts["bar"] = html_part("", "coach-bar")
            with gr.Column(elem_id="coach-scroll"):
                parts["banner"] = html_part("", "coach-banner")
                html_part("<div id='coach-main-content' tabindex='-1'><div id='coach-exchanges'></div></div>", "coach-log")
                html_part("<p class='sr' role='status' id='coach-said'></p>", "coach-announce")
            parts["box"] = html_part("", "coach-composer")
        with gr.Column(elem_id="coach-side"):
            parts["panel"] = html_part("", "coach-panel")
    with gr.Column(elem_id="coach-wires"):
        for wire in WIRES:
            js = _CONNECT if wire == "whole" else _TAKE.format(wire=wire)
            parts[wire] = gr.HTML(
                value={}, html_template="", js_on_load=js, elem_id=f"coach-wire-{wire}", apply_default_css=False
            )
    _wire(blocks, chat, parts, profession)


def _wire(blocks: gr.Blocks, chat: Chat, parts: dict[str, Any], profession: Callable[[], Profession]) -> None:
    def shown(view: View, names: tuple[str, ...]) -> list[Any]:
        return [view.get(name, gr.skip()) for name in names]

    everything = ("header", *FRAME, *WIRES)
    some = ("list", "banner", *WIRES)

    def load(request: gr.Request) -> list[Any]:
        visit = visit_of(request)
        return shown(chat.page(visit) | {"header": header_html(visit, profession(), "/")}, everything)

    def act(request: gr.Request, event: gr.EventData) -> list[Any]:
        sent = event._data
        return shown(chat.do(visit_of(request), str(sent.get("do", "")), Values(sent)), some)

    async def ask(request: gr.Request, event: gr.EventData) -> AsyncIterator[list[Any]]:
        async for view in chat.ask(visit_of(request), Values(event._data)):
            yield shown(view, some)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    outputs = [parts[name] for name in some]
    blocks.load(load, None, [parts[name] for name in everything], queue=False, **quiet)
    parts["whole"].act(act, None, outputs, queue=False, trigger_mode="multiple", **quiet)
    parts["whole"].ask(ask, None, outputs, trigger_mode="multiple", **quiet)
