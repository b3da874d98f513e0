"""Why everybody has the place that they have, or none (理由): one to three sentences a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.language import Language, Message, message, translator
from tazuna.matching.chances import Chances
from tazuna.matching.choice_facts import draw_seen, lost, won
from tazuna.matching.feasibility import Prepared
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Floats, Integers, Market
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.reciprocity import GATE, GATE_REASON
from tazuna.matching.removal import REASONS
from tazuna.matching.sentences import chance_words, said_by_code

WON: Mapping[str, Message] = {
    "sure": message("You have your choice {rank}. It was certain, however the draw came out."),
    "room": message("You have your choice {rank}: there was a place for everybody who wanted one."),
    "tier": message("You have your choice {rank}: everybody of your tier who wanted a place has one."),
    "drawn": message(
        "You have your choice {rank}: the draw among {people} people of the same tier had {places} to win, "
        "and your chance was {chance}."
    ),
    "open": message(
        "You have an open place at your choice {rank}: the draw among {people} people of any tier had "
        "{places} to win, and your chance was {chance}."
    ),
    "reserved": message(
        "You have a place at your choice {rank} that was reserved for “{name}”; your chance was {chance}."
    ),
    "exchange": message(
        "You have your choice {rank} by an exchange of places between firms; your chance was {chance}."
    ),
}
LOST: Mapping[str, Message] = {
    "removed": message("Choice {rank} could not take part in the draw: {why}."),
    "closed": message("Choice {rank} had no places."),
    "tier": message("At choice {rank} every place ({places}) went to people of better tiers."),
    "drawn": message(
        "At choice {rank} the draw among {people} people of the same tier had {places} to win; your chance "
        "was {chance}."
    ),
    "open": message(
        "At choice {rank} the draw among {people} people of any tier had {places} open to win; your "
        "chance was {chance}."
    ),
    "reserved": message("At choice {rank} all places were reserved for others."),
    "region": message(
        "Choice {rank} could not take more people, since {name} was at its limit; your chance was {chance}."
    ),
    "sending": message("The people whom your firm may send were drawn, and you were not among them."),
    "exchange": message(
        "At choice {rank} no exchange of places with your firm came about; your chance was {chance}."
    ),
    "not_started": message("Choice {rank} did not start, since fewer people than its minimum came together."),
    "limit": message("At choice {rank} the limits of the round left no place; your chance was {chance}."),
}
_NO_PLACE = message("You have no place.")
_NO_CHOICE_LEFT = message("You have no place, since no choice of yours could take part in the draw.")


@dataclass(frozen=True, slots=True)
class Reasons:
    """What happened to everybody, not yet in words.

    Parameters
    ----------
    won, lost, first
        One row an applicant each, as `tazuna.matching.choice_facts.won` and ``why``, the code of a removal.
        ``won``: the place that they have. ``lost``: of those without one, the choice at which their chance
        was best. ``first``: the best choice that they have not got, where that is another one.
    no_choice_left
        Bool, one an applicant: all choices were removed before the draw.
    chances
        For the chances in the sentences.
    """

    won: pl.DataFrame
    lost: pl.DataFrame
    first: pl.DataFrame
    no_choice_left: pl.Series
    chances: Chances

    def texts(self, language: Language) -> pl.Series:
        """The reason of each applicant, in the order of the market."""
        t = translator(language)
        nothing = pl.when(self.no_choice_left).then(pl.lit(t(_NO_CHOICE_LEFT.template)))
        frame = pl.DataFrame(
            [
                self._said(self.won, WON, language).alias("won"),
                self._said(self.lost, LOST, language).alias("lost"),
                self._said(self.first, LOST, language).alias("first"),
            ]
        )
        opening = pl.coalesce("won", nothing.otherwise(pl.lit(t(_NO_PLACE.template))))
        between = "" if language == "ja" else " "
        sentences = pl.concat_str(opening, "lost", "first", separator=between, ignore_nulls=True)
        return frame.select(sentences.alias("reason")).to_series()

    def _said(self, facts: pl.DataFrame, sentences: Mapping[str, Message], language: Language) -> pl.Series:
        t = translator(language)
        why = {code: t(words.template) for code, words in {**REASONS, GATE: GATE_REASON}.items()}
        filled = facts.with_columns(
            chance_words(self.chances, facts["edge"].to_numpy(), language).alias("chance"),
            pl.col("why").replace_strict(why, default=None, return_dtype=pl.String),
        )
        return filled.select(said_by_code("case", sentences, language).alias("said")).to_series()


def reasons_of(
    prepared: Prepared, mechanism: Mechanism, numbers: Numbers, held: Integers, chances: Chances
) -> Reasons:
    """Why everybody has what they have.

    Parameters
    ----------
    prepared
        With the removed pairs; those that a gate removed have the reason ``gate``.
    mechanism
        That was run, on the market of ``prepared``.
    numbers, held
        Of the draw: lottery numbers, and the edge that each applicant holds (-1: none).
    chances
        Of that mechanism.
    """
    market = prepared.market
    draw = draw_seen(mechanism, numbers, held, chances)
    listed = np.diff(market.start) > 0
    best = np.where(listed, market.start[:-1], -1)
    closest = np.where(listed & (held < 0), likeliest_edge(market, chances.chance), -1)
    without_why = pl.lit(None, pl.String).alias("why")
    first = lost(draw, np.where((best != held) & (best != closest), best, -1)).with_columns(without_why)
    return Reasons(
        won=won(draw).with_columns(without_why),
        lost=lost(draw, closest).with_columns(without_why),
        first=_removed_first(first, prepared),
        no_choice_left=pl.Series(~listed),
        chances=chances,
    )


def likeliest_edge(market: Market, chance: Floats) -> Integers:
    """Int64, one an applicant: the edge of their list with the largest chance, of equals the better choice.

    -1 for an empty list.
    """
    owner = market.applicant_of_edge()
    order = np.lexsort((np.arange(market.edges), -chance, owner))
    listed = np.diff(market.start) > 0
    found = np.full(listed.size, -1, np.int64)
    found[listed] = order[market.start[:-1][listed]]
    return found


def _removed_first(first: pl.DataFrame, prepared: Prepared) -> pl.DataFrame:
    """``first``, but a better choice that was removed before the draw is told instead."""
    market = prepared.market
    best = np.full(len(market.applicants), np.iinfo(np.int64).max)
    listed = np.diff(market.start) > 0
    best[listed] = market.rank[market.start[:-1][listed]]
    removed = prepared.removed.sort("rank").unique("person_id", keep="first")
    people = pl.DataFrame({"person_id": pl.Series(market.applicants, dtype=pl.String), "best": best})
    beside = people.join(removed, on="person_id", how="left", maintain_order="left").select(
        pl.col("rank").cast(pl.Int64).alias("removed_rank"),
        pl.col("reason").alias("removed_why"),
        (pl.col("rank") < pl.col("best")).fill_null(value=False).alias("better"),
    )
    better = pl.col("better")
    return pl.concat([first, beside], how="horizontal").select(
        "edge",
        pl.when(better).then(pl.lit("removed")).otherwise("case").alias("case"),
        pl.when(better).then("removed_rank").otherwise("rank").alias("rank"),
        "people",
        "places",
        "name",
        pl.when(better).then("removed_why").otherwise("why").alias("why"),
    )
