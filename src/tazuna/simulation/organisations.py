"""Companies and their departments (企業と部署), with a reorganisation after the first wave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tazuna.simulation.streams import Floats, Integers, stream

FIRST_FISCAL_YEAR = 2023
PEOPLE_A_DEPARTMENT = 40
FEWEST_DEPARTMENTS = 4


@dataclass(frozen=True, slots=True)
class Division:
    """A kind of division (本部): job family, share of field workers, weight and departments."""

    name: str
    job_family: str
    field_share: float
    weight: float
    departments: tuple[str, ...]


DIVISIONS = (
    Division(
        "営業本部",
        "営業",
        0.10,
        1.3,
        ("首都圏営業部", "西日本営業部", "東日本営業部", "法人営業部", "営業企画部"),
    ),
    Division(
        "生産本部", "製造", 0.85, 1.5, ("第一製造部", "第二製造部", "品質保証部", "設備保全部", "生産管理部")
    ),
    Division("開発本部", "技術", 0.05, 0.9, ("製品開発部", "基盤技術部", "設計部", "実験部")),
    Division(
        "サービス本部",
        "サービス",
        0.65,
        1.0,
        ("カスタマーサービス部", "物流部", "フィールドサービス部", "店舗運営部"),
    ),
    Division("管理本部", "管理", 0.00, 0.7, ("人事部", "経理部", "情報システム部", "総務部")),
)
FIELD_SHARES = np.array([kind.field_share for kind in DIVISIONS], dtype=np.float32)
_PLACES = (
    "やまなみ",
    "しおかぜ",
    "ほしのうみ",
    "あさぎり",
    "つむぎ",
    "はるかぜ",
    "みどりの",
    "かなで",
    "ゆうなぎ",
    "こもれび",
    "いずみの",
)
_TRADES = (
    "精機",
    "食品",
    "ロジスティクス",
    "損害保険",
    "化学",
    "ネットワークス",
    "建設",
    "電機",
    "流通",
    "製薬",
    "鉄道サービス",
)
_PREFECTURES = (
    "東京都",
    "大阪府",
    "愛知県",
    "福岡県",
    "宮城県",
    "広島県",
    "神奈川県",
    "石川県",
    "長野県",
    "北海道",
)


@dataclass(frozen=True, slots=True)
class Units:
    """The companies and their leaf departments as arrays.

    Parameters
    ----------
    organisations, departments
        The tables.
    companies
        Ids, in order of company number.
    headcount
        Shape (c,): people of each company at every wave.
    leaves
        Ids of the departments in which people work, in order of department number.
    leaf_company, leaf_division, leaf_weight
        Shape (l,): company number, number in `DIVISIONS`, relative size.
    becomes
        Shape (l,): what a department is from the second wave on, itself without a reorganisation.
    founded
        Shape (l,): number of the wave from which the department exists.
    """

    organisations: pl.DataFrame
    departments: pl.DataFrame
    companies: tuple[str, ...]
    headcount: Integers
    leaves: tuple[str, ...]
    leaf_company: Integers
    leaf_division: Integers
    leaf_weight: Floats
    becomes: Integers
    founded: Integers


def company_name(number: int) -> str:
    """A made-up company name, different for each number."""
    place, trade = _PLACES[number % len(_PLACES)], _TRADES[(number + number // len(_PLACES)) % len(_TRADES)]
    again = number // (len(_PLACES) * len(_TRADES))
    return f"{place}{trade}{f'第{again + 1}' if again else ''}株式会社"


def found_units(seed: int, *, people: int, companies: int, waves: int, group_firms: int) -> Units:
    """Found the companies, and departments of about forty people in up to five divisions.

    Parameters
    ----------
    seed
        The sample's seed.
    people, companies, waves
        Size of the sample.
    group_firms
        How many of the last companies belong to the group of one of the first.

    Returns
    -------
    Units
    """
    share = np.exp(0.45 * stream(seed, "company size").standard_normal(companies))
    floor = min(people // companies, 20)
    headcount = floor + np.floor((people - floor * companies) * share / share.sum()).astype(np.int64)
    headcount[0] += people - headcount.sum()
    width = max(2, len(str(companies)))
    ids = tuple(f"C{number + 1:0{width}d}" for number in range(companies))
    leaves: list[dict[str, object]] = []
    tops: list[dict[str, object]] = []
    for number, size in enumerate(headcount.tolist()):
        _divide(number, size, f"{number + 1:0{width}d}", ids[number], tops, leaves)
    successors = _reorganise(leaves, ids, waves)
    rows = tops + leaves + successors
    working = leaves + successors
    position = {row["department_id"]: place for place, row in enumerate(working)}
    becomes = [position[row["successor_id"] or row["department_id"]] for row in working]
    size_spread = np.exp(0.35 * stream(seed, "department size").standard_normal(len(working)))
    columns = [
        "department_id",
        "organisation_id",
        "name",
        "parent_id",
        "starts_on",
        "ends_on",
        "successor_id",
    ]
    schema = dict.fromkeys(columns, pl.String) | {"starts_on": pl.Date, "ends_on": pl.Date}
    division = np.array([row["division"] for row in working], dtype=np.int64)
    weight = np.array([kind.weight for kind in DIVISIONS])[division] * size_spread
    return Units(
        organisations=_organisations(ids, group_firms),
        departments=pl.DataFrame([{c: row[c] for c in columns} for row in rows], schema=schema),
        companies=ids,
        headcount=headcount,
        leaves=tuple(str(row["department_id"]) for row in working),
        leaf_company=np.array([row["company"] for row in working], dtype=np.int64),
        leaf_division=division,
        leaf_weight=weight.astype(np.float32),
        becomes=np.array(becomes, dtype=np.int64),
        founded=np.array([0] * len(leaves) + [1] * len(successors), dtype=np.int64),
    )


def _organisations(ids: tuple[str, ...], group_firms: int) -> pl.DataFrame:
    first_of_group = len(ids) - group_firms
    return pl.DataFrame(
        {
            "organisation_id": ["CONS", *ids],
            "name": ["見本コンソーシアム（架空）", *(company_name(number) for number in range(len(ids)))],
            "kind": ["consortium", *("company" for _ in ids)],
            "parent_id": [
                None,
                *(ids[n - first_of_group] if n >= first_of_group else None for n in range(len(ids))),
            ],
            "prefecture": [None, *(_PREFECTURES[number % len(_PREFECTURES)] for number in range(len(ids)))],
        },
        schema=dict.fromkeys(["organisation_id", "name", "kind", "parent_id", "prefecture"], pl.String),
    )


def _divide(
    company: int,
    size: int,
    number: str,
    organisation_id: str,
    tops: list[dict[str, object]],
    leaves: list[dict[str, object]],
) -> None:
    most = sum(len(kind.departments) for kind in DIVISIONS)
    wanted = min(max(round(size / PEOPLE_A_DEPARTMENT), FEWEST_DEPARTMENTS), most)
    by_rank = [
        (rank, place)
        for rank in range(max(len(kind.departments) for kind in DIVISIONS))
        for place, kind in enumerate(DIVISIONS)
        if rank < len(kind.departments)
    ][:wanted]
    dates = {"starts_on": None, "ends_on": None, "successor_id": None}
    for place, kind in enumerate(DIVISIONS):
        ranks = sorted(rank for rank, where in by_rank if where == place)
        if not ranks:
            continue
        top = f"H{number}{place + 1:02d}"
        tops.append(
            {
                "department_id": top,
                "organisation_id": organisation_id,
                "name": kind.name,
                "parent_id": None,
                **dates,
            }
        )
        leaves += [
            {
                "department_id": f"D{number}{place + 1}{rank + 1}",
                "organisation_id": organisation_id,
                "name": kind.departments[rank],
                "parent_id": top,
                "division": place,
                "company": company,
                **dates,
            }
            for rank in ranks
        ]


def _reorganise(leaves: list[dict[str, object]], ids: tuple[str, ...], waves: int) -> list[dict[str, object]]:
    """In every second company, merge the last two departments of the first division that has two."""
    if waves < 2:
        return []
    ends, starts = date(FIRST_FISCAL_YEAR + 1, 3, 31), date(FIRST_FISCAL_YEAR + 1, 4, 1)
    successors: list[dict[str, object]] = []
    for company in range(0, len(ids), 2):
        own = [row for row in leaves if row["company"] == company]
        for place, kind in enumerate(DIVISIONS):
            merged = [row for row in own if row["division"] == place][-2:]
            if len(merged) == 2:
                new = {
                    **merged[0],
                    "department_id": f"{str(merged[0]['department_id'])[:-1]}9",
                    "name": f"{kind.job_family}統括部",
                    "starts_on": starts,
                }
                for row in merged:
                    row |= {"ends_on": ends, "successor_id": new["department_id"]}
                successors.append(new)
                break
    return successors
