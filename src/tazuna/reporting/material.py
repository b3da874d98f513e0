"""What the sections of a report are written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tazuna.disclosure.between_companies import Benchmark
from tazuna.language import Language, Message, Translator, message, translator
from tazuna.measurement.comparing import Comparability
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.management_score import GapFact
from tazuna.measurement.overview import MethodFacts, WaveReliability
from tazuna.measurement.second_look.look import SecondLook
from tazuna.reporting.cells import OrganisationCells, organisation_cells
from tazuna.reporting.pooled_rows import Pools, pool_name, rows_once
from tazuna.reporting.widths import shortened
from tazuna.reporting.words import category_label, group_label, ruled_label, scale_label
from tazuna.study import Study, Wave

_SHORT_LEVELS: Mapping[str, Message] = {
    "high": message("High level"),
    "middle": message("Middle level"),
    "low": message("Low level"),
}


@dataclass(frozen=True, slots=True)
class Material:
    """One organisation's protected figures, the words for its groups, and how the study was read.

    Parameters
    ----------
    departments
        Department id → name.
    reliability, methods
        As measurement released them: scale → reliability over the whole study, and how the figures were made.
    hidden, figures
        How many figures the whole release hides, and has.
    next_smallest
        How many the rule of thumb would hide, see `tazuna.disclosure.release.Audit`.
    benchmark
        The comparison with other companies, where one was made.
    comparability
        Whether groups and waves may be compared, scale by scale, over the whole study.
    look
        What a second look found, where one was taken.
    pools
        Departments of the reported wave that are shown together.
    """

    study: Study
    organisation: str
    cells: OrganisationCells
    wave: Wave
    organisation_id: str
    k: int
    departments: Mapping[str, str]
    reliability: Mapping[str, WaveReliability]
    methods: MethodFacts
    today: date
    language: Language
    hidden: int
    figures: int
    next_smallest: int
    benchmark: Benchmark | None = None
    comparability: tuple[Comparability, ...] = ()
    look: SecondLook | None = None
    pools: Pools = field(default_factory=dict)

    @property
    def t(self) -> Translator:
        """The translator into the report's language."""
        return translator(self.language)

    def department_rows(self, measures: Sequence[str]) -> tuple[str, ...]:
        """Departments and pools that have a row in a table of these measures: everybody once if possible."""

        def shown(group: str) -> bool:
            cells = (self.cells.at(measure, group_by="department", group=group) for measure in measures)
            return any(cell is not None and cell.shown for cell in cells)

        groups = self.cells.groups("department", measures[0]) if measures else ()
        return rows_once(groups, self.pools, shown)

    @property
    def gap_fact(self) -> GapFact | None:
        """How the gaps of the reported wave were resampled."""
        facts = (
            f
            for f in self.methods.gaps
            if (f.organisation_id, f.wave) == (self.organisation_id, self.wave.wave)
        )
        return next(facts, None)

    @property
    def looked_at(self) -> OrganisationCells | None:
        """The cells of the second look; None without one, or where it had nothing to look at."""
        if self.look is None or not self.look.wave:
            return None
        return organisation_cells(self.look.release.cells, self.organisation_id, (self.look.wave,))

    def scale(self, code: str) -> str:
        """What a scale is called; the management score's total is 総合 beside its views."""
        return self.t("Total") if code == "ms" else scale_label(code, self.study.instruments, self.language)

    def ruled(self, ruling: str, group: str) -> str:
        """What the rule data call a group."""
        return ruled_label(ruling, group, self.language)

    @property
    def age_bands(self) -> tuple[str, ...]:
        """The age bands of the rule data, youngest first."""
        return self.ruling_groups("age_band")

    def ruling_groups(self, ruling: str) -> tuple[str, ...]:
        """The groups of a ruling, in the order of the rule data."""
        return group_rules().groups(ruling)

    def needs(self, ruling: str, group: str) -> tuple[str, ...]:
        """The measures that show what a group lacks, most telling first."""
        return next((rule.needs for rule in group_rules().rulings[ruling] if rule.group == group), ())

    def short_level(self, level: str) -> str:
        """The level without its limits, for the end of a line."""
        return self.t(_SHORT_LEVELS[level].template)

    def group(self, group_by: str, group: str) -> str:
        """What any group is called, departments by name."""
        if group_by == "department":
            return self._department(group)
        return group_label(group_by, group, self.language, self.t)

    def axis_label(self, group_by: str, group: str) -> str:
        """The same, short enough for a figure's axis."""
        return shortened(self.group(group_by, group))

    def _department(self, group: str) -> str:
        members = self.pools.get(group)
        if members is None:
            return self.departments.get(group, group)
        names = [self.departments.get(member, member) for member in members]
        return pool_name(names, self.t)

    def category(self, question: str, category: str) -> str:
        """What a response category is called."""
        return category_label(question, category, self.study.instruments, self.language)

    def wave_label(self, wave: str) -> str:
        """What a wave is called."""
        return next((w.label for w in self.study.waves if w.wave == wave), wave)
