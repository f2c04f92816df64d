"""The command line: `evenwicht`. Commands are in `commands`, what it says in `speaking` and `telling`."""

from __future__ import annotations

import logging
import os
import sys
import uuid
from typing import Any

import typer

from evenwicht.cli.commands import app
from evenwicht.cli.speaking import say, say_phrase
from evenwicht.cli.telling import tell_problems
from evenwicht.engines.home import home
from evenwicht.errors import EvenwichtError, NothingRead, OwnFault, WrongCall
from evenwicht.phrase import Phrase

__all__ = ["app", "main"]

STOPPED = 130
"""What a shell expects of a program that was interrupted."""

_UsageError: Any = typer.BadParameter.__base__
_ParserError: Any = _UsageError.__base__
"""What the command-line library raises for a call it cannot parse; it keeps these classes to itself."""


def main() -> None:
    """Run the command line. Exit codes: 0 done · 1 nothing usable, or --strict · 2 wrong call · 3 our own fault."""
    sys.exit(_run())


def _run() -> int:
    try:
        result = app(standalone_mode=False)
    except EvenwichtError as error:
        if isinstance(error, NothingRead):
            tell_problems(error.problems, None)
        say_phrase(error.phrase)
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        say("Stopped. Nothing was written.")
        return STOPPED
    except _ParserError as error:
        say_phrase(_usage(error))
        return WrongCall.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  the border to the person: no traceback ever reaches it
        say_phrase(_fault(error).phrase)
        return OwnFault.exit_code
    return result if isinstance(result, int) else 0


def _usage(error: Any) -> Phrase:
    """A call that cannot be parsed, as one sentence: the word, and where to see what is allowed."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "evenwicht"
    param = getattr(error, "param", None)
    word = getattr(error, "option_name", None) or getattr(param, "metavar", None) or str(getattr(param, "name", "")).upper()
    match type(error).__name__:
        case "NoSuchOption":
            return Phrase("{word} is not an option of {command}. “{command} --help” shows what it takes.",
                          {"word": word, "command": command})
        case "MissingParameter":
            return Phrase("{word} is missing. “{command} --help” shows what {command} takes.", {"word": word, "command": command})
        case "NoSuchCommand" | "UsageError" if "command" in error.format_message().lower():
            return Phrase("There is no such command. “{command} --help” lists the commands.", {"command": command})
    return Phrase("The call cannot be read: {reason} “{command} --help” shows what it takes.",
                  {"reason": error.format_message(), "command": command})


def _fault(error: BaseException) -> OwnFault:
    """Write the whole story of a mistake of ours to the log, and give the reference to it."""
    reference = uuid.uuid4().hex[:8]
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    log = logging.getLogger("evenwicht")
    story = logging.FileHandler(folder / "evenwicht.log", encoding="utf-8")
    story.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.addHandler(story)
    try:
        log.error("reference %s", reference, exc_info=error)
    finally:
        log.removeHandler(story)
        story.close()
    return OwnFault("Evenwicht made a mistake. What happened is in {log} under {reference}; please report it.",
                    log=folder / "evenwicht.log", reference=reference)
