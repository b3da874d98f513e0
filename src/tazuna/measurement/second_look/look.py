"""A second look (再確認) at one organisation: its figures through the door, and what may be said of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.disclosure.release import Release, release_cells
from tazuna.measurement.bootstrap import generator_for
from tazuna.measurement.group_rules import GroupRules, group_rules
from tazuna.measurement.intervals import Floats
from tazuna.measurement.population import population
from tazuna.measurement.scoring import score_people, scored_scales
from tazuna.measurement.second_look.careless import CarelessFinding, careless_rows
from tazuna.measurement.second_look.classes import ClassFinding, class_rows
from tazuna.measurement.second_look.contribution import CORRECTIONS, LinkFinding, contribution_rows
from tazuna.measurement.second_look.dips import EVERYBODY, DipFinding, dip_rows
from tazuna.measurement.second_look.moves import MoveFinding, move_rows
from tazuna.measurement.second_look.rows import Row, cells_of
from tazuna.measurement.units import organisations_above
from tazuna.study import Study, Wave


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What a second look found; a finding is None, or not there, where the answers do not carry it.

    Parameters
    ----------
    wave, before
        The wave looked at, and the one before it; empty and None where there is none.
    release
        The figures, protected, with measures as this package's modules name them. All are about the whole
        organisation or large groups of it.
    classes, moves, dips, contribution, careless
        What may be said of the figures; only where these are shown.
    """

    wave: str
    before: str | None
    release: Release
    classes: ClassFinding | None
    moves: tuple[MoveFinding, ...]
    dips: tuple[DipFinding, ...]
    contribution: LinkFinding | None
    careless: CarelessFinding | None


def second_look(study: Study, organisation_id: str, *, seed: int) -> SecondLook:
    """Look again at an organisation's last wave with answers.

    Parameters
    ----------
    study
        The study.
    organisation_id
        Its people and those of the organisations below it count.
    seed
        Of random starts, halves and draws.

    Raises
    ------
    ThresholdError
        A wave's k is below the floor.
    """
    rules = group_rules()
    below = organisations_above(study).filter(pl.col("above") == organisation_id)["organisation_id"]
    everybody = population(study, score_people(study), rules).filter("asked")
    ours = everybody.filter(pl.col("organisation_id").cast(pl.String).is_in(below.implode()))
    answered = [wave for wave in study.waves if ours.filter(pl.col("wave") == wave.wave)["answered"].any()]
    if not answered:
        nothing = release_cells(cells_of([], organisation_id, ""), {})
        return SecondLook("", None, nothing, None, (), (), None, None)
    last, before = answered[-1], answered[-2] if len(answered) > 1 else None
    here = ours.filter(pl.col("wave") == last.wave)
    people = here.filter("answered")
    rng = generator_for(seed, organisation_id, last.wave)
    scales = scored_scales(study.instruments, study.responses.columns)
    departments = _departments(people)
    class_cells, classes = class_rows(people, rules, rng, last.k)
    move_cells, moves = _moves(ours, before, people, rules, rng, last.k)
    dip_cells, dips = dip_rows(study, people, scales, departments, rules)
    contribution_cells, contribution = contribution_rows(study, people, scales, departments, rng)
    careless_cells, careless = careless_rows(study, here, rules, last.k)
    rows = [*class_cells, *move_cells, *dip_cells, *contribution_cells, *careless_cells]
    release = release_cells(cells_of(rows, organisation_id, last.wave), {last.wave: last.k})
    shown = set(release.cells.filter(pl.col("suppressed").not_()).select("group", "measure").iter_rows())
    return SecondLook(
        wave=last.wave,
        before=None if before is None else before.wave,
        release=release,
        classes=classes if (EVERYBODY, "share.class.1") in shown else None,
        moves=tuple(found for found in moves if (EVERYBODY, f"left.{found.ruling}") in shown),
        dips=tuple(found for found in dips if (found.level, f"dip.{found.scale}.before") in shown),
        contribution=contribution if (EVERYBODY, f"correlation.{CORRECTIONS[0]}") in shown else None,
        careless=careless,
    )


def _moves(
    ours: pl.DataFrame,
    before: Wave | None,
    people: pl.DataFrame,
    rules: GroupRules,
    rng: np.random.Generator,
    k: int,
) -> tuple[list[Row], tuple[MoveFinding, ...]]:
    if before is None:
        return [], ()
    then = ours.filter(pl.col("wave") == before.wave, "answered")
    return move_rows(then, people, rules, rng, max(k, before.k))


def _departments(people: pl.DataFrame) -> Floats:
    """A number for each person's department; those of different organisations apart."""
    places = pl.concat_str(pl.col("organisation_id").cast(pl.String), pl.col("unit").cast(pl.String))
    return people.select(places.rank("dense").cast(pl.Float64)).to_series().to_numpy()
