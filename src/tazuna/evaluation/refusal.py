"""Refusals (推定を行わない理由) and cautions (注意): what is said instead of, or beside, a number.

A design gives either a result or a `Refusal`; it never gives a number that only looks fine. Codes are lower
case words joined by underscores and stay the same between versions, so that other programs may rely on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tazuna.language import Language, Message, message


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a reader must know, with what to do about it.

    Parameters
    ----------
    code
        Fixed word for programs, such as ``collinear_covariates`` or ``few_clusters``.
    problem
        What was found, and what it does to the number or why there can be none.
    cure
        What to do about it.
    """

    code: str
    problem: Message
    cure: Message

    def text(self, language: Language) -> str:
        """Problem and cure in ``language``."""
        return f"{self.problem.text(language)}\n{self.cure.text(language)}"


@dataclass(frozen=True, slots=True)
class Refusal(Finding):
    """Why there is no number."""


@dataclass(frozen=True, slots=True)
class Caution(Finding):
    """What a reader must know beside a number."""


def listed(names: Iterable[str]) -> str:
    """Names for a sentence, in the order given."""
    return ", ".join(names)


def constant_outcome(value: float) -> Refusal:
    """Everybody has the same outcome."""
    return Refusal(
        "constant_outcome",
        message("Everybody has the same outcome ({value}), so no effect can show.", value=f"{value:g}"),
        message("Choose an outcome on which people differ, or check how the column was filled."),
    )


def everybody_treated() -> Refusal:
    """There is nobody to compare with."""
    return Refusal(
        "all_treated",
        message("Everybody took part, so there is nobody to compare with."),
        message("Add people who did not take part, or who start later, to the study."),
    )


def nobody_treated() -> Refusal:
    """There is nobody whose effect could be estimated."""
    return Refusal(
        "none_treated",
        message("Nobody took part, so there is no effect to estimate."),
        message("Check the programme and the waves: no participation was found between them."),
    )


def too_few_rows(rows: int, needed: int) -> Refusal:
    """Fewer answers than the calculation needs."""
    return Refusal(
        "too_few_people",
        message("Only {rows} complete rows, and this calculation needs {needed}.", rows=rows, needed=needed),
        message("Take covariates out, or wait until more people have answered."),
    )


def one_cluster() -> Refusal:
    """There is a single cluster."""
    return Refusal(
        "one_cluster",
        message("Everybody belongs to the same group, so its error cannot be told."),
        message("Go by a finer grouping, such as department instead of company, or by person."),
    )
