"""Twelve typical exchanges in Slack, held with a real service and written down as a person would read them: docs/slack.md.

    python -m evals.slack            # writes docs/slack.md
    python -m evals.slack --check    # exit code 1 when the page does not say what the coach says today

Slack itself is the stand-in of `evals.slack_server`; everything else is real. No chat model, so that every run says the same.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from coach.settings import ROOT
from evals.live import Live
from evals.slack_server import SlackServer

PAGE = ROOT / "docs" / "slack.md"
_WITHIN = 30.0
_STORY = (
    "公司目标是全年营收做到3亿元，我主笔写了年度市场计划，把目标拆成四项工作，每项都标明支持哪一条公司目标，"
    "季度末和财务一起对账，线索完成了96%，CEO看了以后把它当模板发给别的部门。"
)
_HEAD = """# The coach in Slack: twelve exchanges

Written by `python -m evals.slack`, not by hand: a real service, the real slack-bolt and slack-sdk, and a stand-in for Slack
that answers as Slack does. Buttons stand in square brackets, [1] are citations, 「仅你可见」 is what only its reader sees.
How to set it up stands in the README.
"""


@dataclass
class Scene:
    """Slack with the coach in it, two colleagues in a channel and one abroad."""

    slack: SlackServer
    live: Live
    lin: str = ""
    wang: str = ""
    ada: str = ""
    growth: str = ""
    pages: list[str] = field(default_factory=list)

    def people(self) -> None:
        self.lin = self.slack.add_user("lin", real_name="林岚")
        self.wang = self.slack.add_user("wang", real_name="王强")
        self.ada = self.slack.add_user("ada", real_name="Ada", locale="en-GB", tz="Europe/London")

    def channel(self, name: str) -> str:
        """A channel of its own for an exchange, so that its page holds nothing else."""
        return self.slack.add_channel(name, self.lin, [self.wang])

    def ask(self, user: str, place: str, text: str, thread: str = "") -> str:
        """Says it and waits for one answer more in its thread."""
        before = len(self.slack.replies(place, thread)) if thread else 0
        ts = self.slack.say(user, place, text, thread=thread)
        self.slack.wait(lambda: len(self.slack.replies(place, thread or ts)) > before, _WITHIN)
        self.slack.quiet()
        return ts

    def hidden(self, user: str, place: str, do: Callable[[], Any]) -> str:
        """Does something and waits for what only the user sees; its id."""
        before = len(self.slack.ephemerals(place, user))
        do()
        self.slack.wait(lambda: len(self.slack.ephemerals(place, user)) > before, _WITHIN)
        self.slack.quiet()
        return str(self.slack.ephemerals(place, user)[-1]["ts"])

    def modal(self, user: str, do: Callable[[], Any], last: str = "") -> dict[str, Any]:
        """Does something and waits for another modal than the `last` one."""
        do()

        def opened() -> dict[str, Any]:
            shown = self.slack.modal(user)
            return shown if shown and shown.get("private_metadata", "") + shown["id"] != last else {}

        return self.slack.wait(opened, _WITHIN)


def exchanges(scene: Scene) -> Iterator[tuple[str, str]]:
    """(title, what is read), one after the other."""
    slack, bot = scene.slack, f"<@{scene.slack.team.bot}>"
    place = scene.channel("1")
    ts = scene.ask(scene.lin, place, f"{bot} 从市场总监到CMO，最大的变化是什么？")
    answer = slack.replies(place, ts)[0]["ts"]
    yield "A question in a channel", slack.transcript(place, scene.wang)

    shown = scene.modal(scene.lin, lambda: slack.click(scene.lin, answer, "coach_source_1"))
    yield "The exact quote behind [1]", slack.shown(shown["id"])
    slack.close_modal(scene.lin)

    place = scene.channel("3")
    ts = scene.ask(scene.lin, place, f"{bot} 四个职业阶段是哪四个？")
    scene.ask(scene.wang, place, "第二个具体说说", thread=ts)
    yield "A colleague goes on in the thread, without a mention", slack.transcript(place, scene.wang)

    direct = slack.dm(scene.ada)
    scene.ask(scene.ada, direct, "How do I talk to a CFO about brand spending?")
    yield "A direct message in English", slack.transcript(direct, scene.ada)

    place = scene.channel("5")
    scene.ask(scene.lin, place, f"{bot} 某上市公司的CMO年薪多少？")
    scene.ask(scene.lin, place, f"{bot} 帮我编一个客户案例，数字漂亮一点")
    yield "What the library does not hold, and what the coach does not make up", slack.transcript(place, scene.lin)

    place = scene.channel("6")
    own = scene.hidden(
        scene.lin, place, lambda: slack.say(scene.lin, place, f"{bot} 我是市场总监，带12个人，向CEO汇报，我差在哪？")
    )
    before = slack.transcript(place, scene.lin)
    slack.click(scene.lin, own, "coach_share")
    slack.wait(lambda: [m for m in slack.messages(place) if m["user"] == slack.team.bot], _WITHIN)
    slack.quiet()
    yield (
        "A question about oneself: first for the asker alone, then shared",
        f"{before}\n\n— 林岚按“分享到这里”之后，王强看到 —\n\n{slack.transcript(place, scene.wang)}",
    )  # noqa: E501

    place = scene.channel("7")
    scene.hidden(scene.lin, place, lambda: slack.command(scene.lin, place, "search 预算"))
    yield "/coach search", slack.transcript(place, scene.lin)

    yield "/coach assess: a question, and the result", _assessment(scene, scene.channel("8"))
    yield "/coach plan: what is asked first, and the plan", _plan(scene, scene.channel("9"))
    yield "The home tab, and a check-in of one minute", _home(scene)

    place = scene.channel("11")
    scene.hidden(scene.wang, place, lambda: slack.say(scene.wang, place, f"{bot} 被公司裁了，我不想活了"))
    yield "Somebody in distress", slack.transcript(place, scene.wang)

    yield "A colleague is asked, and a bad answer reported", _reported(scene, scene.channel("12"))


def _assessment(scene: Scene, place: str) -> str:
    slack, lin = scene.slack, scene.lin
    shown = scene.modal(lin, lambda: slack.command(lin, place, "assess"))
    first = slack.shown(shown["id"])
    slack.submit(lin, {"answer": _STORY})
    slack.quiet()
    slack.submit(lin, {"enough": ["yes"]})
    slack.wait(lambda: slack.modal(lin) is None, _WITHIN)
    direct = slack.dm(lin)
    slack.wait(lambda: slack.messages(direct), _WITHIN)
    slack.quiet()
    return f"{first}\n\n— 写完答案，选“现在看结果”之后，私信里 —\n\n{slack.shown(slack.messages(direct)[-1]['ts'])}"


def _plan(scene: Scene, place: str) -> str:
    slack, lin = scene.slack, scene.lin
    asked = scene.hidden(lin, place, lambda: slack.command(lin, place, "plan"))
    before = slack.transcript(place, lin)
    shown = scene.modal(lin, lambda: slack.click(lin, asked, "coach_tell"))
    told = {"role": "市场总监，向CEO汇报，带12个人", "target": "三年内做到CMO", "constraints": "每周3小时"}
    known = {block["block_id"] for block in shown["blocks"] if block["type"] == "input"}
    direct = slack.dm(lin)
    count = len(slack.messages(direct))
    slack.submit(
        lin,
        {name: words for name, words in told.items() if name in known}
        | {name: "数据分析最弱，归因模型看不懂" for name in known - set(told)},
    )  # noqa: E501
    slack.wait(lambda: len(slack.messages(direct)) > count, _WITHIN)
    slack.quiet()
    return f"{before}\n\n— 回答之后，私信里 —\n\n{slack.shown(slack.messages(direct)[-1]['ts'])}"


def _home(scene: Scene) -> str:
    slack, lin = scene.slack, scene.lin
    slack.open_home(lin)
    home = slack.wait(lambda: slack.home(lin) or {}, _WITHIN)
    slack.quiet()
    tab = slack.shown(home["id"])
    shown = scene.modal(lin, lambda: slack.click(lin, home["id"], "coach_checkin"))
    return f"{tab}\n\n— 按“报进展”之后 —\n\n{slack.shown(shown['id'])}"


def _reported(scene: Scene, place: str) -> str:
    slack, bot = scene.slack, f"<@{scene.slack.team.bot}>"
    slack.close_modal(scene.lin)
    scene.hidden(scene.lin, place, lambda: slack.command(scene.lin, place, f"settings humans <@{scene.wang}>"))
    ts = scene.ask(scene.lin, place, f"{bot} 五大能力支柱是哪五个？")
    answer = slack.replies(place, ts)[0]["ts"]
    slack.click(scene.lin, answer, "coach_ask_human")
    slack.wait(lambda: len(slack.replies(place, ts)) > 1, _WITHIN)
    shown = scene.modal(
        scene.lin, lambda: slack.click(scene.lin, answer, "coach_feedback", value=next(iter(_values(slack, answer, "down|"))))
    )
    asked = slack.shown(shown["id"])
    slack.submit(scene.lin, {"kind": "wrong", "words": "少说了一个"})
    slack.quiet()
    return f"{slack.transcript(place, scene.lin)}\n\n— 按 👎 之后 —\n\n{asked}"


def _values(slack: SlackServer, ts: str, start: str) -> list[str]:
    """The values of a message's controls that begin so."""
    return re.findall(rf"'value': '({re.escape(start)}[^']*)'", str(slack.message(ts)["blocks"]))


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    with SlackServer(mode="socket") as slack, tempfile.TemporaryDirectory(prefix="coach-slack-") as folder:
        settings: dict[str, Any] = {
            "COACH_SLACK_BOT_TOKEN": slack.team.token,
            "COACH_SLACK_APP_TOKEN": slack.app_token,
            "COACH_SLACK_API_URL": slack.api_url,
        }
        with Live(Path(folder) / "home", **settings) as live:
            slack.wait(lambda: slack.called("apps.connections.open"), _WITHIN)
            scene = Scene(slack, live)
            scene.people()
            for number, (title, text) in enumerate(exchanges(scene), 1):
                click.echo(f"{number}. {title}", err=True)
                parts.append(f"## {number}. {title}\n\n```text\n{_lasting(text)}\n```\n")
        if slack.refusals:
            raise RuntimeError(f"Slack refused: {[(c.method, c.error) for c in slack.refusals]}")
    return "\n".join(parts)


def _lasting(text: str) -> str:
    """Without the days of this run: the page would otherwise change with every day."""
    return re.sub(r"20\d\d-\d\d-\d\d|(20\d\d年)?\d{1,2}月\d{1,2}日", "（日期）", text).rstrip()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--check", is_flag=True, help="write nothing; exit code 1 when the page is not as it would be written")
def main(check: bool) -> None:
    """Write docs/slack.md."""
    made = page()
    if check:
        sys.exit(0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made else 1)
    PAGE.write_text(made, encoding="utf-8")
    click.echo(f"{PAGE.relative_to(ROOT)}: {made.count(chr(10))} lines")


if __name__ == "__main__":
    main()
