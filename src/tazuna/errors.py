"""Errors that a user can mend: each says what was found, what is expected and what to do."""

from __future__ import annotations

from tazuna.language import Language, Message


class TazunaError(Exception):
    """A mistake in what was given, not in the program; commands print it without a traceback and exit 1.

    Parameters
    ----------
    problem
        The place, what was found and what is expected.
    cure
        What to do about it, where the problem alone does not say.
    """

    def __init__(self, problem: Message, cure: Message | None = None) -> None:
        super().__init__(problem.text("en"))
        self.problem = problem
        self.cure = cure

    def text(self, language: Language) -> str:
        """Problem and cure in ``language``."""
        problem = self.problem.text(language)
        return problem if self.cure is None else f"{problem}\n{self.cure.text(language)}"


class UnreadableSourceError(TazunaError):
    """A file cannot be read as a table at all (empty, binary, too large, broken archive)."""


class StudyError(TazunaError):
    """A study folder, its ``study.toml`` or a table in it cannot be used as it is."""


class InstrumentError(TazunaError):
    """An instrument file breaks the schema."""


class MissingInputError(TazunaError):
    """A table or column that a calculation needs is not in the study."""
