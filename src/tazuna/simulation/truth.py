"""The truth (答え合わせ): what the simulator built in, to hold an analysis of the sample against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.calibration import GAVE_UP, REGIONAL_ROUND, THIRD_ROUND
from tazuna.simulation.effects_by_draw import effects_by_draw
from tazuna.simulation.held_draws import HeldDraw
from tazuna.simulation.naming import labels, wave_name
from tazuna.simulation.organisations import FIRST_FISCAL_YEAR
from tazuna.simulation.questionnaire import expected_score
from tazuna.simulation.streams import Flags, Floats, Integers
from tazuna.simulation.taking_part import TakingPart
from tazuna.simulation.yearly_wave import Setting, Wave, scales_of

_NOTE = (
    "Assumptions of the simulator, not facts about any company. True scores are expected scores (0-100) of "
    "everybody present, respondent or not, free of the noise of single answers."
)


@dataclass(frozen=True, slots=True)
class RoundTruth:
    """What happened in the rounds after a wave, over everybody who is ever employed; arrays of shape (n,)."""

    wave: int
    applied: Flags
    may_apply: Flags
    general: Floats
    draws: tuple[HeldDraw, ...]
    took: TakingPart


def truth_document(
    setting: Setting, scores: pl.DataFrame, held: RoundTruth | None, last: Wave, effects: Mapping[str, Floats]
) -> dict[str, object]:
    """Everything for ``truth.json``.

    Parameters
    ----------
    scores
        From `true_scores`, all waves.
    held
        The rounds, None in a sample of one wave.
    last, effects
        The last wave and the effects in it.
    """
    correlations = np.array(setting.assumed.area_correlations)
    return {
        "note": _NOTE,
        "seed": setting.seed,
        "assumptions": asdict(setting.assumed),
        "trait_correlations": correlations.tolist(),
        "items": {
            item.code: {
                "latent": item.latent,
                "discrimination": round(item.discrimination, 6),
                "thresholds": [round(b, 6) for b in item.thresholds],
            }
            for item in setting.items
        },
        "true_scores": scores.to_dicts(),
        "rounds": None if held is None else _round_truth(setting.assumed, held),
        "effects": None if held is None else _effect_truth(setting, held, last, effects),
        "effects_by_draw": None if held is None else effects_by_draw(setting, held.draws, held.took, last),
        "calibration": {
            figure.what: {"value": figure.value, "source": figure.source}
            for figure in (GAVE_UP, *THIRD_ROUND.values(), *REGIONAL_ROUND.values())
        },
    }


def true_scores(setting: Setting, wave: Wave) -> pl.DataFrame:
    """True means of the scales by company and group at one wave.

    Returns
    -------
    DataFrame
        organisation_id, wave, group_by (``all``, ``viewpoint``, ``age_band``, ``department``), group, people,
        then a column a scale, 0-100.
    """
    rows = wave.active
    own = {latent: values[rows] for latent, values in wave.latents.items()}
    scales = scales_of(setting.items)
    age: Integers = FIRST_FISCAL_YEAR + wave.number - setting.people.birth_year[rows]
    frame = pl.DataFrame(
        {
            "organisation_id": labels(setting.units.companies, setting.people.company[rows]),
            "all": pl.repeat("all", rows.size, eager=True),
            "viewpoint": labels(("employee", "manager"), wave.manages[rows].astype(np.int64)),
            "age_band": labels(("20-34", "35-49", "50+"), np.digitize(age, (35, 50))),
            "department": labels(setting.units.leaves, wave.department[rows]),
            **{scale: expected_score(items, own) for scale, items in scales.items()},
        }
    )
    means = (pl.col(scale).mean().round(4) for scale in scales)
    aggregates = [pl.len().alias("people"), *means]
    parts = [
        frame.group_by("organisation_id", by)
        .agg(aggregates)
        .sort("organisation_id", by)
        .select(
            "organisation_id",
            pl.lit(wave_name(wave.number)).alias("wave"),
            pl.lit(by).alias("group_by"),
            pl.col(by).alias("group"),
            "people",
            *scales,
        )
        for by in ("all", "viewpoint", "age_band", "department")
    ]
    return pl.concat(parts)


def _round_truth(assumed: Assumptions, held: RoundTruth) -> dict[str, object]:
    """How much keener applicants are than all who could apply, and those seated than applicants."""
    everybody = held.general[held.may_apply]
    spread = float(everybody.std())
    applicants, seated = held.general[held.applied], held.general[held.took.seated]
    return {
        "after_wave": wave_name(held.wave),
        "applicants": int(held.applied.sum()),
        "seated": int(held.took.seated.sum()),
        "completed": int(held.took.completed.sum()),
        "self_selection": assumed.self_selection,
        "applicants_above_everybody_sd": round(float(applicants.mean() - everybody.mean()) / spread, 4),
        "seated_above_applicants_sd": round(float(seated.mean() - applicants.mean()) / spread, 4),
        "by_round": {
            draw.round: {
                "applicants": draw.person.size,
                "offered": int(draw.offered.sum()),
                "v": round(draw.chances.information, 4),
                "applicants_above_everybody_sd": round(
                    float(held.general[draw.person].mean() - everybody.mean()) / spread, 4
                ),
            }
            for draw in held.draws
        },
    }


def _effect_truth(
    setting: Setting, held: RoundTruth, last: Wave, effects: Mapping[str, Floats]
) -> dict[str, dict[str, float]]:
    """Of each outcome: the effect of completing and of a place in SD, of completing also in points."""
    scales = scales_of(setting.items)
    found: dict[str, dict[str, float]] = {}
    for latent, effect in effects.items():
        done, seated = held.took.completed & last.present, held.took.seated & last.present
        found[latent] = {
            "completing_sd": round(float(effect[done].mean()) if done.any() else 0.0, 6),
            "place_sd": round(float(effect[seated].mean()) if seated.any() else 0.0, 6),
        }
        if latent in scales and done.any():
            now = last.latents[latent][done]
            gain = expected_score(scales[latent], {latent: now})
            gain = gain - expected_score(scales[latent], {latent: now - effect[done]})
            found[latent]["completing_points"] = round(float(gain.mean()), 4)
    return found
