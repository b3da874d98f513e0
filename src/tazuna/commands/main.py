"""The entry point: chooses the language, builds the commands, and turns every mistake into a sentence."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tazuna import __version__
from tazuna.errors import TazunaError
from tazuna.language import LANGUAGES, Language, chosen_language, translator

if TYPE_CHECKING:
    from cyclopts import App

COMMANDS = (
    "sample",
    "template",
    "init",
    "check",
    "score",
    "report",
    "plan",
    "match",
    "evaluate",
    "verify-draw",
    "fit",
)
"""In the order in which the help lists them; each is the function of that name, with _ for -, in a module of
the same name."""
SERVER_COMMANDS = ("demo", "serve", "worker")
"""Those that the application adds, where it is installed."""

EXIT_FAULTS = 1
EXIT_USAGE = 2
EXIT_DEFECT = 70
EXIT_INTERRUPTED = 130


def language_of(arguments: Sequence[str]) -> Language:
    """The language named by ``--lang`` in ``arguments``, else that of the environment.

    The help itself is in that language, so it must be known before the commands are built.
    """
    for position, argument in enumerate(arguments):
        named = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and position + 1 < len(arguments):
            named = arguments[position + 1]
        for language in LANGUAGES:
            if named == language:
                return language
    return chosen_language()


def build_app(language: Language, only: str | None = None) -> App:
    """The command-line application with its help in ``language``.

    Parameters
    ----------
    only
        The one command to build, where it is known; all where None.
    """
    from cyclopts import App, Group, Parameter

    from tazuna.commands.help_text import TranslatedHelp
    from tazuna.commands.usage_errors import usage_error_text

    t = translator(language)
    app = App(
        name="tazuna",
        version=__version__,
        help=(
            "See how far people hold the reins of their working lives: "
            "from a company's files to a management report."
        ),
        help_epilogue=t(
            "Try it: tazuna sample my-sample, then "
            "tazuna report my-sample --organisation C01 --out my-report.\n"
            "With your own files: tazuna template workbook.xlsx, or tazuna init FOLDER.\n"
            "More on one command: tazuna COMMAND --help"
        ),
        group_commands=Group(t("Commands")),
        group_parameters=Group(t("Options"), sort_key=1),
        group_arguments=Group(t("Arguments"), sort_key=0),
        default_parameter=Parameter(negative=()),
        error_formatter=lambda error: usage_error_text(error, language),
        help_formatter=TranslatedHelp(t),
        result_action="return_value",
        exit_on_error=False,
        suppress_keyboard_interrupt=False,
        help_format="plaintext",
    )
    wanted = commands() if only is None else {only: _command(only)}
    for position, (name, function) in enumerate(wanted.items()):
        app.command(function, name=name, sort_key=position, help_epilogue="")
    app["--help"].help = "Show this help and stop."
    app["--version"].help = "Show the version and stop."
    return app


def commands() -> dict[str, Callable[..., int]]:
    """Name → function of every command: those of the analysis, then those that the application adds.

    The application adds its own by the entry-point group ``tazuna.commands``; without it they are absent.
    """
    from importlib.metadata import entry_points

    found: dict[str, Callable[..., int]] = {name: _command(name) for name in COMMANDS}
    added = {entry.name: entry for entry in entry_points(group="tazuna.commands")}
    if find_spec("django") is not None:
        found |= {name: added[name].load() for name in SERVER_COMMANDS if name in added}
    return found


def _command(name: str) -> Callable[..., int]:
    function = name.replace("-", "_")
    found: Callable[..., int] = getattr(importlib.import_module(f"tazuna.commands.{function}"), function)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``tazuna`` and exit: 0 done, 1 faults in what was given, 2 wrong usage, 130 stopped by the user."""
    # Read once, when Polars is loaded: keep freed pages for five seconds instead of asking for them again.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:5000,muzzy_decay_ms:5000")
    # Read once, when NumPy is loaded: many small products, for which threads only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is loaded stays: looking for garbage as often as Python does would take a twentieth of loading.
    gc.set_threshold(100_000)
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line, print mistakes to standard error without a traceback, give the exit code."""
    from cyclopts import CycloptsError

    language = language_of(arguments)
    t = translator(language)
    named = arguments[0] if arguments and arguments[0] in COMMANDS else None
    try:
        result = build_app(language, named)(list(arguments))
    except TazunaError as error:
        return _stop(error.text(language), EXIT_FAULTS)
    except CycloptsError:
        return EXIT_USAGE
    except KeyboardInterrupt:
        return _stop(t("Stopped. Nothing was half-written."), EXIT_INTERRUPTED)
    except PermissionError as error:
        return _stop(
            t("{path} may not be read or written. Check its permissions.", path=error.filename), EXIT_FAULTS
        )
    except OSError as error:
        reason = error.strerror or str(error)
        return _stop(
            t("The system refused {path}: {reason}", path=error.filename, reason=reason), EXIT_FAULTS
        )
    except Exception as error:
        if os.environ.get("TAZUNA_DEBUG"):
            raise
        words = t(
            "This is a defect in tazuna, not in your files ({found}). "
            "Run the command again with TAZUNA_DEBUG=1 and report what it prints.",
            found=f"{type(error).__name__}: {error}",
        )
        return _stop(words, EXIT_DEFECT)
    return result if isinstance(result, int) else 0


def _stop(words: str, exit_code: int) -> int:
    print(words, file=sys.stderr)  # noqa: T201
    return exit_code


if __name__ == "__main__":
    main()
