"""Faults and notices (不備とお知らせ): what was wrong or normalised, where, and what to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from tazuna.language import Language, Message, translator

LONGEST_SHOWN = 120
_MOST_NAMED = 30


def shortened(text: str, longest: int = LONGEST_SHOWN) -> str:
    """The text, cut where it is too long to be shown on a line.

    Examples
    --------
    >>> shortened("abcdef", 4)
    'abcd…'
    """
    return text if len(text) <= longest else f"{text[:longest]}…"


def listed(names: Collection[str]) -> str:
    """Names side by side, the first thirty of them, each cut to a readable length.

    Examples
    --------
    >>> listed(["年齢", "性別"])
    '年齢, 性別'
    """
    shown = [shortened(name, LONGEST_SHOWN // 2) for name in islice(names, _MOST_NAMED)]
    return ", ".join(shown) + ("" if len(names) <= _MOST_NAMED else f", … ({len(names):,})")


@dataclass(frozen=True, slots=True)
class Fault:
    """One place in a table that breaks a rule.

    Parameters
    ----------
    kind
        A stable code such as ``bad_date``, ``unknown_code``, ``key_does_not_join``, ``duplicate_key``.
    table
        Our table name; ``source`` is the file (and sheet) as the person sees it.
    line
        The line in the spreadsheet (1 = the first line of the file), None for the whole table.
    column
        The column as the file names it.
    value
        What was found, as text.
    expected, cure
        What is expected there, and what to do.
    required
        True when the row cannot be kept without a cure (key or required value); with ``--skip-faulty`` the
        row is set aside, otherwise only the cell is emptied.
    """

    kind: str
    table: str
    source: str
    line: int | None
    column: str | None
    value: str | None
    expected: Message
    cure: Message
    required: bool = False

    def text(self, language: Language) -> str:
        """One line: place, value, expectation, cure."""
        t = translator(language)
        place = self.source
        if self.line is not None:
            place = t("{source} line {line}", source=place, line=self.line)
        if self.column is not None:
            place = f"{place} {shortened(self.column)}"
        if self.value is not None:
            place = t("{place} “{value}”", place=place, value=shortened(self.value))
        return t("{place}: {expected}. {cure}", place=place, expected=self.expected, cure=self.cure)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was accepted and normalised, counted: ``said`` is a whole sentence."""

    kind: str
    table: str
    source: str
    count: int
    said: Message

    def text(self, language: Language) -> str:
        return self.said.text(language)
