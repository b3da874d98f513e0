"""Writes ``docs/explanation/what-a-round-can-show``: what ties and open places are worth, in our own figures.

The round is that of ``tazuna sample --rounds published --companies 33 --people 8000``; its size is that of the
third round of mutual side work. Interview scores, put together, are the tiers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tazuna.commands.main import run
from tazuna.language import LANGUAGES, Language
from tazuna.matching.changes import regrouped_tiers
from tazuna.matching.costs import Comparison, compare
from tazuna.matching.expectation import expected_of
from tazuna.matching.feasibility import Prepared, feasible_market
from tazuna.matching.information import Information, information_of
from tazuna.matching.market import Market
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.rules import PLAIN, Rules
from tazuna.matching.shares import systematic_places
from tazuna.study.folder import open_study

EXPLANATION = Path(__file__).parent / "explanation"
SUFFIX: Mapping[Language, str] = {"ja": ".ja.md", "en": ".md"}
BEGIN, END = "<!-- tables: docs/make_matching_tables.py -->", "<!-- end of tables -->"
KIND = "mutual_side_work"
TIERS = (1, 2, 3, 5, None)
"""None: a strict order by interview score."""
SHARES = (0.0, 0.1, 0.2, 0.25, 0.3)
DRAWS, SEED = 2000, "what a round can show"
WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "strict": "strict order",
        "tiers": "| tiers | people with 0 < p < 1 | V | worth people (4V) | MDE, SD | MDE with a baseline |",
        "open": "| tiers | " + " | ".join(f"{share:.0%} open" for share in SHARES) + " |",
        "cost": "| rules | places filled | first choices | mean rank | blocking pairs | justified envy | true wishes are best |",
        "yes": "yes",
        "no": "no",
        "round": "{people} people, {programs} gigs of {hosts} firms with {places} places; {listed} people have a feasible choice.",
    },
    "ja": {
        "strict": "順位",
        "tiers": "| 段の数 | 0 < p < 1 の人 | V | 相当する人数（4V） | MDE（標準偏差） | 事前の回答があるときのMDE |",
        "open": "| 段の数 | " + " | ".join(f"公開{share:.0%}" for share in SHARES) + " |",
        "cost": "| 決め方 | 決まる枠 | 第1希望 | 平均順位 | ブロッキングペア | 正当な羨望 | 正直な希望が最善 |",
        "yes": "はい",
        "no": "いいえ",
        "round": "{people}人、{hosts}社の{programs}件（{places}枠）。対象となる希望が1件以上ある人は{listed}人です。",
    },
}


@dataclass(frozen=True, slots=True)
class Tables:
    """What the page shows.

    Parameters
    ----------
    by_tiers
        One an entry of `TIERS`, without open places.
    by_share
        V: one row an entry of `TIERS`, one column an entry of `SHARES`.
    costs
        Of the rules with three tiers and no open places, and their alternatives.
    """

    prepared: Prepared
    by_tiers: tuple[Information, ...]
    by_share: tuple[tuple[float, ...], ...]
    costs: Comparison


def tables_of(prepared: Prepared) -> Tables:
    """Redraw the round under every number of tiers and share of open places."""
    strict = by_score(prepared)
    markets = [strict if tiers is None else regrouped_tiers(strict, tiers) for tiers in TIERS]
    found = [[_information(market, share, prepared.round) for share in SHARES] for market in markets]
    return Tables(
        prepared,
        tuple(row[0] for row in found),
        tuple(tuple(information.v for information in row) for row in found),
        compare(markets[TIERS.index(3)], PLAIN, SEED, draws=DRAWS // 4),
    )


def by_score(prepared: Prepared) -> Market:
    """The market in which each host puts its applicants into a strict order by interview score."""
    market = prepared.market
    score = prepared.pairs["score"].fill_null(-np.inf).to_numpy()
    order = np.lexsort((np.arange(market.edges), -score, market.program))
    program = market.program[order]
    tier = np.empty_like(market.tier)
    tier[order] = np.arange(market.edges) - np.searchsorted(program, program) + 1
    return replace(market, tier=tier)


def _information(market: Market, share: float, round_: str) -> Information:
    opened = systematic_places(share, market.capacity, market.capacity, market.programs, round_)
    rules = Rules(open_places=opened) if opened.any() else PLAIN
    return information_of(expected_of(mechanism_of(market, rules), DRAWS, SEED).chance_any, DRAWS)


def written(tables: Tables, language: Language) -> str:
    """The part of the page between its two marks."""
    words = WORDS[language]
    return "\n".join([BEGIN, "", *_lines(tables, language, words), "", END])


def _lines(tables: Tables, language: Language, words: Mapping[str, str]) -> Iterator[str]:
    market = tables.prepared.market
    names = [words["strict"] if tiers is None else str(tiers) for tiers in TIERS]
    yield words["round"].format(
        people=len(market.applicants),
        programs=len(market.programs),
        hosts=np.unique(market.host).size,
        places=int(market.capacity.sum()),
        listed=int(np.count_nonzero(np.diff(market.start))),
    )
    yield from ("", words["tiers"], "|---|--:|--:|--:|--:|--:|")
    for name, found in zip(names, tables.by_tiers, strict=True):
        share = found.at_risk / len(market.applicants)
        effects = " | ".join(
            "–" if mde is None else f"{mde:.2f}" for mde in (found.mde, found.mde_with_baseline)
        )
        yield f"| {name} | {share:.0%} | {found.v:.1f} | {found.n_eff:.0f} | {effects} |"
    yield from ("", words["open"], "|---" + "|--:" * len(SHARES) + "|")
    for name, row in zip(names, tables.by_share, strict=True):
        yield f"| {name} | " + " | ".join(f"{v:.1f}" for v in row) + " |"
    yield from ("", words["cost"], "|---|--:|--:|--:|--:|--:|---|")
    for cost in tables.costs.rows:
        rank = "–" if np.isnan(cost.mean_rank) else f"{cost.mean_rank:.2f}"
        figures = f"{cost.places:.1f} | {cost.first_choices:.1f} | {rank}"
        unfair = f"{cost.blocking_pairs:.1f} | {cost.justified_envy:.1f}"
        honest = words["yes" if cost.promise.strategy_proof else "no"]
        yield f"| {cost.name.text(language)} | {figures} | {unfair} | {honest} |"


def main() -> None:
    """Make the sample in a temporary folder and put its tables into both pages."""
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study"
        run(["sample", str(study), "--rounds", "published", "--companies", "33", "--people", "8000"])
        opened = open_study(study)
    programs = opened.tables["programs"]
    rounds = programs.filter(programs["kind"] == KIND)["round"].unique().sort()
    tables = tables_of(feasible_market(opened, rounds[-1]))
    for language in LANGUAGES:
        page = EXPLANATION / f"what-a-round-can-show{SUFFIX[language]}"
        before, _, rest = page.read_text("utf-8").partition(BEGIN)
        page.write_text(before + written(tables, language) + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
