"""Single figures out of a release: a department's, and what changed since the wave before."""

from __future__ import annotations

import io
from dataclasses import dataclass

import polars as pl

from tazuna.disclosure.pooling import pools_among
from tazuna.language import Language
from tazuna.reporting.cells import Cell, OrganisationCells, organisation_cells
from tazuna.reporting.words import scale_label
from tazuna_web.organisations.models import Department
from tazuna_web.overview.models import Release
from tazuna_web.overview.queries import edition_of
from tazuna_web.surveys.models import Wave
from tazuna_web.surveys.questionnaire import instruments_of

TEAM_SCALES = (
    "co",
    "co1",
    "co2",
    "co3",
    "co4",
    "co5",
    "ms_see",
    "ms_grow",
    "ms_connect",
    "used",
    "opportunity",
)
HEADLINE = "ms"


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A score of a group, with the whole organisation's beside it."""

    label: str
    group: Cell
    everybody: Cell


@dataclass(frozen=True, slots=True)
class Team:
    """A department's scores; none where it has fewer than k answers.

    ``together`` names the departments that the scores are of where the department alone is not shown.
    ``comparable`` says whether the questions work alike between departments; empty in releases without it.
    """

    department: str
    together: tuple[str, ...]
    answered: int | None
    scores: tuple[ShownScore, ...]
    comparable: str


@dataclass(frozen=True, slots=True)
class Change:
    """What moved since the wave before: the total score, and the departments now protected.

    The score is the employees', or everybody's where the employees are not shown alone.
    ``comparable`` says whether the questions work alike in both waves.
    """

    earlier_wave: str
    earlier: Cell
    wave: str
    now: Cell
    newly_hidden: tuple[str, ...]
    comparable: str

    @property
    def difference(self) -> float:
        """Points, from the unrounded scores."""
        return (self.now.mean or 0.0) - (self.earlier.mean or 0.0)


def cells_of(release: Release) -> OrganisationCells:
    """The release's figures by address, as the core protected them."""
    waves = tuple(Wave.objects.filter(held_by=release.held_by_id).values_list("code", flat=True))
    frame = pl.read_parquet(io.BytesIO(bytes(release.figures)))
    return organisation_cells(frame, release.held_by.code, waves)


def team_of(release: Release, department: Department, language: Language) -> Team:
    """The scores of what the department is today, or of the departments that it is shown together with."""
    cells = cells_of(release)
    unit = _today(department)
    together: tuple[str, ...] = ()
    scores = _scores(cells, unit.code, release, language)
    if not scores:
        names = _names(release)
        held = pools_among(cells.groups("department"), names).items()
        pool, members = next((pool for pool in held if unit.code in pool[1]), ("", ()))
        scores = _scores(cells, pool, release, language)
        together = tuple(names[member] for member in members) if scores else ()
    answered = max((score.group.n or 0 for score in scores), default=None)
    comparable = edition_of(release, language).content.get("comparable", {})
    return Team(unit.name, together, answered, scores, comparable.get("team", ""))


def _scores(
    cells: OrganisationCells, group: str, release: Release, language: Language
) -> tuple[ShownScore, ...]:
    """The scores of a department or pool that are shown."""
    instruments = instruments_of(release.wave)
    scores = []
    for scale in TEAM_SCALES:
        own, everybody = cells.at(scale, group_by="department", group=group), cells.at(scale)
        if own is not None and own.shown and everybody is not None and everybody.shown:
            scores.append(ShownScore(scale_label(scale, instruments, language), own, everybody))
    return tuple(scores)


def change_of(release: Release, language: Language) -> Change | None:
    """What changed since the wave before; None where there was none, or one of the scores is protected."""
    cells = cells_of(release)
    if len(cells.waves) < 2:
        return None
    before, last = cells.waves[-2:]
    staff = cells.staff(HEADLINE, waves=(before, last))
    earlier, now = (cells.at(HEADLINE, viewpoint=staff, wave=wave) for wave in (before, last))
    if earlier is None or now is None or not (earlier.shown and now.shown):
        return None
    labels = dict(Wave.objects.filter(held_by=release.held_by_id).values_list("code", "label"))
    comparable = edition_of(release, language).content.get("comparable", {}).get("change", "")
    return Change(
        labels[before], earlier, labels[last], now, _newly_hidden(release, cells, before), comparable
    )


def _newly_hidden(release: Release, cells: OrganisationCells, before: str) -> tuple[str, ...]:
    """Departments whose score was shown in the wave before and is protected now."""
    names = _names(release)
    groups = cells.groups("department", HEADLINE)
    pools = pools_among(groups, names)
    found = []
    for group in groups:
        if group in pools:
            continue
        now = cells.at(HEADLINE, group_by="department", group=group)
        earlier = cells.at(HEADLINE, group_by="department", group=group, wave=before)
        if now is not None and now.hidden and earlier is not None and earlier.shown:
            found.append(names.get(group, group))
    return tuple(found)


def _names(release: Release) -> dict[str, str]:
    """Code → name of every department of the organisation."""
    return dict(Department.objects.filter(held_by=release.held_by_id).values_list("code", "name"))


def _today(department: Department) -> Department:
    """What the department became by reorganisations."""
    passed = {department.pk}
    while department.successor is not None and department.successor.pk not in passed:
        department = department.successor
        passed.add(department.pk)
    return department
