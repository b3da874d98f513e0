"""The server commands on the command line: their help is quick and in the user's language."""

from __future__ import annotations

import pytest

from web.processes.conftest import run_python

SHOW_HELP = """
import sys
from cyclopts import App
from tazuna.commands.help_text import TranslatedHelp
from tazuna.language import translator
from tazuna_web.site.{name} import {name}
app = App(name="tazuna", help_formatter=TranslatedHelp(translator({language!r})), help_format="plaintext")
app.command({name})
app(["{name}", "--help"], exit_on_error=False, result_action="return_value")
assert not {{"django", "polars", "granian", "numpy"}} & set(sys.modules)
"""


@pytest.mark.parametrize("name", ["demo", "serve", "worker"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_help_loads_nothing_heavy_and_is_translated(name: str, language: str) -> None:
    shown = run_python(SHOW_HELP.format(name=name, language=language)).stdout
    assert ("日本語か英語か" in shown) == (language == "ja")
    assert ("Japanese or English" in shown) == (language == "en")


def test_a_command_imports_the_framework_only_when_it_runs() -> None:
    code = (
        "import sys, tazuna_web.site.demo, tazuna_web.site.serve, tazuna_web.site.worker\n"
        "print('django' in sys.modules)"
    )
    assert run_python(code).stdout == "False\n"
