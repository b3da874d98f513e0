"""What to say when a command line itself is wrong, in the user's language."""

from __future__ import annotations

from cyclopts import CycloptsError
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from tazuna.language import Language, Message, message


def usage_error_text(error: CycloptsError, language: Language) -> str:
    """The mistake in one sentence, and where to look."""
    command = " ".join(("tazuna", *(error.command_chain or ())))
    cure = message("See: {command} --help", command=command)
    return f"{_problem(error).text(language)}\n{cure.text(language)}"


def _problem(error: CycloptsError) -> Message:
    match error:
        case MissingArgumentError(argument=argument) if argument is not None:
            return message("{name} is missing.", name=argument.name)
        case UnknownOptionError(token=token):
            return message("There is no option {name}.", name=token.keyword or token.value)
        case CoercionError(token=token, argument=argument) if token is not None and argument is not None:
            return message(
                "{name} cannot be “{value}”; expected {expected}.",
                name=argument.name,
                value=token.value,
                expected=_expected(argument.hint),
            )
        case RepeatArgumentError(token=token):
            return message("{name} is given twice.", name=token.keyword or token.value)
        case UnknownCommandError() | UnusedCliTokensError():
            return message("“{value}” is not understood here.", value=" ".join(error.unused_tokens or ()))
        case _:
            return message("{problem}", problem=str(error))


def _expected(hint: object) -> Message | str:
    choices = getattr(hint, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return message("one of {choices}", choices=", ".join(choices))
    if hint is int:
        return message("a whole number")
    return getattr(hint, "__name__", str(hint))
