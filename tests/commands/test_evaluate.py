"""The evaluation by the command: a known effect, each design by name, every refusal as users meet it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from commands.evaluated_study import (
    EFFECT,
    PROGRAMS,
    hold,
    people,
    places_of,
    put_rows,
    rows_of,
    write_rollout,
    write_screened,
    write_study,
)
from tazuna.commands.main import run

Says = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    return hold(write_study(folder / "study"), folder / "draw")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draw that decides about hardly anybody."""
    folder = tmp_path_factory.mktemp("small")
    return hold(write_study(folder / "study", places=3, applicants=15), folder / "draw")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What draws is loaded once for all tests; `evaluated`, made before, has processes of its own."""
    monkeypatch.setattr("tazuna.reporting.processes.drawing_process", ThreadPoolExecutor)


@pytest.fixture
def without_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures of the report take longer than all the rest, and most tests do not look at them."""
    monkeypatch.setattr("tazuna.commands.effect_outputs.write_reports", lambda *_: None)


@pytest.fixture
def study(drawn: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return shutil.copytree(drawn, tmp_path / "study")


def evaluate(study: Path, out: Path, *more: str, outcome: str = "performance", exit_code: int = 0) -> None:
    arguments = ["--outcome", outcome, "--draws", "300", "--date", "2026-11-01", "--lang", "en"]
    assert run(["evaluate", str(study), *arguments, "--out", str(out), *more]) == exit_code


BARE = """
import sys
from concurrent.futures import ThreadPoolExecutor
import tazuna.commands.effect_outputs
import tazuna.reporting.processes
from tazuna.commands.main import run
tazuna.commands.effect_outputs.write_reports = lambda *_: None
tazuna.reporting.processes.drawing_process = ThreadPoolExecutor
code = run(sys.argv[1:])
loaded = [name for name in ("numba", "scipy.optimize", "vl_convert", "typst") if name in sys.modules]
sys.exit(", ".join(loaded) or code)
"""


def test_a_small_study_needs_no_compiler_and_no_optimiser(drawn: Path, tmp_path: Path) -> None:
    asked = ["evaluate", drawn, "--outcome", "performance", "--draws", "300", "--out", tmp_path / "out"]
    done = subprocess.run([sys.executable, "-c", BARE, *asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def document(out: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((out / "effect.json").read_text(encoding="utf-8"))
    return found


def refused(study: Path, tmp_path: Path, capsys: Says, *more: str, outcome: str = "performance") -> str:
    """What is said where there is no result; nothing that looks like one may be left."""
    capsys.readouterr()
    out = tmp_path / "refused"
    evaluate(study, out, *more, outcome=outcome, exit_code=1)
    captured = capsys.readouterr()
    assert not out.exists() or not list(out.iterdir())
    assert "Traceback" not in captured.err
    assert not captured.out
    return captured.err


def cautions(out: Path) -> set[str]:
    return {caution["code"] for caution in document(out)["cautions"]}


def refusals(out: Path) -> dict[str, str]:
    """Rung → code, of the rungs that gave no number."""
    found = document(out)
    others = {one["design"]: one["refused"]["code"] for one in found["other_designs"] if one["refused"]}
    return others | {one["design"]: one["code"] for one in found["not_above"]}


@pytest.fixture(scope="module")
def evaluated(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("evaluated")
    evaluate(drawn, out, "--further", "sick_days")
    return out


def test_a_known_effect_is_found_by_the_draw(evaluated: Path) -> None:
    found = document(evaluated)
    assert found["schema"] == "tazuna/effect/1"
    assert found["design"] == "A"
    lower, upper = found["interval"]
    assert lower < EFFECT < upper
    assert found["v"] > 20
    assert found["not_above"] == []
    assert {one["design"] for one in found["other_designs"]} == {"B", "C", "D", "E"}
    assert [one["outcome"] for one in found["further_outcomes"]] == ["sick_days"]
    assert found["verdict"]["strength"] == "strong"


def test_the_files_are_those_of_the_contract(evaluated: Path) -> None:
    assert sorted(path.name for path in evaluated.iterdir()) == ["balance.csv", "effect.json", "report"]
    balance = pl.read_csv(evaluated / "balance.csv")
    assert balance.columns[:4] == ["covariate", "kind", "mean_treated", "mean_comparison"]
    assert balance["covariate"][0] == "baseline"
    kinds = sorted((path.suffix, "効果" in path.name) for path in (evaluated / "report").iterdir())
    assert [kind for kind in kinds if kind[0] != ".svg"] == [
        *[(".html", False), (".html", True), (".pdf", False), (".pdf", True)]
    ]
    languages = {path.suffixes[-2] for path in (evaluated / "report").glob("*.svg")}
    assert languages == {".ja", ".en"}


@pytest.mark.usefixtures("without_report")
class TestEachDesign:
    def test_by_name_and_by_letter_are_the_same(self, drawn: Path, tmp_path: Path) -> None:
        for name, out in (("D", tmp_path / "letter"), ("comparison", tmp_path / "name")):
            evaluate(drawn, out, "--design", name)
        assert document(tmp_path / "letter") == document(tmp_path / "name")
        assert document(tmp_path / "name")["design"] == "D"
        assert "higher_design_possible" in cautions(tmp_path / "name")

    def test_without_a_draw_the_comparison_answers_and_says_why_not_the_draw(
        self, study: Path, tmp_path: Path, capsys: Says
    ) -> None:
        (study / "draw.json").unlink()
        capsys.readouterr()
        evaluate(study, tmp_path / "out")
        found = document(tmp_path / "out")
        assert found["design"] == "D"
        assert [one["design"] for one in found["not_above"]] == ["A", "B", "C"]
        assert "suggests" in found["verdict"]["en"]
        assert found["v"] is None
        assert "Not A (Draw):" in capsys.readouterr().out

    def test_where_only_participants_were_asked_there_is_a_change(self, study: Path, tmp_path: Path) -> None:
        (study / "draw.json").unlink()
        seated = places_of(study)
        put_rows(study, "outcomes", [row for row in rows_of(study, "outcomes") if row["person_id"] in seated])
        evaluate(study, tmp_path / "out")
        found = document(tmp_path / "out")
        assert found["design"] == "E"
        assert refusals(tmp_path / "out")["D"] == "all_treated"
        assert found["verdict"]["strength"] == "none"
        assert "effect" not in found["verdict"]["en"]
        assert not (tmp_path / "out" / "balance.csv").exists()

    def test_a_design_that_the_data_do_not_carry_is_an_error_with_its_cure(
        self, drawn: Path, tmp_path: Path, capsys: Says
    ) -> None:
        said = refused(drawn, tmp_path, capsys, "--design", "discontinuity")
        assert "B (Cut-off of a score): None of these programmes chose by interview score" in said
        assert "tie_breaker" in said

    def test_an_interview_score_that_decided_alone_answers_near_its_cut_off(self, tmp_path: Path) -> None:
        evaluate(write_screened(tmp_path / "study"), tmp_path / "out")
        found = document(tmp_path / "out")
        assert found["design"] == "B"
        assert found["interval"][0] < EFFECT < found["interval"][1]
        assert "near the cut-off" in found["verdict"]["en"]
        corrected = found["other_designs"][0]
        assert corrected["design"] == "B"
        assert "curved lines" in corrected["estimand"]["en"]

    def test_departments_that_started_at_different_times_answer_if_trends_agree(self, tmp_path: Path) -> None:
        evaluate(write_rollout(tmp_path / "study"), tmp_path / "out", "--program", "M1")
        found = document(tmp_path / "out")
        assert found["design"] == "C"
        assert found["interval"][0] < EFFECT < found["interval"][1]
        assert found["verdict"]["en"].startswith("If trends were parallel, taking part in Dialogue raised")
        trends = next(one for one in found["assumptions"] if one["code"] == "parallel_trends")
        assert trends["held"] is True
        assert "p = " in trends["check"]["en"]

    def test_trends_that_differ_before_the_start_give_no_number(self, tmp_path: Path, capsys: Says) -> None:
        study = write_rollout(tmp_path / "study", drift=6.0)
        said = refused(study, tmp_path, capsys, "--program", "M1", "--design", "staggered")
        assert "already went apart" in said

    def test_an_earlier_balance_does_not_stay_beside_a_change(self, drawn: Path, tmp_path: Path) -> None:
        evaluate(drawn, tmp_path)
        assert (tmp_path / "balance.csv").exists()
        evaluate(drawn, tmp_path, "--design", "change")
        assert not (tmp_path / "balance.csv").exists()

    def test_the_same_study_gives_the_same_figures_on_any_number_of_threads(
        self, drawn: Path, tmp_path: Path
    ) -> None:
        for threads in ("1", "3"):
            evaluate(drawn, tmp_path / threads, "--threads", threads)
        assert document(tmp_path / "1") == document(tmp_path / "3")

    def test_one_programme_is_held_against_what_people_get_without_it(
        self, drawn: Path, tmp_path: Path
    ) -> None:
        evaluate(drawn, tmp_path, "--program", PROGRAMS[0])
        found = document(tmp_path)
        assert found["program"] == PROGRAMS[0]
        assert found["fallback_share"] == {"": 1.0}
        assert found["against_no_place"]["estimate"] == pytest.approx(found["estimate"])


@pytest.mark.usefixtures("without_report")
class TestNoWrongComfort:
    def test_a_draw_that_is_too_small(self, small: Path, tmp_path: Path, capsys: Says) -> None:
        said = refused(small, tmp_path, capsys, "--design", "lottery")
        assert "V = Σ p(1-p) =" in said
        assert "Pool several rounds" in said

    def test_everybody_took_part(self, study: Path, tmp_path: Path, capsys: Says) -> None:
        rows = [
            {"person_id": one, "program_id": "G1", "status": "completed", "source": "round", "hours": "30"}
            for one in people()
        ]
        put_rows(study, "participation", rows)
        said = refused(study, tmp_path, capsys, "--design", "comparison")
        assert "Everybody took part" in said
        assert "Add people who did not take part" in said

    def test_a_constant_outcome(self, study: Path, tmp_path: Path, capsys: Says) -> None:
        rows = [row | {"performance": "50"} for row in rows_of(study, "outcomes")]
        put_rows(study, "outcomes", rows)
        said = refused(study, tmp_path, capsys)
        assert "Everybody has the same outcome (50)" in said
        assert said.count("Everybody has the same outcome") == 1

    def test_an_outcome_that_only_those_with_a_place_have(
        self, study: Path, tmp_path: Path, capsys: Says
    ) -> None:
        seated = places_of(study)
        rows = [
            row if row["person_id"] in seated else row | {"performance": "50"}
            for row in rows_of(study, "outcomes")
        ]
        put_rows(study, "outcomes", rows)
        said = refused(study, tmp_path, capsys, "--design", "lottery")
        assert "Those who are compared with all have the same outcome" in said

    def test_no_overlap(self, study: Path, tmp_path: Path, capsys: Says) -> None:
        seated = places_of(study)
        rows = [
            row | {"performance": str(float(row["performance"]) + 100 * (row["person_id"] in seated))}
            if row["wave"] == "2025"
            else row
            for row in rows_of(study, "outcomes")
        ]
        put_rows(study, "outcomes", rows)
        said = refused(study, tmp_path, capsys, "--design", "comparison")
        assert "Too few comparable people" in said

    def test_covariates_that_say_the_same(self, study: Path, tmp_path: Path, capsys: Says) -> None:
        rows = [row | {"born": str(2 * int(row["birth_year"]))} for row in rows_of(study, "people")]
        rows = [row | {"shoes": str(3 * int(row["birth_year"]))} for row in rows]
        put_rows(study, "people", rows)
        said = refused(study, tmp_path, capsys, "--design", "D", "--covariates", "born,shoes")
        assert "shoes" in said

    def test_a_covariate_from_after_the_start(self, drawn: Path, tmp_path: Path, capsys: Says) -> None:
        said = refused(drawn, tmp_path, capsys, "--covariates", "sick_days@2026")
        assert "sick_days" in said
        assert "2026" in said

    def test_a_baseline_from_after_the_publication(self, study: Path, tmp_path: Path) -> None:
        late = set(people()[:40])
        rows = [
            row | {"measured_on": "2025-03-20"} if row["wave"] == "2025" and row["person_id"] in late else row
            for row in rows_of(study, "outcomes")
        ]
        put_rows(study, "outcomes", rows)
        evaluate(study, tmp_path / "out")
        assert "baseline_after_publication" in cautions(tmp_path / "out")

    def test_a_wave_that_is_not_there(self, drawn: Path, tmp_path: Path, capsys: Says) -> None:
        said = refused(drawn, tmp_path, capsys, "--before", "2020")
        assert "2020" in said
        assert "2025" in said

    def test_an_outcome_without_the_wave_before(self, study: Path, tmp_path: Path) -> None:
        put_rows(study, "outcomes", [row for row in rows_of(study, "outcomes") if row["wave"] == "2026"])
        evaluate(study, tmp_path / "out")
        found = document(tmp_path / "out")
        assert found["design"] == "A"
        assert refusals(tmp_path / "out")["E"] == "wave_missing"

    def test_people_who_came_without_a_place(self, study: Path, tmp_path: Path) -> None:
        rows = rows_of(study, "participation")
        lost = next(person for person in people() if person not in places_of(study))
        put_rows(study, "participation", [*rows, rows[0] | {"person_id": lost}])
        evaluate(study, tmp_path / "out")
        assert "participation_without_assignment" in cautions(tmp_path / "out")

    def test_places_given_back_and_given_again_are_no_offers(
        self, study: Path, drawn: Path, tmp_path: Path
    ) -> None:
        rows = rows_of(study, "assignments")
        lost = next(at for at, row in enumerate(rows) if not row["program_id"])
        rows[lost] |= {"program_id": "G1", "offer_round": "2"}
        put_rows(study, "assignments", rows)
        evaluate(study, tmp_path / "out")
        evaluate(drawn, tmp_path / "before")
        assert "refills" in cautions(tmp_path / "out")
        assert document(tmp_path / "out")["n_treated"] == document(tmp_path / "before")["n_treated"]

    def test_who_does_not_consent_is_not_used(self, study: Path, drawn: Path, tmp_path: Path) -> None:
        rows = [
            row | {"evaluation_consent": str(at % 5 > 0).lower()}
            for at, row in enumerate(rows_of(study, "people"))
        ]
        put_rows(study, "people", rows)
        evaluate(study, tmp_path / "out")
        evaluate(drawn, tmp_path / "before")
        assert "not_consenting" in cautions(tmp_path / "out")
        found, before = document(tmp_path / "out"), document(tmp_path / "before")
        assert found["n_at_risk"] == before["n_at_risk"]
        assert found["n_treated"] + found["n_comparison"] < before["n_treated"] + before["n_comparison"]

    def test_a_modifier_from_after_the_draw(self, drawn: Path, tmp_path: Path, capsys: Says) -> None:
        capsys.readouterr()
        evaluate(drawn, tmp_path, "--subgroups", "hours,entry")
        said = capsys.readouterr().out
        assert document(tmp_path)["verdict"]["en"] in said
        assert "modifier_after_draw" in cautions(tmp_path)
        assert {part["modifier"] for part in document(tmp_path)["subgroups"]} == {"entry"}
        assert "it came after the draw" in said

    def test_a_draw_that_was_changed(self, study: Path, tmp_path: Path, capsys: Says) -> None:
        rows = rows_of(study, "assignments")
        holders = [row for row in rows if row["program_id"]]
        others = [row for row in rows if not row["program_id"]]
        holders[0]["program_id"], others[0]["program_id"] = "", holders[0]["program_id"]
        put_rows(study, "assignments", rows)
        said = refused(study, tmp_path, capsys, "--design", "lottery")
        assert "A (Draw):" in said

    def test_an_unknown_outcome_names_the_nearest(self, drawn: Path, tmp_path: Path, capsys: Says) -> None:
        said = refused(drawn, tmp_path, capsys, outcome="performence")
        assert "performance" in said


def test_all_refusals_are_listed_with_their_cures_in_japanese(
    study: Path, tmp_path: Path, capsys: Says
) -> None:
    for name in ("draw.json", "participation.csv"):
        (study / name).unlink()
    capsys.readouterr()
    out = tmp_path / "out"
    arguments = ["--outcome", "performance", "--out", str(out), "--lang", "ja"]
    assert run(["evaluate", str(study), *arguments]) == 1
    said = capsys.readouterr().err
    assert "結果はありません" in said
    for rung in "ABCDE":
        assert f"{rung} (" in said


def registration(folder: Path, **changes: str) -> Path:
    """A registered analysis of the study."""
    entries = {
        "design": '"A"',
        "estimand": '"offer"',
        "statistic": '"studentised"',
        **changes,
    }
    head = [
        'schema = "tazuna/preregistration/1"',
        "registered_at = 2025-01-10T09:00:00+09:00",
        'registered_by = "secretariat"',
        'hypothesis = "Places raise performance."',
        'rounds = ["side-work-2025"]',
        'program = "any"',
        'primary_outcome = "performance"',
        'before = "2025"',
        'after = "2026"',
        "effect_of_interest = 0.3",
    ]
    path = folder / "preregistration.toml"
    path.write_text("\n".join([*head, *(f"{name} = {value}" for name, value in entries.items())]) + "\n")
    return path


@pytest.mark.usefixtures("without_report")
def test_what_was_registered_is_kept_and_deviations_are_listed(drawn: Path, tmp_path: Path) -> None:
    for name, modifiers, draws in (("kept", '["entry"]', "300"), ("other", '["age_band"]', "200")):
        path = registration(tmp_path, modifiers=modifiers, draws=draws)
        evaluate(drawn, tmp_path / name, "--preregistration", str(path), "--subgroups", "entry")
    kept, other = document(tmp_path / "kept"), document(tmp_path / "other")
    assert kept["deviations"] == []
    assert len(kept["preregistration_sha256"]) == 64
    assert all(part["preregistered"] for part in kept["subgroups"])
    said = " ".join(deviation["en"] for deviation in other["deviations"])
    assert "entry" in said
    assert "redraws" in said
    assert other["subgroups"][0]["modifier"] == "age_band"
