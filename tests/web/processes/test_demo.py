"""``tazuna demo`` as people start and end it: one process tree, and nothing left of it."""

from __future__ import annotations

import shlex
import signal
import sys
from pathlib import Path

import psutil

from tazuna_web.site.addresses import answers
from tazuna_web.site.demo_folder import DATABASE, TRUTH, UNFINISHED, hold
from web.processes.conftest import free_port, wait_until


def command(folder: Path, port: int) -> list[str]:
    code = (
        "import pathlib, sys; from tazuna_web.site.demo import demo; "
        f"sys.exit(demo(port={port}, data=pathlib.Path({str(folder)!r}), no_browser=True, lang='en'))"
    )
    return [sys.executable, "-c", code]


def start(folder: Path, port: int, started: list[psutil.Process]) -> psutil.Process:
    """Start the demo with its output in ``output.txt`` beside the folder."""
    with (folder.parent / "output.txt").open("wb") as output:
        process = psutil.Popen(command(folder, port), stdout=output, stderr=output)
    started.append(process)
    return process


def part(demo: psutil.Process, name: str) -> psutil.Process:
    """The running part of that name."""
    (found,) = [child for child in demo.children() if name in child.cmdline()]
    return found


def gone(processes: list[psutil.Process]) -> bool:
    return all(not each.is_running() or each.status() == psutil.STATUS_ZOMBIE for each in processes)


def test_killed_parts_are_started_again_and_ctrl_c_ends_everything(
    demo_folder: Path, started: list[psutil.Process]
) -> None:
    port = free_port()
    demo = start(demo_folder, port, started)
    wait_until(lambda: answers(port))
    first_worker, application = part(demo, "worker"), part(demo, "application")
    wait_until(lambda: len(application.children()) == 1)
    (server,) = application.children()
    server.kill()
    first_worker.kill()
    wait_until(lambda: gone([server, first_worker, application]))
    wait_until(lambda: answers(port) and any("worker" in child.cmdline() for child in demo.children()))
    family = demo.children(recursive=True)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(20) == 0
    wait_until(lambda: gone(family))
    said = (demo_folder.parent / "output.txt").read_text()
    assert f"The demo is ready: http://127.0.0.1:{port}/" in said
    assert "The worker ended unexpectedly and is started again." in said
    assert "The demo has ended." in said
    assert "Traceback" not in said


def test_nothing_outlives_a_killed_demo(demo_folder: Path, started: list[psutil.Process]) -> None:
    port = free_port()
    demo = start(demo_folder, port, started)
    wait_until(lambda: answers(port))
    family = demo.children(recursive=True)
    assert len(family) == 3
    demo.kill()
    demo.wait()
    wait_until(lambda: gone(family), seconds=5)
    assert not answers(port)


def test_the_demo_ends_with_the_shell_that_started_it(
    demo_folder: Path, started: list[psutil.Process]
) -> None:
    port = free_port()
    shell = psutil.Popen(["sh", "-c", f"{shlex.join(command(demo_folder, port))} & wait"])
    started.append(shell)
    wait_until(lambda: answers(port))
    family = shell.children(recursive=True)
    shell.kill()
    shell.wait()
    wait_until(lambda: gone(family), seconds=15)
    assert not answers(port)


def test_a_kill_while_the_sample_is_made_leaves_no_half_made_demo(
    tmp_path: Path, started: list[psutil.Process]
) -> None:
    folder = tmp_path / "demo"
    demo = start(folder, free_port(), started)
    wait_until((folder / UNFINISHED / DATABASE).exists)
    family = demo.children(recursive=True)
    demo.kill()
    demo.wait()
    wait_until(lambda: gone(family), seconds=5)
    assert not (folder / DATABASE).exists()
    assert not (folder / TRUTH).exists()
    with hold(folder, "http://127.0.0.1:8000/"):
        assert not (folder / DATABASE).exists()
