"""Making the demo's database beside its place, moved there at the end: a kill leaves nothing half-made."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from tazuna import __version__
from tazuna.commands.console import Steps, steps
from tazuna.language import Language, message
from tazuna_web.site.demo_folder import DATABASE, KEYS, TRUTH, UNFINISHED

PEOPLE = 1200
FILES = (*KEYS, TRUTH, DATABASE)
"""In the order of moving them into place: where the database is, the demo is whole."""
TRUTH_SCHEMA = "tazuna/truth/1"


def prepare(language: Language, *, people: int = PEOPLE) -> int:
    """Make the demo of ``TAZUNA_DATA`` on its first start; later bring its database up to date.

    Parameters
    ----------
    language
        Of the progress shown.
    people
        Staff of all companies.

    Returns
    -------
    int
        An exit code: 0, or 1 where the folder cannot be written.
    """
    data = Path(os.environ["TAZUNA_DATA"])
    with steps(language) as step:
        try:
            if (data / DATABASE).exists():
                _bring_up_to_date(step)
            else:
                _make(data, people, step)
        except OSError as error:
            words = message(
                "{path} cannot be written: {reason}", path=data, reason=error.strerror or str(error)
            )
            print(words.text(language), file=sys.stderr)  # noqa: T201
            return 1
    return 0


def _make(data: Path, people: int, step: Steps) -> None:
    unfinished = data / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    os.environ["TAZUNA_DATA"] = str(unfinished)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    step(message("Making the database …"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    call_command("migrate", verbosity=0)
    truth = fill(timezone.localdate(), people, step)
    head = {"schema": TRUTH_SCHEMA, "version": __version__}
    text = json.dumps({**head, **truth}, ensure_ascii=False, indent=2)
    (unfinished / TRUTH).write_text(text + "\n", encoding="utf-8")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for name in FILES:
        _keep(unfinished / name)
    for name in FILES:
        (unfinished / name).replace(data / name)
    shutil.rmtree(unfinished)


def fill(today: datetime.date, people: int, step: Steps) -> Mapping[str, object]:
    """Fill an empty database with a sample of so many people as of ``today``; return the truth behind it."""
    from django_scopes import scopes_disabled

    from tazuna_web.site.demo_data.answers import store_answers, store_company_answers
    from tazuna_web.site.demo_data.doors import choose_visitors, store_accounts
    from tazuna_web.site.demo_data.releases import queue_releases
    from tazuna_web.site.demo_data.rows import (
        store_departments,
        store_organisations,
        store_people,
        store_populations,
        store_waves,
    )
    from tazuna_web.site.demo_data.sample import COMPANIES, sample_of

    step(
        message(
            "Simulating a consortium of {companies} companies and {people} people …",
            companies=COMPANIES,
            people=f"{people:,}",
        )
    )
    sample = sample_of(today, people=people)
    visitors = choose_visitors(sample)
    with scopes_disabled():
        step(message("Storing people and waves …"))
        organisations = store_organisations(sample)
        departments = store_departments(sample, organisations)
        everybody = store_people(sample, organisations, departments)
        accounts = store_accounts(visitors, organisations, everybody)
        waves = store_waves(sample, organisations)
        store_populations(sample, waves, everybody, departments)
        step(message("Storing {answers} answer sheets …", answers=f"{sample.tables['responses'].height:,}"))
        store_answers(sample, visitors, waves, everybody)
        store_company_answers(sample, accounts, waves)
        queue_releases(waves)
    return sample.truth


def _bring_up_to_date(step: Steps) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from tazuna_web.site.installation import waiting_migrations

    if waiting_migrations():
        step(message("Bringing the database up to date …"))
        call_command("migrate", verbosity=0)


def _keep(path: Path) -> None:
    """Have the operating system write the file out: a power cut after the move must not find it empty."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
