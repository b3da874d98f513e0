"""The study handed to the core holds the rows that were stored, and gives the command line's figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from django.db import transaction
from django_scopes import scope, scopes_disabled
from polars.testing import assert_frame_equal
from pytest_django import DjangoDbBlocker

from tazuna.measurement.overview import measure, release_study, released
from tazuna.study import Study
from tazuna.study.folder import open_study
from tazuna_web.site.demo_data.sample import Sample
from tazuna_web.surveys.models import PersonAtWave
from tazuna_web.surveys.tables import study_of
from web.overview.loaded_sample import OTHER, OWN, load

SEED = 4711
pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Studied:
    """The studies of the own company's two closed waves; the second also from rows in another order."""

    sample: Sample
    first: Study
    second: Study
    second_stored_otherwise: Study
    seen_by_another_organisation: int


@pytest.fixture(scope="session")
def studied(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Studied:
    with django_db_blocker.unblock(), transaction.atomic():
        with scopes_disabled():
            loaded = load(with_answers=True)
        first, second, _ = loaded.waves[OWN]
        with scope(held_by=[second.held_by_id]):
            studies = [study_of(first), study_of(second)]
            rows = list(PersonAtWave.objects.filter(wave=second))
            PersonAtWave.objects.filter(wave=second).delete()
            for row in rows:
                row.pk = None
            PersonAtWave.objects.bulk_create(reversed(rows))
            studies.append(study_of(second))
        with scope(held_by=[loaded.organisations[OTHER].pk]):
            seen = PersonAtWave.objects.filter(wave=second).count()
        transaction.set_rollback(True)
    return Studied(loaded.sample, *studies, seen)


@pytest.fixture
def study(studied: Studied) -> Study:
    return studied.second


def test_the_study_ends_with_the_wave_and_leaves_open_ones_out(studied: Studied) -> None:
    first, second, _ = (period.code for period in studied.sample.periods)
    assert [wave.wave for wave in studied.first.waves] == [first]
    assert [wave.wave for wave in studied.second.waves] == [first, second]


def test_the_answers_are_those_that_were_given(studied: Studied, study: Study) -> None:
    heads = ("person_id", "wave", "answered_at", "language")
    codes = [code for code in study.responses.columns if code not in heads]
    given = studied.sample.tables["responses"]
    own = studied.sample.tables["people"].filter(pl.col("organisation_id") == OWN).select("person_id", "wave")
    expected = (
        given.join(own, on=["person_id", "wave"])
        .filter(pl.col("wave").is_in([wave.wave for wave in study.waves]))
        .select("person_id", "wave", pl.col("answered_on").alias("answered_at"), *codes)
        .sort("wave", "person_id")
    )
    assert expected.height > 40
    assert_frame_equal(study.responses.drop("language"), expected, check_dtypes=False)
    assert {study.responses.schema[code] for code in codes} == {pl.Int16}


def test_the_people_are_those_of_each_wave(studied: Studied, study: Study) -> None:
    people = study.tables["people"]
    expected = (
        studied.sample.tables["people"]
        .filter(pl.col("organisation_id") == OWN, pl.col("wave").is_in([wave.wave for wave in study.waves]))
        .select(people.columns)
        .sort("wave", "person_id")
    )
    assert_frame_equal(people, expected, check_dtypes=False)


def test_the_company_side_is_complete(studied: Studied, study: Study) -> None:
    answers = study.tables["company_answers"]
    expected = studied.sample.tables["company_answers"].filter(
        pl.col("organisation_id") == OWN, pl.col("wave").is_in([wave.wave for wave in study.waves])
    )
    by = ["wave", "viewpoint", *(f"ms{number}" for number in range(1, 10))]
    assert_frame_equal(answers.select(by).sort(by), expected.select(by).sort(by), check_dtypes=False)


def test_another_organisations_scope_finds_nobody(studied: Studied) -> None:
    assert studied.seen_by_another_organisation == 0


def test_the_same_rows_have_the_same_hash_in_whatever_order_they_were_stored(studied: Studied) -> None:
    assert studied.second_stored_otherwise.sha256 == studied.second.sha256
    assert studied.first.sha256 != studied.second.sha256


def as_folder(study: Study, folder: Path, *, shuffled: bool = False) -> Path:
    """The same rows as files, as a company would hold them for the command line."""
    tables = {**study.tables, "responses": study.responses}
    tables["waves"] = pl.DataFrame(
        {
            "wave": [wave.wave for wave in study.waves],
            "label_ja": [wave.label for wave in study.waves],
            "closed_on": [f"{wave.year}-10-31" for wave in study.waves],
            "fiscal_year": [wave.fiscal_year for wave in study.waves],
            "k": [wave.k for wave in study.waves],
        }
    )
    for name, table in tables.items():
        if shuffled and name != "waves":
            table = table.sample(fraction=1.0, shuffle=True, seed=5)
        table.write_csv(folder / f"{name}.csv")
    order = json.dumps(list(study.orders["contribution"]))
    (folder / "study.toml").write_text(
        f'schema = "tazuna/study/1"\ntitle = "同じ行"\n[orders]\ncontribution = {order}\n', encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("shuffled", [False, True], ids=["same order", "any order"])
def test_the_command_line_finds_the_same_figures_to_the_last_digit(
    study: Study, tmp_path: Path, shuffled: bool
) -> None:
    opened = open_study(as_folder(study, tmp_path, shuffled=shuffled))
    assert not opened.faults
    by_command = released(measure(opened, seed=SEED)).release.cells
    by_application = release_study(study, seed=SEED).release.cells
    assert by_application.height > 5_000
    assert_frame_equal(by_application, by_command, check_exact=True)
