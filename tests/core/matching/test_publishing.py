"""What a draw gives out: tables that can be drawn from again, and public lists that name nobody."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from core.matching.round_folder import BY_RULES, ROUND, SECRETS, write_round
from tazuna.matching.chances import chances_of
from tazuna.matching.draw import key_of, numbers_of
from tazuna.matching.drawing import Drawn, draw_round, ready_round
from tazuna.matching.frozen_tables import RECEIPTS, canonical_csv, freeze
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.public_lists import LISTS, PLACES, PUBLIC_FILES, TIERS, public_files, public_round
from tazuna.study.folder import open_study

SECRET, BEACON = "5f1c0a94d8e27b6630c1f2a7b94e8d05", "4711"


def drawn(folder: Path) -> Drawn:
    study = open_study(folder)
    study.require_sound(waves=False)
    return draw_round(study, ready_round(study, ROUND), SECRET, BEACON)


def lists_of(draw: Drawn) -> dict[str, bytes]:
    ready = draw.ready
    return public_files(ready.market, ready.rules, draw.frozen, draw.outcome.held, draw.secret)


@pytest.mark.parametrize("rules", BY_RULES)
def test_frozen_tables_are_a_study_that_freezes_to_the_same_bytes_and_draws_the_same(
    rules: str, tmp_path: Path
) -> None:
    first = drawn(write_round(tmp_path / "study", rules))
    again = tmp_path / "tables"
    again.mkdir()
    for name, data in first.frozen.files.items():
        (again / name).write_bytes(data)
    second = drawn(again)
    assert second.frozen == first.frozen
    assert second.outcome.held.tolist() == first.outcome.held.tolist()
    assert second.facts() == first.facts()


@pytest.mark.parametrize("rules", BY_RULES)
def test_the_public_lists_alone_give_the_same_places(rules: str, tmp_path: Path) -> None:
    draw = drawn(write_round(tmp_path / "study", rules))
    files = {
        name: pl.read_csv(io.BytesIO(data), infer_schema=False).with_row_index("line", 2)
        for name, data in lists_of(draw).items()
    }
    told = public_round(files, json.loads(json.dumps(draw.facts()["rules"])))
    numbers = numbers_of(key_of(SECRET, BEACON), ROUND, told.market.applicants, told.market, told.rules)
    held = mechanism_of(told.market, told.rules).run(numbers).held
    offered = np.zeros(told.market.edges, np.bool_)
    offered[held[held >= 0]] = True
    assert offered.sum() == (draw.outcome.held >= 0).sum() > 3
    assert offered.tolist() == told.offered.tolist()


def test_no_name_address_or_motivation_leaves_the_study(tmp_path: Path) -> None:
    draw = drawn(write_round(tmp_path / "study", "reserve before"))
    everything = b"".join([*draw.frozen.files.values(), *lists_of(draw).values()]).decode()
    assert not [secret for secret in SECRETS if secret in everything]


def test_the_public_lists_know_receipts_only(tmp_path: Path) -> None:
    draw = drawn(write_round(tmp_path / "study", "senders first"))
    public = b"".join(lists_of(draw).values()).decode()
    assert not [person for person in draw.ready.market.applicants if person in public]
    assert not [firm for firm in draw.ready.market.organisations if firm in public]
    listed = pl.read_csv(io.BytesIO(lists_of(draw)[LISTS]))["receipt"].unique()
    assert set(listed) <= set(draw.frozen.receipts)


def test_columns_of_people_stay_only_where_a_rule_reads_them(tmp_path: Path) -> None:
    header = "person_id,organisation_id,birth_year,worksite"
    plain = drawn(write_round(tmp_path / "one")).frozen.files["people.csv"].decode()
    reserve = drawn(write_round(tmp_path / "two", "reserve before")).frozen.files["people.csv"].decode()
    assert plain.splitlines()[0] == header
    assert reserve.splitlines()[0] == f"{header},first_time"


@pytest.mark.parametrize(
    ("rules", "lists", "tiers", "host"),
    [
        ("plain", False, False, False),
        ("gate", False, False, False),
        ("reserve before", False, True, False),
        ("senders first", True, False, False),
        ("two-sided trading", True, False, True),
    ],
)
def test_firms_and_reserves_are_public_only_where_the_draw_needs_them(
    rules: str, lists: bool, tiers: bool, host: bool, tmp_path: Path
) -> None:
    files = {
        name: data.decode() for name, data in lists_of(drawn(write_round(tmp_path / "s", rules))).items()
    }
    assert tuple(files) == PUBLIC_FILES
    assert files[LISTS].splitlines()[0] == "receipt,program_id,rank,offered" + ",sender" * lists
    assert files[TIERS].splitlines()[0] == "receipt,program_id,tier" + ",reserves" * tiers
    assert (
        files[PLACES].splitlines()[0] == "program_id,capacity,minimum,open,reserved,regions" + ",host" * host
    )


def test_the_gate_removes_pairs_with_its_reason_before_the_draw(tmp_path: Path) -> None:
    ready = drawn(write_round(tmp_path / "study", "gate")).ready
    gated = ready.prepared.removed.filter(reason="gate")
    home = dict(ready.prepared.people.select("person_id", "sender").iter_rows())
    assert gated.height > 10
    assert {home[person] for person in gated["person_id"]} == {"FIRM4"}
    assert ready.prepared.removed["person_id"].is_sorted()
    assert ready.market.edges == ready.prepared.pairs.height
    assert ready.before_gate.market.edges == ready.market.edges + gated.height


def test_the_seal_covers_tables_and_receipts_and_hides_them_behind_the_secret(tmp_path: Path) -> None:
    study = open_study(write_round(tmp_path / "study"))
    prepared = ready_round(study, ROUND).prepared
    seal = freeze(study, prepared, SECRET).seal
    assert seal == freeze(study, prepared, SECRET).seal
    assert seal != freeze(study, prepared, "another").seal
    with_receipts = prepared.people.with_columns(receipt=pl.lit("R") + pl.col("person_id"))
    frozen = freeze(study, replace(prepared, people=with_receipts), SECRET)
    assert frozen.seal != seal
    assert frozen.files[RECEIPTS].decode().splitlines()[1] == "1000,R1000"


def test_a_canonical_table_is_plain_text_with_known_forms() -> None:
    table = pl.DataFrame(
        {
            "day": [date(2026, 4, 1)],
            "moment": [datetime(2026, 4, 1, 9, 30)],  # noqa: DTZ001 — a study's moments are local
            "list": [["a", "b"]],
            "yes": [True],
            "none": [None],
            "number": [0.1],
            "text": ['"x", y'],
        }
    )
    assert canonical_csv(table).decode() == (
        'day,moment,list,yes,none,number,text\n2026-04-01,2026-04-01T09:30:00,a;b,true,,0.1,"""x"", y"\n'
    )


def test_chances_do_not_depend_on_the_draw(tmp_path: Path) -> None:
    study = open_study(write_round(tmp_path / "study"))
    ready = ready_round(study, ROUND)
    first = chances_of(ready.mechanism, method="simulated", seed="x", draws=50)
    draw_round(study, ready, "another", None)
    again = chances_of(ready.mechanism, method="simulated", seed="x", draws=50)
    assert first.chance.tolist() == again.chance.tolist()
