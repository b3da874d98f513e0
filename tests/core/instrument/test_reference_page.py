"""The reference of the instrument file names everything that the form has, and its example loads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from tazuna.instrument import schema
from tazuna.instrument.consistency import RESERVED_BEGINNINGS, RESERVED_CODES
from tazuna.instrument.model import ScaleKind
from tazuna.instrument.reading import read_instrument

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
FORMS = (
    schema.CategoryForm,
    schema.ResponseForm,
    schema.QuestionForm,
    schema.ScaleForm,
    schema.InstrumentForm,
)


@pytest.fixture(params=["instrument-file.md", "instrument-file.ja.md"])
def page(request: pytest.FixtureRequest) -> str:
    return (REFERENCE / request.param).read_text(encoding="utf-8")


def test_every_name_of_the_form_is_on_the_page(page: str) -> None:
    names = {field.alias or name for form in FORMS for name, field in form.model_fields.items()}
    wanted = names | set(get_args(ScaleKind)) | RESERVED_CODES | set(RESERVED_BEGINNINGS)
    assert {name for name in wanted if f"`{name}`" not in page} == set()


def test_the_limits_on_the_page_are_those_of_the_form(page: str) -> None:
    last = page.split("\n## ")[-1]
    for limit in (schema.MAX_QUESTIONS, schema.MAX_SCALES, schema.MAX_CATEGORIES, schema.MAX_LANGUAGES):
        assert f"{limit:,}" in last


def test_the_example_on_the_page_loads(page: str, tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", page, re.S)
    assert example is not None
    path = tmp_path / "pulse.yaml"
    path.write_text(example.group(1), encoding="utf-8")
    assert read_instrument(path).scales["mood"].questions == ("mood1", "mood2")
