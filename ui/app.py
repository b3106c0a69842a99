"""The web pages: which there are, and how they are mounted into the service.

The chat streams and has parts of its own, see `chat`; every other page is a `shell.Page`. How it looks is in `chat.render`,
`chat.around`, `html` and the style sheets, what the browser does by itself in `shell.js` and `chat.js`.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")  # its table of timings, summed up anew at every event

import gradio as gr  # noqa: E402
from fastapi import FastAPI  # noqa: E402
from gradio.components.navbar import Navbar  # noqa: E402

from coach.app import Coach  # noqa: E402
from ui.chat.handlers import Chat  # noqa: E402
from ui.chat.page import lay_out_chat  # noqa: E402
from ui.feedback import mount_feedback  # noqa: E402
from ui.library.page import LibraryPage  # noqa: E402
from ui.login import mount_login  # noqa: E402
from ui.me.page import MePage  # noqa: E402
from ui.plan.page import PlanPage  # noqa: E402
from ui.shell import lay_out  # noqa: E402

HERE = Path(__file__).resolve().parent
CONCURRENT_REPLIES = 256
"""Replies watched at once; those who watch wait without a thread, so this costs next to nothing."""
QUEUE = 512
_FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]


def mount(app: FastAPI, coach: Coach) -> FastAPI:
    """Serves the chat at `/`; to be called after every other route is in place, since it answers whatever is left."""
    mount_login(app)
    mount_feedback(app, coach)
    gr.mount_gradio_app(
        app,
        build(coach),
        path="/",
        theme=gr.themes.Base(font=_FONTS, font_mono=["ui-monospace", "monospace"]),
        head=f"{_HEAD}{_files('style', 'style.css', 'pages.css', 'me/me.css', 'plan/plan.css', 'library/library.css')}"
        f"{_files('script', 'shell.js', 'me/me.js', 'plan/plan.js', 'library/library.js', 'chat/chat.js')}",
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
    blocks = gr.Blocks(title=coach.profession.title.zh, analytics_enabled=False, fill_width=True)
    with blocks:
        Navbar(visible=False)  # the pages stand in our own header
        lay_out_chat(blocks, Chat(coach), lambda: coach.profession)
    for page in (MePage(coach), PlanPage(coach), LibraryPage(coach)):
        with blocks.route(page.path.strip("/"), page.path, show_in_navbar=False):
            Navbar(visible=False)
            lay_out(blocks, page, lambda: coach.profession)
    blocks.queue(default_concurrency_limit=CONCURRENT_REPLIES, max_size=QUEUE)
    return blocks


_HEAD = (
    '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
    '<meta name="color-scheme" content="light dark">'
)
