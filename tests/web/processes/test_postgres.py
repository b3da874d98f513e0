"""The web tests once more, on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
SUITES = ("web", "isolation/test_scopes.py")
LEFT_OUT = ("web/processes", "web/design", "web/surveys/test_answering_in_browser.py")
"""They choose their databases themselves, need none, or watch the browser."""


@pytest.mark.long
def test_the_web_tests_pass_on_postgresql(postgres_url: str) -> None:
    left_out = [f"--ignore={TESTS / path}" for path in LEFT_OUT]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-x", "--tb=short"),
            *(str(TESTS / suite) for suite in SUITES),
            *left_out,
        ],
        cwd=TESTS.parent,
        env={**os.environ, "DATABASE_URL": postgres_url},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
