"""A registration is read strictly, and its hash depends on what it says alone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.errors import StudyError
from tazuna.evaluation.preregistration import Registration, read_preregistration, registration_in

WRITTEN = """\
schema = "tazuna/preregistration/1"
registered_at = 2026-04-01T12:00:00+09:00
registered_by = "secretariat"
hypothesis = "A place raises engagement"
rounds = ["相互副業2026"]
program = "any"
primary_outcome = "engagement"
before = "fy2025"
after = "fy2026"
design = "A"
estimand = "offer"
statistic = "studentised"
effect_of_interest = 0.3
"""


def fault(text: str) -> str:
    with pytest.raises(StudyError) as caught:
        registration_in(text)
    return caught.value.text("en")


def without(entry: str) -> str:
    return "".join(line for line in WRITTEN.splitlines(True) if not line.startswith(f"{entry} ="))


def with_line(entry: str, line: str) -> str:
    return f"{without(entry)}{line}\n"


def test_what_may_be_left_out_has_a_value_all_the_same() -> None:
    found = registration_in(WRITTEN)
    assert (found.draws, found.modifiers, found.covariates) == (10_000, (), ())
    assert found.registered_at.isoformat() == "2026-04-01T12:00:00+09:00"


def test_blanks_comments_and_order_do_not_change_the_hash() -> None:
    lines = WRITTEN.splitlines()
    other = "# our plan\n" + "\n\n".join([lines[0], *reversed(lines[1:])]) + "  # ende"
    assert registration_in(other).sha256 == registration_in(WRITTEN).sha256


def test_the_hash_is_that_of_the_canonical_file_and_reading_it_gives_the_same_again(tmp_path: Path) -> None:
    found = registration_in(WRITTEN)
    path = tmp_path / "preregistration.toml"
    path.write_bytes(found.canonical_text.encode())
    assert hashlib.sha256(path.read_bytes()).hexdigest() == found.sha256
    assert read_preregistration(path) == found


@given(
    st.text(min_size=1), st.floats(1e-6, 10), st.lists(st.sampled_from(["entry", "性別", "a b"]), unique=True)
)
def test_any_registration_is_read_back_as_written(words: str, size: float, modifiers: list[str]) -> None:
    before = replace(registration_in(WRITTEN), effect_of_interest=size, modifiers=tuple(modifiers))
    if words.strip():
        before = replace(before, hypothesis=f"a{words}b".replace("\r", ""))
    first = registration_in(before.canonical_text)
    assert registration_in(first.canonical_text) == first
    assert first.sha256 == registration_in(first.canonical_text).sha256


@pytest.mark.parametrize("entry", Registration.__dataclass_fields__)
def test_every_entry_counts_in_the_hash(entry: str) -> None:
    found = registration_in(WRITTEN)
    text = found.canonical_text
    assert f"\n{entry} = " in text


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "preregistration.toml"
    path.write_bytes(b"\xef\xbb\xbf" + WRITTEN.replace("\n", "\r\n").encode())
    assert read_preregistration(path) == registration_in(WRITTEN)


@pytest.mark.parametrize(
    "entry", ["registered_at", "hypothesis", "rounds", "primary_outcome", "before", "after", "design"]
)
def test_a_missing_entry_is_named(entry: str) -> None:
    assert f"preregistration.toml, {entry}: {entry} is missing." in fault(without(entry))


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ("design", 'design = "F"', "design: expected is one of A, B, C, D, E, found is F"),
        (
            "statistic",
            'statistic = "wald"',
            "with design = “A” expected is one of studentised, found is wald",
        ),
        ("registered_by", 'registered_by = "Sato Hanako"', "found is Sato Hanako"),
        ("registered_at", "registered_at = 2026-04-01T12:00:00", "with its time zone"),
        ("registered_at", 'registered_at = "2026-04-01"', "with its time zone"),
        ("rounds", "rounds = []", "expected is a list of texts"),
        ("rounds", 'rounds = ["a", "a"]', "“a” is named twice"),
        ("after", 'after = "fy2025"', "it is the same as before"),
        ("hypothesis", 'hypothesis = " "', "expected is text in quotation marks"),
        ("effect_of_interest", "effect_of_interest = 0", "above 0, found is 0"),
        ("effect_of_interest", "effect_of_interest = nan", "above 0"),
        ("draws", "draws = 0", "expected is a number from 1 to 1,000,000"),
        ("draws", "draws = true", "expected is a whole number"),
        ("further_outcomes", 'further_outcomes = ["engagement"]', "“engagement” is named twice"),
        ("modifiers", 'modifiers = ["feedback_received"]', "“feedback_received” comes after the draw"),
        ("covariates", 'covariates = ["hours"]', "“hours” comes after the draw"),
        ("modifers", 'modifers = ["entry"]', "this name is not known here"),
    ],
)
def test_a_wrong_entry_is_named_with_its_line_and_cure(entry: str, line: str, said: str) -> None:
    text = with_line(entry, line)
    words = fault(text)
    assert said in words
    assert f"line {len(text.splitlines())}" in words
    assert len(words.splitlines()) == 2


def test_an_estimand_must_go_with_the_design() -> None:
    words = fault(with_line("design", 'design = "D"'))
    assert "line 10, estimand: with design = “D” expected is one of participation, found is offer" in words


def test_a_file_that_is_no_registration_is_refused(tmp_path: Path) -> None:
    assert "is not valid TOML" in fault("schema = ")
    assert 'expected is schema = "tazuna/preregistration/1"' in fault('schema = "tazuna/study/1"')
    with pytest.raises(StudyError, match="no file"):
        read_preregistration(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudyError, match="UTF-8"):
        read_preregistration(tmp_path / "odd.toml")
