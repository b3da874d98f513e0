"""For whom it worked (誰に効いたか): effects in groups known before the draw, and whether they differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.arrays import Modifier
from tazuna.evaluation.effect import Subgroup
from tazuna.evaluation.estimate import Estimate, Flags, Floats, Integers
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.modifiers import fault_of_modifier
from tazuna.evaluation.lottery.recentred import LotteryEffect, error_units, lottery_effect, main_controls
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.small_groups import hidden_group, hidden_parts
from tazuna.evaluation.studentised import studentised
from tazuna.language import message
from tazuna.study.settings import DEFAULT_K

FEWEST_V = 5.0
"""V = Σ p(1-p) of a group below which no effect is given."""
FEWEST_EXPECTED = 5.0
"""People of a group expected on a side, likewise."""
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class _Rows:
    """What an effect is estimated from; n rows each."""

    y: Floats
    offers: Offers
    rounds: Integers | None
    baseline: Floats | None
    clusters: Integers | None

    def among(self, rows: Flags) -> _Rows:
        return _Rows(
            self.y[rows],
            self.offers.among(rows),
            None if self.rounds is None else self.rounds[rows],
            None if self.baseline is None else self.baseline[rows],
            None if self.clusters is None else self.clusters[rows],
        )

    def controls(self) -> tuple[Floats, tuple[str, ...]]:
        return main_controls(self.offers.chance, self.rounds, self.baseline)

    def effect(self) -> LotteryEffect | Refusal:
        return lottery_effect(self.y, self.offers, *self.controls(), clusters=self.clusters)


def subgroup_effects(
    modifier: Modifier,
    y: Floats,
    offers: Offers,
    *,
    rounds: Integers | None = None,
    baseline: Floats | None = None,
    clusters: Integers | None = None,
    preregistered: bool = False,
    k: int = DEFAULT_K,
) -> tuple[Subgroup, ...] | Refusal:
    """The effect in each group of a modifier, and a test of whether it differs between them.

    Each group is estimated for itself, with controls of its own, as `recentred.lottery_effect` does; that is
    the regression in which everything is interacted with the groups. P-values are not corrected for the
    number of modifiers looked at: whoever shows several names those registered before the draw first.

    Parameters
    ----------
    modifier
        Groups of the n rows of the analysis sample; rows of no known group are left out.
    y, offers, rounds, baseline, clusters
        As of `recentred.lottery_effect` and `recentred.main_controls`, n rows.
    preregistered
        Whether the modifier was registered before the draw.
    k
        Groups with fewer people on a side are not shown, nor those that would give them away.

    Returns
    -------
    tuple of Subgroup, or Refusal
        In the order of the groups; groups without rows are left out. A hidden group, one of V < 5, or with
        fewer than five people expected on a side, has a refusal in place of its estimate. Refused as a whole
        is a modifier that is not known before the draw.
    """
    refused = fault_of_modifier(modifier.code)
    if refused is not None:
        return refused
    everybody = _Rows(y, offers, rounds, baseline, clusters)
    present = [code for code in range(len(modifier.groups)) if (modifier.group == code).any()]
    parts = [everybody.among(modifier.group == code) for code in present]
    sizes = [(int(part.offers.offered.sum()), int((~part.offers.offered).sum())) for part in parts]
    hidden = hidden_parts(np.array(sizes, dtype=np.int64).reshape(-1, 2), k)
    results = [
        hidden_group() if gone else _effect_in_group(part) for part, gone in zip(parts, hidden, strict=True)
    ]
    told = [part for part, found in zip(parts, results, strict=True) if isinstance(found, Estimate)]
    difference_p = _difference_p(told, everybody.among(modifier.group >= 0)) if len(told) > 1 else None
    return tuple(
        Subgroup(
            modifier=modifier.code,
            modifier_label=modifier.label,
            group=modifier.groups[code],
            result=found,
            difference_p=difference_p,
            preregistered=preregistered,
            group_label=modifier.group_labels[code],
        )
        for code, found in zip(present, results, strict=True)
    )


def _effect_in_group(rows: _Rows) -> Estimate | Refusal:
    chance = rows.offers.chance
    v = float(chance @ (1 - chance))
    expected = float(min(chance.sum(), (1 - chance).sum()))
    if v < FEWEST_V or expected < FEWEST_EXPECTED:
        return Refusal(
            "group_too_small",
            message(
                "The draw tells too little of this group: V is {v} ({needed_v} is needed), and {expected} "
                "people are expected on the smaller side ({needed} are needed).",
                v=f"{v:.1f}",
                needed_v=f"{FEWEST_V:g}",
                expected=f"{expected:.1f}",
                needed=f"{FEWEST_EXPECTED:g}",
            ),
            message("Merge groups, or pool several rounds."),
        )
    found = rows.effect()
    return found.estimate if isinstance(found, LotteryEffect) else found


def _difference_p(groups: list[_Rows], everybody: _Rows) -> float | None:
    """P-value of the effect being the same in all groups.

    Statistic: Wald's test of the interactions, Σ (b_g - b̄)²/V_g with b̄ weighted by 1/V_g. Outcomes less the
    pooled effect of the offer are held fixed over the redraws. That is exact for the effect plugged in, and
    approximate since it is estimated (Ding, Feller & Miratrix 2016, doi:10.1111/rssb.12124).
    """
    pooled = everybody.effect()
    if isinstance(pooled, Refusal):
        return None
    both = [_of_draw_and_redraws(rows, pooled.estimate.estimate) for rows in groups]
    coefficients, variances = (np.stack(part) for part in zip(*both, strict=True))
    told = np.isfinite(coefficients) & (variances > 0)
    weights = np.where(told, 1 / np.where(told, variances, 1.0), 0.0)
    coefficients = np.where(told, coefficients, 0.0)
    with np.errstate(invalid="ignore"):
        mean = (weights * coefficients).sum(axis=0) / weights.sum(axis=0)
    statistics = np.nan_to_num((weights * (coefficients - mean) ** 2).sum(axis=0))
    as_far = statistics[1:] >= (1 - _TIE) * statistics[0]
    return float((1 + as_far.sum()) / len(statistics))


def _of_draw_and_redraws(rows: _Rows, effect: float) -> tuple[Floats, Floats]:
    """Coefficients and variances of the draw, then of the redraws, shape (1 + R,)."""
    covariance, clusters = error_units(rows.clusters)
    drawn = rows.offers.offered
    without = (rows.y - effect * drawn)[:, None]
    parts = [
        studentised(without, assignments, rows.controls()[0], covariance=covariance, clusters=clusters)
        for assignments in (drawn[None, :], rows.offers.redrawn)
    ]
    coefficients = np.concatenate([part.coefficients[:, 0] for part in parts])
    return coefficients, np.concatenate([part.std_errors[:, 0] for part in parts]) ** 2
