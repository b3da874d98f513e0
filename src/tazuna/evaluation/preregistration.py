"""Pre-registration (事前登録): what will be asked and how, written down and hashed before the draw.

Whoever publishes the hash before the beacon of the draw comes out can show afterwards that nothing was chosen
after the results were known. The hash is that of the canonical text, so ``sha256sum`` of the file that
`canonical_text` wrote gives it too; blanks, comments and the order of the lines do not matter to it.
"""

from __future__ import annotations

import datetime
import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tazuna.errors import StudyError
from tazuna.evaluation.evidence import Rung
from tazuna.evaluation.registration_entries import RegistrationEntries
from tazuna.intake.toml_text import toml_line
from tazuna.language import message

SCHEMA = "tazuna/preregistration/1"
DEFAULT_DRAWS = 10_000
MOST_DRAWS = 1_000_000
ANY = "any"

Estimand = Literal["offer", "participation", "hours"]
"""Effect of being offered a place, of taking part (for those who do because of the offer), of an hour."""
Statistic = Literal["studentised", "wald"]
"""The estimate over its standard error, judged by redraws, or by a t or normal distribution."""
Role = Literal["secretariat", "coordinator", "hr", "executive", "host", "evaluator"]
"""Who registers: a role, never a person's name."""

ESTIMANDS: Mapping[Rung, tuple[Estimand, ...]] = {
    "A": ("offer", "participation", "hours"),
    "B": ("offer",),
    "C": ("participation",),
    "D": ("participation",),
    "E": ("participation",),
}
STATISTICS: Mapping[Rung, Statistic] = {
    "A": "studentised",
    "B": "wald",
    "C": "wald",
    "D": "wald",
    "E": "wald",
}


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered analysis.

    Parameters
    ----------
    registered_at
        With its time zone, whole seconds.
    registered_by
        A role.
    hypothesis
        In the registrant's words.
    rounds, program
        Whose places are meant; ``any``, or ids of programmes separated by commas.
    primary_outcome, further_outcomes
        Codes of scales or columns of the table outcomes; the verdict is on the primary one alone.
    before, after
        Waves.
    design
        The rung on which the verdict will rest.
    estimand, statistic
        What is estimated and by what it is judged; they go with the design.
    draws
        Redraws (design A).
    effect_of_interest
        Smallest effect worth having, in standard deviations.
    modifiers
        By which the effect will be looked at in parts; all known before the draw.
    covariates
        Columns beside the outcome before the round that will be adjusted for.
    """

    registered_at: datetime.datetime
    registered_by: Role
    hypothesis: str
    rounds: tuple[str, ...]
    program: str
    primary_outcome: str
    before: str
    after: str
    design: Rung
    estimand: Estimand
    statistic: Statistic
    effect_of_interest: float
    further_outcomes: tuple[str, ...] = ()
    draws: int = DEFAULT_DRAWS
    modifiers: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()

    @property
    def canonical_text(self) -> str:
        """The file as it is hashed: fixed order of lines, every entry written out, no comments."""
        lines = [
            toml_line("schema", SCHEMA),
            f"registered_at = {self.registered_at.isoformat(timespec='seconds')}",
            toml_line("registered_by", self.registered_by),
            toml_line("hypothesis", self.hypothesis),
            toml_line("rounds", self.rounds),
            toml_line("program", self.program),
            toml_line("primary_outcome", self.primary_outcome),
            toml_line("further_outcomes", self.further_outcomes),
            toml_line("before", self.before),
            toml_line("after", self.after),
            toml_line("design", self.design),
            toml_line("estimand", self.estimand),
            toml_line("statistic", self.statistic),
            toml_line("draws", self.draws),
            f"effect_of_interest = {self.effect_of_interest!r}",
            toml_line("modifiers", self.modifiers),
            toml_line("covariates", self.covariates),
        ]
        return unicodedata.normalize("NFC", "\n".join(lines)) + "\n"

    @property
    def sha256(self) -> str:
        """Of the canonical text in UTF-8, in hexadecimal: what is published before the beacon."""
        return hashlib.sha256(self.canonical_text.encode()).hexdigest()


def read_preregistration(path: Path) -> Registration:
    """The registration in a file.

    Raises
    ------
    StudyError
        There is no such file, it is not TOML in UTF-8, or an entry is missing, unknown or not possible; names
        entry, line and cure.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(
            message("There is no file {path}.", path=str(path)),
            message("Name the preregistration.toml that tazuna plan wrote."),
        ) from error
    except UnicodeDecodeError as error:
        raise StudyError(
            message("{source} is not text in UTF-8.", source=path.name),
            message("Save it again with the encoding UTF-8."),
        ) from error
    return registration_in(text, path.name)


def registration_in(text: str, source: str = "preregistration.toml") -> Registration:
    """The registration in the text of a file called ``source``; raises as `read_preregistration`."""
    given = RegistrationEntries.of(text, source, SCHEMA, tuple(Registration.__dataclass_fields__))
    design = given.word("design", get_args(Rung))
    primary = given.text("primary_outcome")
    return Registration(
        registered_at=given.moment("registered_at"),
        registered_by=given.word("registered_by", get_args(Role)),
        hypothesis=given.text("hypothesis"),
        rounds=given.names("rounds", at_least=1),
        program=given.text("program"),
        primary_outcome=primary,
        before=given.text("before"),
        after=given.text("after", unlike="before"),
        design=design,
        estimand=given.word("estimand", ESTIMANDS[design], goes_with="design"),
        statistic=given.word("statistic", (STATISTICS[design],), goes_with="design"),
        effect_of_interest=given.size("effect_of_interest"),
        further_outcomes=given.names("further_outcomes", without=primary),
        draws=given.whole("draws", DEFAULT_DRAWS, most=MOST_DRAWS),
        modifiers=given.names_from_before_the_draw("modifiers"),
        covariates=given.names_from_before_the_draw("covariates"),
    )
