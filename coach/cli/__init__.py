"""The command line: `coach ask | chat | search | profile | assess | plan | review | export | ingest | serve | …`.

Owns words, options, exit codes and how errors look in a terminal. Does not own any behaviour of the coach itself.
Everything heavy is imported inside the command that needs it, so that `coach --help` answers at once.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from coach.cli.common import EXIT_STOPPED, Commands, as_json_option, lang_option, load_settings, print_json
from coach.cli.development import assess, export, plan, profile, review
from coach.cli.knowledge import knowledge
from coach.cli.models import models
from coach.cli.slack import slack
from coach.cli.user import user
from coach.errors import CoachError, InputError, SetupError
from coach.types import Done, Event, Lang, Reply, Status, Turn, Words

if TYPE_CHECKING:
    from coach.app import Coach
    from coach.doctor import Check
    from coach.library.ingest import IngestReport
    from coach.library.manifest import Manifest
    from coach.settings import Settings

EXIT_BY_STATUS: dict[Status, int] = {"answered": 0, "not_in_sources": 3, "clarify": 4, "declined": 5, "crisis": 6}
EXIT_UNREADABLE = 3
HELP_WIDTH = 100
_MODEL_PATIENCE = 60.0  # seconds a single question waits for the chat model before it is answered without


@click.group(
    cls=Commands,
    commands=[profile, assess, plan, review, export, user, slack, models, knowledge],
    announced="coach.commands",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH},
)
@click.version_option(package_name="marketing-career-coach", prog_name="coach", message="%(prog)s %(version)s")
def cli() -> None:
    """Career coach for marketing leaders: answers from its own library, with checked citations.

    \b
    Examples:
      coach ask "What does a marketing director need to become CMO?"
      coach chat
      coach assess
      coach plan
      coach serve
      coach doctor

    Settings are environment variables COACH_… or lines of a file .env; README.md lists them.

    \b
    Exit codes: 0 done, 1 failed, 2 setup or input to be corrected, 130 stopped by Ctrl-C.
    `coach ask` and `coach ingest` have further ones; see their help.
    """


# --- ask, chat, search ------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("question", nargs=-1, required=True)
@lang_option
@as_json_option
@click.option(
    "--history",
    type=click.Path(dir_okay=False, path_type=Path),
    help='file of earlier turns, [{"role": "user", "content": "…"}, …]; made if missing, this turn is added',
)
@click.pass_context
def ask(ctx: click.Context, question: tuple[str, ...], lang: Lang | None, as_json: bool, history: Path | None) -> None:
    """Answer one QUESTION from the library and print the sources beneath.

    A QUESTION of - is read from standard input. In a terminal the words appear as they come; in a pipe only the
    checked reply is printed.

    \b
    Exit codes:
      0  answered                        5  declined
      3  the library has no answer       6  distress: the reply names human help
      4  a question comes back           1, 2, 130  as for every command

    \b
    Examples:
      coach ask 市场总监升CMO要补什么
      coach ask --json "How do I win budget from the CFO?"
      cat situation.txt | coach ask --history talk.json -
    """
    from coach.models.chat import is_capable

    asked = _question(question)
    turns = _read_history(history) if history else []
    live = sys.stdout.isatty() and not as_json
    settings = load_settings()
    with _coach(settings) as coach:
        if turns or is_capable(settings):  # else the library's own sentences answer a first question
            _wait_for_model(coach)
        reply = _show(coach.ask(asked, turns, lang=lang), live=live, as_json=as_json)
    if reply is None:
        ctx.exit(EXIT_STOPPED)
    if history:
        _write_history(history, [*turns, *_exchange(asked, reply)])
    ctx.exit(EXIT_BY_STATUS[reply.status])


@cli.command()
@lang_option
def chat(lang: Lang | None) -> None:
    """Talk with the coach in the terminal; it remembers the conversation until /new.

    \b
    /new      start a new conversation
    /sources  show the quotes behind the last reply
    /quit     leave (Ctrl-D does, too)
    Ctrl-C    stop the reply being written; at the prompt, leave

    \b
    Examples:
      coach chat
      coach chat --lang zh
    """
    from coach.messages import say

    with suppress(ImportError):
        import readline  # noqa: F401  gives input() line editing and recall

    tongue = lang or terminal_language()
    with _coach(load_settings()) as coach:
        click.echo(say("cli_chat", tongue))
        _converse(coach, lang, tongue)


def _converse(coach: Coach, lang: Lang | None, tongue: Lang) -> None:
    turns: list[Turn] = []
    last: Reply | None = None
    while True:
        try:
            said = input("\n> ").strip()
        except EOFError:
            click.echo()
            return
        if said == "/quit":
            return
        if said == "/new":
            turns, last = [], None
            _say("cli_new", tongue)
        elif said == "/sources":
            _print_quotes(last, tongue)
        elif said.startswith("/"):
            _say("cli_commands", tongue)
        elif said and (reply := _one_turn(coach, said, turns, lang, tongue)):
            turns += _exchange(said, reply)
            last, tongue = reply, reply.language


def _one_turn(coach: Coach, said: str, turns: Sequence[Turn], lang: Lang | None, tongue: Lang) -> Reply | None:
    """Shows one reply; an expected failure costs this turn, not the conversation."""
    reply = None
    try:
        with _ctrl_c() as stop:
            reply = _show(coach.ask(said, turns, lang=lang, should_stop=stop.is_set), live=True, as_json=False)
        if reply is None:
            _say("cli_stopped", tongue)
    except CoachError as error:
        click.echo(f"Error: {error}", err=True)
    return reply


@cli.command()
@click.argument("query", nargs=-1, required=True)
@click.option("-k", type=click.IntRange(1, 50), default=8, show_default=True, help="number of passages")
@click.option("--chars", type=click.IntRange(min=0), default=0, help="cut to the best sentences, so many characters")
@lang_option
@as_json_option
def search(query: tuple[str, ...], k: int, chars: int, lang: Lang | None, as_json: bool) -> None:
    """Show the passages that a QUERY finds, best first, with their scores.

    They are exactly what the coach would see; with --chars their best sentences.

    \b
    Examples:
      coach search 和CFO谈预算
      coach search -k 3 --json "first 90 days as CMO"
    """
    asked = _question(query)
    with _coach(load_settings()) as coach:
        passages = coach.retrieve(asked, k=k, lang=lang, max_chars=chars)
    if as_json:
        found = [{**p.public(), "scores": {name: round(value, 4) for name, value in p.scores.items()}} for p in passages]
        print_json({"query": asked, "passages": found})
        return
    for rank, passage in enumerate(passages, 1):
        parts = "  ".join(f"{name} {value:.3f}" for name, value in passage.scores.items())
        click.echo(f"{rank}. {passage.title} — {passage.source}   score {passage.score:.3f}  ({parts})\n   {passage.id}")
        click.echo(f"   {passage.text.strip()}\n".replace("\n", "\n   ").rstrip(" "))
    if not passages:
        click.echo("Nothing found.", err=True)


# --- ingest -----------------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--rebuild", is_flag=True, help="embed everything anew, own documents included")
@click.option("--forget", is_flag=True, help="remove the documents that came from PATH")
@as_json_option
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...], rebuild: bool, forget: bool, as_json: bool) -> None:
    """Bring documents into the library; without a PATH the built-in ones.

    A PATH is a file or a folder with Markdown, text, HTML, PDF, DOCX, PPTX or XLSX. Only what changed is done again.
    A file that cannot be read is named with its reason and does not stop the others. Restart a running `coach serve`
    afterwards.

    \b
    Exit codes: 0 everything went in, 3 some files could not be read, 1, 2, 130 as for every command.

    \b
    Examples:
      coach ingest
      coach ingest ~/strategy-2027.pdf ~/team-notes
      coach ingest --forget ~/team-notes
      coach ingest --rebuild
    """
    if forget and (rebuild or not paths):
        raise InputError("--forget needs the PATH of the documents to remove.", hint="For example: coach ingest --forget notes/")
    settings = load_settings()
    report, made = _forget(settings, paths) if forget else _ingest(settings, paths, rebuild=rebuild)
    failed = [{"file": file, "reason": reason} for file, reason in report.failed]
    counts = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged, "removed": report.removed}
    library = {"documents": made.documents, "passages": made.passages, "version": made.version}
    if as_json:
        print_json({**counts, "failed": failed, "library": library})
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()) + ".")
        for entry in failed:
            click.echo(f"Not read: {entry['file']}: {entry['reason']}")
        click.echo(f"The library holds {made.documents} documents in {made.passages} passages (version {made.version}).")
    ctx.exit(EXIT_UNREADABLE if failed else 0)


def _ingest(settings: Settings, paths: Sequence[Path], *, rebuild: bool) -> tuple[IngestReport, Manifest]:
    """The built-in library when no path is given or nothing stands yet; then the paths, and whatever was interrupted."""
    from coach.library import manifest
    from coach.library.ingest import OWN, IngestReport

    with _opened_library(settings, rebuild=rebuild) as (run, catalogue, whole):
        interrupted = set(catalogue.interrupted())
        own = [Path(d["path"]) for d in catalogue.documents() if d["id"] in interrupted and d["collection"] == OWN]
        report = IngestReport()
        with _progress() as progress:
            if not paths or not whole:
                _add(report, run.built_in(progress))
            if wanted := [*paths, *own]:
                _add(report, run.files(wanted, progress))
        if whole and not interrupted and not (report.added or report.updated or report.removed):
            written = manifest.read(settings.library_dir / "manifest.json")
            if written.content == manifest.digest(catalogue.content_hashes()):  # else killed before it was written
                return report, written
        return report, run.finish()


def _forget(settings: Settings, paths: Sequence[Path]) -> tuple[IngestReport, Manifest]:
    from coach.library.ingest import IngestReport

    with _opened_library(settings) as (run, _catalogue, _whole):
        gone = run.forget(paths)
        if not gone:
            named = ", ".join(map(str, paths))
            raise InputError(f"No document of the library came from {named}.", hint="Nothing was removed.")
        return IngestReport(removed=gone), run.finish()


@contextmanager
def _opened_library(settings: Settings, *, rebuild: bool = False) -> Iterator[tuple[Any, Any, bool]]:
    """An Ingest, its catalogue, and whether a whole library stood there before.

    A rebuild first notes every document as pending: killed half-way, the next ingest goes on where it stopped.
    """
    from coach.library import manifest
    from coach.library.catalogue import Catalogue
    from coach.library.ingest import Ingest
    from coach.library.vectors import Vectors
    from coach.models.embedding import Embedder
    from coach.models.weights import disk_errors

    if not (settings.knowledge / "articles").is_dir():
        raise SetupError(f"The built-in library is not at {settings.knowledge}.", hint="Correct or unset COACH_KNOWLEDGE.")
    embedder = Embedder(settings)
    written = settings.library_dir / "manifest.json"
    with disk_errors(settings.library_dir):
        if written.exists() and not rebuild:
            manifest.require(written, embedder)
        whole = written.exists() and not rebuild
        catalogue = Catalogue(settings.library_dir / "library.db")
        vectors = Vectors(settings)
        try:
            if rebuild:
                written.unlink(missing_ok=True)
                catalogue.begin([d["id"] for d in catalogue.documents()])
                vectors.clear()
            yield Ingest(settings, embedder, catalogue, vectors), catalogue, whole
        finally:
            vectors.close()
            catalogue.close()


@contextmanager
def _progress() -> Iterator[Any]:
    """A callback `(done, total, name)` that draws a bar on stderr, in a terminal only."""
    from tqdm import tqdm

    with tqdm(disable=None, unit="doc", leave=False, file=sys.stderr) as bar:

        def show(done: int, total: int, name: str) -> None:
            bar.total = total
            bar.set_postfix_str(name[:40], refresh=False)
            bar.n = done
            bar.refresh()

        yield show


def _add(report: IngestReport, more: IngestReport) -> None:
    for name in ("added", "updated", "unchanged", "removed", "passages"):
        setattr(report, name, getattr(report, name) + getattr(more, name))
    report.failed += more.failed


# --- serve, doctor ----------------------------------------------------------------------------------------------------


@cli.command()
@click.option("--host", help="address to listen on (default: COACH_HOST or 127.0.0.1)")
@click.option("--port", type=click.IntRange(1, 65535), help="port to listen on (default: COACH_PORT or 7860)")
@click.option("--open/--no-open", "show", default=False, show_default=True, help="open the page in the browser")
def serve(host: str | None, port: int | None, show: bool) -> None:
    """Serve the web chat and the HTTP interface until Ctrl-C.

    \b
    Examples:
      coach serve --open
      coach serve --port 8080
      curl -s localhost:7860/api/ask -H 'Content-Type: application/json' -d '{"question": "What does a CMO own?"}'
    """
    import webbrowser

    from coach.service.server import serve as run

    given = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    settings = load_settings().model_copy(update=given)

    def open_page(address: str) -> None:
        webbrowser.open(address)

    run(settings, mount=_page(), lang=terminal_language(), served=open_page if show else None)


def _page() -> Any:  # noqa: ANN401  whatever the page is made with stays unknown here
    """The web page, if one is installed: it announces itself as an entry point, so that nothing here imports it."""
    from importlib.metadata import entry_points

    pages = tuple(entry_points(group="coach.web"))
    return pages[0].load() if pages else None


@cli.command()
@click.option("--deep", is_flag=True, help="also hash the weights, embed a sentence and count the vectors (about half a minute)")
@as_json_option
@click.pass_context
def doctor(ctx: click.Context, deep: bool, as_json: bool) -> None:
    """Check the installation, line by line, and name the command that mends each failure.

    \b
    Exit codes: 0 nothing failed (warnings allowed), 2 something failed.

    \b
    Examples:
      coach doctor
      coach doctor --deep
    """
    from coach.doctor import Check, examine

    try:
        checks = examine(load_settings(), deep=deep)
    except SetupError as error:
        checks = [Check(name="settings", state="fail", message=error.message, fix=error.hint)]
    failed = any(c.state == "fail" for c in checks)
    if as_json:
        print_json({"ok": not failed, "checks": [c.public() for c in checks]})
    else:
        _print_checks(checks)
    ctx.exit(2 if failed else 0)


def _print_checks(checks: Sequence[Check]) -> None:
    colours = {"ok": "green", "warn": "yellow", "fail": "red"}
    for check in checks:
        state = click.style(f"{check.state:<5}", fg=colours[check.state])
        click.echo(f"{state} {check.name:<12} {check.message}")
        if check.fix:
            click.echo(f"{'':18} mend: {check.fix}")
    counts = ", ".join(f"{sum(c.state == s for c in checks)} {s}" for s in colours)
    click.echo(f"\n{counts}")


# --- models -----------------------------------------------------------------------------------------------------------


@cli.command("help-page", hidden=True)
def help_page() -> None:
    """Print docs/cli.md: the help of every command."""
    click.echo(cli_markdown(), nl=False)


def cli_markdown() -> str:
    """All help texts as one Markdown page, the same on every machine."""
    parts = ["# Command line\n\nMade from `coach --help` by `make docs`; a test checks that it is fresh.\n"]

    def add(command: click.Command, name: str, parent: click.Context | None) -> None:
        ctx = click.Context(command, info_name=name, parent=parent, terminal_width=HELP_WIDTH, max_content_width=HELP_WIDTH,
                            help_option_names=["-h", "--help"], color=False)  # fmt: skip
        parts.append(f"## {ctx.command_path}\n\n```text\n{command.get_help(ctx).rstrip()}\n```\n")
        if isinstance(command, click.Group):
            for sub, child in command.commands.items():
                if not child.hidden:
                    add(child, sub, ctx)

    add(cli, "coach", None)
    return "\n".join(parts)


# --- the coach and the terminal ---------------------------------------------------------------------------------------


@contextmanager
def _coach(settings: Settings) -> Iterator[Coach]:
    """A coach whose library can answer, closed at the end."""
    from coach.app import build_coach

    coach = build_coach(settings)
    try:
        with _waiting("Loading the library…"):
            coach.start()
            coach.wait_ready()
        yield coach
    finally:
        coach.close()


def _wait_for_model(coach: Coach) -> None:
    """A single question is worth a few seconds: in a conversation the first reply would come without the model."""
    until = time.monotonic() + _MODEL_PATIENCE
    with _waiting("Loading the chat model…"):
        while coach.state()["model"]["state"] == "loading" and time.monotonic() < until:
            time.sleep(0.05)


@contextmanager
def _waiting(text: str) -> Iterator[None]:
    shown = sys.stderr.isatty()
    if shown:
        click.echo(text, nl=False, err=True)
    try:
        yield
    finally:
        if shown:
            click.echo("\r" + " " * (2 * len(text)) + "\r", nl=False, err=True)


@contextmanager
def _ctrl_c() -> Iterator[threading.Event]:
    """The first Ctrl-C asks the reply to stop, a second one interrupts as usual."""
    stop = threading.Event()

    def stopped(_signal: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, stopped)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _show(events: Iterator[Event], *, live: bool, as_json: bool) -> Reply | None:
    """Prints a reply as it comes about; None when it was stopped before it was complete."""
    shown = ""
    for event in events:
        if isinstance(event, Words) and live:
            click.echo(event.text, nl=False)
            shown += event.text
        elif isinstance(event, Done):
            if as_json:
                print_json(event.reply.public())
            else:
                _print_reply(event.reply, shown)
            return event.reply
    click.echo()
    return None


def _print_reply(reply: Reply, shown: str) -> None:
    """The checked text wins: what was already on the screen is continued when it agrees, else said again."""
    if shown.strip() and not reply.answer.startswith(shown.strip()):
        click.echo("\n")
        _say("cli_checked", reply.language)
        shown = ""
    click.echo(reply.answer[len(shown.strip()) :])
    if reply.notice:
        click.echo(f"\n{reply.notice}")
    if reply.citations:
        _say("cli_sources", reply.language, before="\n")
        for label, quotes in _grouped(reply).items():
            click.echo(f"{''.join(f'[{n}]' for n, _ in quotes)} {label}")
    if reply.suggestions:
        _say("cli_next", reply.language, before="\n")
        for suggestion in reply.suggestions:
            click.echo(f"- {suggestion}")


def _print_quotes(reply: Reply | None, tongue: Lang) -> None:
    if reply is None or not reply.citations:
        _say("cli_no_sources", tongue)
        return
    for label, quotes in _grouped(reply).items():
        click.echo(label)
        for number, quote in quotes:
            click.echo(f"  [{number}] {quote}")


def _grouped(reply: Reply) -> dict[str, list[tuple[int, str]]]:
    """Citations by their source, so that three quotes from one article make one line."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for c in reply.citations:
        groups.setdefault(f"{c.title} — {c.source}", []).append((c.n, c.quote))
    return groups


def _say(key: str, lang: Lang, before: str = "") -> None:
    from coach.messages import say

    click.echo(before + say(key, lang))


def terminal_language() -> Lang:
    """The language the terminal is set to: Chinese, or English for any other."""
    named = next((v for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(n))), "")
    return "zh" if named.lower().startswith("zh") else "en"


def _question(words: Sequence[str]) -> str:
    """The words of the command line; a lone - stands for standard input."""
    text = " ".join(_decode(sys.stdin.buffer.read()) if w == "-" else _whole(w) for w in words).strip()
    if not text:
        raise InputError("The question is empty.", hint='For example: coach ask "What does a CMO own?"')
    return text


def _decode(data: bytes) -> str:
    """UTF-8 where it is UTF-8, else what the system's own programs write, such as GBK on Chinese Windows."""
    import locale

    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(locale.getencoding(), errors="replace")


def _whole(word: str) -> str:
    """Bytes that Python could not decode as an argument (LANG=C) are UTF-8 in practice."""
    return word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _exchange(asked: str, reply: Reply) -> tuple[Turn, Turn]:
    return Turn(role="user", content=asked), Turn(role="assistant", content=reply.answer)


def _read_history(path: Path) -> list[Turn]:
    """Earlier turns; none when the file does not exist yet."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        turns = [Turn(role=t["role"], content=t["content"]) for t in data]
        if not all(t.role in ("user", "assistant") and isinstance(t.content, str) for t in turns):
            raise ValueError("a role is neither user nor assistant")
        return turns
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError) as error:
        _bad_history(path, error)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", hint="Give another file with --history.") from error


def _bad_history(path: Path, error: Exception) -> NoReturn:
    raise InputError(
        f"{path} is not a history: {error}.", hint='It must hold [{"role": "user", "content": "…"}, …]; or name a new file.'
    ) from error


def _write_history(path: Path, turns: Sequence[Turn]) -> None:
    text = json.dumps([{"role": t.role, "content": t.content} for t in turns], ensure_ascii=False, indent=1)
    try:
        partial = path.with_name(path.name + ".partial")
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.", hint="Give another file with --history.") from error


def _quiet() -> None:
    """Libraries' remarks for developers are no concern of a reader; `python -W …` and the variables bring them back."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    if "fetch" not in sys.argv:  # a download is worth a bar, loading from disk is not
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def main() -> None:
    """Entry point of the `coach` command: UTF-8 out whatever the terminal claims (LANG=C, Windows code pages)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    _quiet()
    cli(prog_name="coach")
