"""What the sections of a report are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tazuna.language import Language, Translator, translator
from tazuna.reporting.cells import OrganisationCells
from tazuna.reporting.words import category_label, group_label, ruled_label, scale_label, shortened
from tazuna.study import Study, Wave


@dataclass(frozen=True, slots=True)
class Material:
    """One organisation's protected figures, the words for its groups, and how the study was read.

    Parameters
    ----------
    departments
        Department id → name.
    reliability
        Scale → alpha, its interval and what else measurement reports, as ``reliability.json``.
    methods
        Facts for the lines on method, by name.
    """

    study: Study
    organisation: str
    cells: OrganisationCells
    wave: Wave
    k: int
    departments: Mapping[str, str]
    reliability: Mapping[str, Mapping[str, object]]
    methods: Mapping[str, object]
    today: date
    language: Language

    @property
    def t(self) -> Translator:
        """The translator into the report's language."""
        return translator(self.language)

    def scale(self, code: str) -> str:
        """What a scale is called; the management score's total is 総合 beside its views."""
        return self.t("Total") if code == "ms" else scale_label(code, self.study.instruments, self.language)

    def ruled(self, ruling: str, group: str) -> str:
        """What the rule data call a group."""
        return ruled_label(ruling, group, self.language)

    def group(self, group_by: str, group: str) -> str:
        """What any group is called, departments by name."""
        if group_by == "department":
            return self.departments.get(group, group)
        return group_label(group_by, group, self.language, self.t)

    def axis_label(self, group_by: str, group: str) -> str:
        """The same, short enough for a figure's axis."""
        return shortened(self.group(group_by, group))

    def category(self, question: str, category: str) -> str:
        """What a response category is called."""
        return category_label(question, category, self.study.instruments, self.language)

    def wave_label(self, wave: str) -> str:
        """What a wave is called."""
        return next((w.label for w in self.study.waves if w.wave == wave), wave)
