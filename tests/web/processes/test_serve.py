"""``tazuna serve`` starts on a sound installation only, and has no doors."""

from __future__ import annotations

import http.client
import os
import sys
from pathlib import Path

import psutil
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tazuna_web.site.doors import DOORS
from tazuna_web.site.installation import InstallationError, set_up
from web.processes.conftest import free_port, run_python, wait_until

REFUSED = (
    "from tazuna_web.site.installation import InstallationError, set_up\n"
    "try:\n    set_up()\nexcept InstallationError as error:\n    print(error.text('ja'))"
)


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'tazuna.sqlite3'}",
        "TAZUNA_HOSTS": "co.example.co.jp",
        "TAZUNA_DATA": str(folder / "keys"),
        **more,
    }


@pytest.mark.parametrize("name", ["DATABASE_URL", "TAZUNA_HOSTS"])
def test_what_is_missing_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in environment(tmp_path).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delenv(name)
    with pytest.raises(InstallationError, match=f"variable {name} is missing"):
        set_up()


def test_the_demos_folder_is_refused(
    small_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in environment(small_demo).items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(InstallationError, match="the demo's sample"):
        set_up()


def test_a_copy_of_the_demos_database_is_refused(demo_folder: Path) -> None:
    (demo_folder / "truth.json").unlink()
    assert "デモの見本が入っています" in run_python(REFUSED, **environment(demo_folder)).stdout


def test_a_database_that_is_not_up_to_date_is_refused_with_the_cure(tmp_path: Path) -> None:
    assert "tazuna serve --migrate" in run_python(REFUSED, **environment(tmp_path)).stdout


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    nowhere = environment(tmp_path, DATABASE_URL=f"postgresql://tazuna@127.0.0.1:{free_port()}/tazuna")
    assert "データベースが応答しません" in run_python(REFUSED, **nowhere).stdout


def test_it_serves_and_ends_when_asked(tmp_path: Path, started: list[psutil.Process]) -> None:
    port = free_port()
    code = f"from tazuna_web.site.serve import serve; serve(port={port}, processes=1, migrate=True)"
    server = psutil.Popen([sys.executable, "-c", code], env={**os.environ, **environment(tmp_path)})
    started.append(server)
    wait_until(lambda: status(port, "GET", "/healthy/") == http.client.OK)
    for door in DOORS:
        assert status(port, "POST", f"/enter/{door.name}/") in (http.client.FORBIDDEN, http.client.NOT_FOUND)
    family = server.children(recursive=True)
    server.terminate()
    server.wait(15)
    assert not any(each.is_running() for each in family)


@pytest.mark.django_db
@pytest.mark.parametrize("door", [door.name for door in DOORS])
def test_outside_the_demo_there_are_no_doors(door: str, settings: Settings) -> None:
    settings.DEMO = False
    assert Client().post(f"/enter/{door}/").status_code == http.client.NOT_FOUND


def status(port: int, method: str, path: str) -> int | None:
    """What the proxy in front would be answered; None where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, headers={"Host": "co.example.co.jp", "X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()
