"""Before the draw by the command: what the round could show, the registration, and its hash in the draw."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path

import pytest

from tazuna.commands.main import run
from tazuna.evaluation.deviations import published_draws
from tazuna.study.folder import open_study

ROUND = "相互副業2024"
AT = ("--registered-at", "2024-11-01T09:00:00+09:00")


def plan(study: Path, out: Path, *more: str, expected: int = 0) -> Path:
    arguments = ["plan", str(study), "--round", ROUND, "--out", str(out), "--draws", "100", "--lang", "en"]
    assert run([*arguments, *more]) == expected
    return out


def outlook(folder: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((folder / "outlook.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def planned(sample_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plan") / "out"
    return plan(sample_study, out, "--outcome", "engagement", "--further", "stay, used", *AT)


def test_outlook_and_registration_are_written_and_nothing_else(planned: Path) -> None:
    assert sorted(path.name for path in planned.iterdir()) == ["outlook.json", "preregistration.toml"]
    content = outlook(planned)
    assert content["schema"] == "tazuna/outlook/1"
    assert [design["design"] for design in content["designs"]] == list("ABCDE")  # type: ignore[attr-defined]


def test_the_registration_says_what_was_asked(planned: Path) -> None:
    registered = tomllib.loads((planned / "preregistration.toml").read_text(encoding="utf-8"))
    assert registered["rounds"] == [ROUND]
    assert registered["primary_outcome"] == "engagement"
    assert registered["further_outcomes"] == ["stay", "used"]
    assert (registered["before"], registered["after"]) == ("fy2024", "fy2025")
    assert registered["registered_at"].isoformat() == "2024-11-01T09:00:00+09:00"


def test_the_hash_on_the_screen_is_that_of_the_file(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = plan(sample_study, tmp_path / "out", "--outcome", "engagement", *AT)
    digest = hashlib.sha256((out / "preregistration.toml").read_bytes()).hexdigest()
    said = capsys.readouterr().out
    assert f"SHA-256 of preregistration.toml: {digest}" in said
    assert "What each design could show:" in said
    assert outlook(out)["preregistration_sha256"] == digest


def test_the_same_question_gives_the_same_files(sample_study: Path, planned: Path, tmp_path: Path) -> None:
    again = plan(sample_study, tmp_path / "out", "--outcome", "engagement", "--further", "stay,used", *AT)
    for name in ("outlook.json", "preregistration.toml"):
        assert (again / name).read_bytes() == (planned / name).read_bytes()


def test_without_an_outcome_nothing_is_registered(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = plan(sample_study, tmp_path / "out")
    assert [path.name for path in out.iterdir()] == ["outlook.json"]
    assert "Name an outcome with --outcome" in capsys.readouterr().out


def test_an_edited_registration_is_checked_and_hashed_again(
    sample_study: Path, planned: Path, tmp_path: Path
) -> None:
    edited = tmp_path / "edited.toml"
    text = (planned / "preregistration.toml").read_text(encoding="utf-8")
    ours = text.replace("modifiers = []", 'modifiers = ["entry"]')
    edited.write_text(f"# ours\n{ours}", encoding="utf-8")
    out = plan(sample_study, tmp_path / "out", "--preregistration", str(edited))
    written = (out / "preregistration.toml").read_text(encoding="utf-8")
    assert 'modifiers = ["entry"]' in written
    assert "# ours" not in written
    assert outlook(out)["preregistration_sha256"] == hashlib.sha256(written.encode()).hexdigest()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--outcome", "engagemnt"), "There is no outcome “engagemnt”."),
        (("--outcome", "engagement", "--further", "stey"), "There is no outcome “stey”."),
        (("--outcome", "engagement", "--before", "fy2019"), "There is no wave “fy2019”."),
        (("--outcome", "engagement", "--before", "fy2025"), "No wave after fy2025 is in the study yet."),
        (("--program", "X9"), "There is no programme “X9” in this round."),
        (("--outcome", "engagement", "--subgroups", "hours"), "“hours” comes after the draw"),
        (("--outcome", "engagement", "--subgroups", "entri"), "can't be split by “entri”"),
    ],
)
def test_a_slip_is_named_with_its_cure_and_nothing_is_written(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], said: str
) -> None:
    out = plan(sample_study, tmp_path / "out", *more, expected=1)
    words = capsys.readouterr().err
    assert said in words
    assert not out.exists()


def test_options_beside_a_filled_in_file_are_refused(
    sample_study: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(planned / "preregistration.toml")
    plan(sample_study, tmp_path / "out", "--preregistration", file, "--outcome", "stay", expected=1)
    assert "--outcome and --preregistration do not go together" in capsys.readouterr().err


def test_a_draw_carries_the_hash_of_its_registration_and_can_be_verified(
    sample_study: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = planned / "preregistration.toml"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    common = ["match", str(sample_study), "--round", ROUND, "--seed", "5f1c0a94d8e27b66", "--draws", "20"]
    bound = [*common, "--preregistration", str(file), "--lang", "en"]
    assert run([*bound, "--preview", "--out", str(tmp_path / "before")]) == 0
    assert f"preregistration_sha256 {digest}" in capsys.readouterr().out
    drawn = tmp_path / "draw"
    assert run([*bound, "--beacon", "4711", "--out", str(drawn)]) == 0
    for folder in (drawn, drawn / "tables", drawn / "public"):
        record = json.loads((folder / "draw.json").read_text(encoding="utf-8"))
        assert record["preregistration_sha256"] == digest
        assert run(["verify-draw", str(folder)]) == 0


def test_the_draws_of_a_study_are_found_with_their_time_and_hash(sample_study: Path) -> None:
    (found,) = published_draws(open_study(sample_study), sample_study, (ROUND,))
    assert found.round == ROUND
    assert found.published_at is not None
    assert found.preregistration_sha256 is None


def test_a_changed_hash_in_the_record_is_found(
    sample_study: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = planned / "preregistration.toml"
    drawn = tmp_path / "draw"
    arguments = ["--round", ROUND, "--seed", "5f1c", "--draws", "20", "--preregistration", str(file)]
    assert run(["match", str(sample_study), *arguments, "--out", str(drawn)]) == 0
    record = drawn / "public" / "draw.json"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    capsys.readouterr()
    assert run(["verify-draw", str(drawn / "public"), "--lang", "en"]) == 1
    assert "preregistration_sha256" in capsys.readouterr().out


def test_a_registration_of_another_round_is_refused(
    sample_study: Path, planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.toml"
    text = (planned / "preregistration.toml").read_text(encoding="utf-8")
    file.write_text(text.replace(f'["{ROUND}"]', '["春の募集"]'), encoding="utf-8")
    arguments = ["--round", ROUND, "--seed", "5f1c", "--preregistration", str(file), "--lang", "en"]
    assert run(["match", str(sample_study), *arguments, "--out", str(tmp_path / "draw")]) == 1
    assert f"The registration is about 春の募集, not about {ROUND}." in capsys.readouterr().err
