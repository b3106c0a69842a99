"""What all commands share: the settings, how an error looks in a terminal, the options that several have."""

from __future__ import annotations

import json
import tempfile
import traceback
from datetime import datetime
from importlib.metadata import EntryPoints, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import click

from coach.errors import CoachError, SetupError

if TYPE_CHECKING:
    from coach.identity import Visitor
    from coach.settings import Settings

EXIT_STOPPED = 130


class Commands(click.Group):
    """The one place where exceptions become a line of text and an exit code."""

    def __init__(self, *told: Any, announced: str = "", **more: Any) -> None:  # noqa: ANN401  click's own signature
        """`announced`: entry-point group whose commands belong here too, so that coach/ need not import what announces them."""
        super().__init__(*told, **more)
        self.announced = announced

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Own and announced ones."""
        return sorted({*super().list_commands(ctx), *(e.name for e in self._announced())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """An announced one is imported only when it is asked for."""
        if own := super().get_command(ctx, cmd_name):
            return own
        found = [e for e in self._announced() if e.name == cmd_name]
        return cast("click.Command", found[0].load()) if found else None

    def _announced(self) -> EntryPoints | tuple[()]:
        return entry_points(group=self.announced) if self.announced else ()

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  click's own signature
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except CoachError as error:
            _fail(ctx, str(error), error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("\nStopped.", err=True)
            ctx.exit(EXIT_STOPPED)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:  # the process's edge: whatever was not foreseen becomes a sentence and a log
            _fail(ctx, _log(error), 1)


def _fail(ctx: click.Context, message: str, exit_code: int) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    ctx.exit(exit_code)


def _log(error: Exception) -> str:
    """Keeps the traceback in a file and returns the sentence that names it."""
    text = f"{datetime.now().isoformat(timespec='seconds')}\n{''.join(traceback.format_exception(error))}\n"
    try:
        folder = load_settings().home
    except CoachError:
        folder = Path(tempfile.gettempdir())
    for place in (folder, Path(tempfile.gettempdir())):
        try:
            place.mkdir(parents=True, exist_ok=True)
            with (place / "coach.log").open("a", encoding="utf-8") as stream:
                stream.write(text)
        except OSError:
            continue
        said = (str(error).strip().splitlines() or [""])[0]
        return f"Something unforeseen went wrong ({type(error).__name__}: {said}). Details are in {place / 'coach.log'}"
    return f"Something unforeseen went wrong, and no log could be written: {error!r}"


def load_settings() -> Settings:
    """The settings in force. Raises SetupError that names every variable that cannot be used."""
    from pydantic import ValidationError

    from coach.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"COACH_{'_'.join(map(str, e['loc'])).upper()}={e['input']!r}: {e['msg']}." for e in error.errors()]
        raise SetupError(" ".join(wrong), hint="Correct it in the environment or in the file .env.") from error


def visitor(settings: Settings) -> Visitor:
    """Who uses the command line: without accounts the one person of this machine, else the owner of COACH_TOKEN.

    Raises:
        SetupError: there are accounts, and no token says who it is; or the database cannot be used.
    """
    from contextlib import closing

    from coach.cli import terminal_language
    from coach.identity import Visitor
    from coach.messages import say
    from coach.store.accounts import open_accounts
    from coach.store.records import LOCAL_PERSON

    lang = terminal_language()
    with closing(open_accounts(settings)) as accounts:
        if not accounts.any():
            return Visitor(person=LOCAL_PERSON, role="admin")
        if not settings.token:
            raise SetupError(say("acc_cli_who", lang), hint=say("acc_cli_who_hint", lang))
        known = accounts.by_token(settings.token)
    if known is None:
        raise SetupError(say("acc_cli_bad_token", lang), hint=say("acc_cli_who_hint", lang))
    return known


lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="language of the reply (default: that of the question)"
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="print one JSON object")


def print_json(value: object) -> None:
    """Prints one value for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
