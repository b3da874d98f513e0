"""What a place does to those whom a draw decides about (場の効果): the truth of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tazuna.simulation.held_draws import HeldDraw
from tazuna.simulation.questionnaire import expected_score
from tazuna.simulation.streams import Flags, Integers
from tazuna.simulation.taking_part import TakingPart, effects_of_completing
from tazuna.simulation.yearly_wave import PERFORMANCE_SD, Setting, Wave, scales_of

Doubles = npt.NDArray[np.float64]
_NOTE = (
    "Points of each outcome at the last wave, for people present there whose place the draw decided, "
    "weighted by p(1-p). place: a place in the draw against none at all; the few who later got a place that "
    "somebody gave back bring an estimate nearer to zero by a few hundredths of it. completing: completing "
    "it."
)


def effects_by_draw(
    setting: Setting, draws: Sequence[HeldDraw], took: TakingPart, last: Wave
) -> dict[str, object]:
    """The true effects of each draw, and of all together.

    Parameters
    ----------
    last
        The wave after, effects included.
    """
    gains = _gains(setting, took, last)
    person = np.concatenate([draw.person for draw in draws])
    chance = np.concatenate([draw.chances.chance_any for draw in draws])
    weight = np.where(last.present[person], chance * (1 - chance), 0.0)
    ends = np.cumsum([draw.person.size for draw in draws])
    parts = {
        draw.round: slice(int(end) - draw.person.size, int(end))
        for draw, end in zip(draws, ends, strict=True)
    }
    parts["pooled"] = slice(0, int(ends[-1]))
    return {
        "note": _NOTE,
        **{
            name: _weighted(person[rows], weight[rows], took.would_complete, gains)
            for name, rows in parts.items()
        },
    }


def _gains(setting: Setting, took: TakingPart, last: Wave) -> dict[str, Doubles]:
    """Outcome → shape (n,): points that completing adds for each person, whether or not they completed."""
    everybody = effects_of_completing(setting.seed, np.ones_like(took.completed), setting.assumed)
    without = {
        latent: last.latents[latent] - np.where(took.completed, effect, np.float32(0))
        for latent, effect in everybody.items()
    }
    gains = {}
    for scale, items in scales_of(setting.items).items():
        if not any(item.latent in everybody for item in items):
            continue
        before = {item.latent: without.get(item.latent, last.latents[item.latent]) for item in items}
        after = {latent: value + everybody.get(latent, 0.0) for latent, value in before.items()}
        gains[scale] = expected_score(items, after) - expected_score(items, before)
    if "performance" in everybody:
        gains["performance"] = PERFORMANCE_SD * everybody["performance"].astype(np.float64)
    return gains


def _weighted(
    person: Integers, weight: Doubles, would_complete: Flags, gains: Mapping[str, Doubles]
) -> dict[str, object]:
    total = float(weight.sum())
    completing = weight * would_complete[person]
    share = float(completing.sum())
    return {
        "at_risk": int(np.count_nonzero(weight)),
        "v": round(total, 4),
        "completing_share": round(share / total, 4) if total else None,
        "outcomes": {
            outcome: {
                "place": round(float(completing @ gain[person]) / total, 4) if total else None,
                "completing": round(float(completing @ gain[person]) / share, 4) if share else None,
            }
            for outcome, gain in gains.items()
        },
    }
