"""What an installation for production must have before anything is served."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna_web.site.demo_folder import TRUTH

SETTINGS = "tazuna_web.site.settings.production"


class InstallationError(TazunaError):
    """Something that serving needs is missing or wrong."""


def set_up(*, migrate: bool = False) -> None:
    """Load the production settings and expect a database that is reachable, up to date and no demo.

    Raises
    ------
    InstallationError
        The first thing that is missing, with its cure.
    """
    _require_environment()
    _refuse_demo_folder()
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import OperationalError, connection

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise InstallationError(message("{problem}", problem=str(error))) from error
    try:
        if migrate:
            call_command("migrate", verbosity=1)
        waiting = waiting_migrations()
    except OperationalError as error:
        raise InstallationError(
            message("The database does not answer: {problem}", problem=str(error).strip()),
            message("Check DATABASE_URL, and that the database runs and lets this user in."),
        ) from error
    if waiting:
        raise InstallationError(
            message("The database is not up to date: {count} migrations are waiting.", count=len(waiting)),
            message("Make a backup, then run once: tazuna serve --migrate"),
        )
    _refuse_demo_accounts()
    connection.close()


def waiting_migrations() -> list[str]:
    """Names of the migrations that the database does not have yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _require_environment() -> None:
    wanted = {
        "DATABASE_URL": message("the database, e.g. postgresql://tazuna:password@127.0.0.1:5432/tazuna"),
        "TAZUNA_HOSTS": message("the host names under which people reach it, e.g. co.example.co.jp"),
    }
    missing = {name: why for name, why in wanted.items() if not os.environ.get(name, "").strip()}
    for name, why in missing.items():
        raise InstallationError(
            message("The environment variable {name} is missing: {why}.", name=name, why=why),
            message(
                "Needed are: {names}. To try it out without a database of your own: tazuna demo",
                names=", ".join(wanted),
            ),
        )


def _refuse_demo_folder() -> None:
    parts = urlsplit(os.environ["DATABASE_URL"])
    folders = [Path(os.environ.get("TAZUNA_DATA", "tazuna-data"))]
    if parts.scheme == "sqlite":
        path = unquote(parts.path)
        folders.append(Path(path.removeprefix("/") if path.startswith("//") else path).parent)
    for folder in folders:
        if (folder / TRUTH).exists():  # the simulator's truth lies beside every demo and beside nothing else
            raise _demo_refused(folder)


def _refuse_demo_accounts() -> None:
    from tazuna_web.accounts.models import Account
    from tazuna_web.site.doors import DOORS

    if Account.objects.filter(email__in=[door.email for door in DOORS]).exists():
        raise _demo_refused(os.environ["DATABASE_URL"].rpartition("@")[2])


def _demo_refused(where: object) -> InstallationError:
    return InstallationError(
        message("{where} holds the demo's sample, which has no place in production.", where=where),
        message("Name an empty database in DATABASE_URL and another folder in TAZUNA_DATA."),
    )
