"""The company side (会社側): statements in office of executives and HR, rosier than the employees' view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tazuna.simulation.answering import graded_answers
from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.naming import labels, wave_name
from tazuna.simulation.organisations import Units
from tazuna.simulation.questionnaire import Item
from tazuna.simulation.streams import Floats, Integers, normal, stream

RESPONDENTS = {"executive": 6, "hr": 4}


def company_answers_at(
    seed: int,
    wave: int,
    units: Units,
    items: Sequence[Item],
    latents: Mapping[str, Floats],
    company: Integers,
    assumed: Assumptions,
) -> pl.DataFrame:
    """The rows of ``company_answers`` of one wave: the same respondents of each company every time.

    What a respondent sees is the mean of the employees, the optimism of the viewpoint (by company between
    half and one and a half of the usual) and an own opinion with SD 0.5.

    Parameters
    ----------
    items
        The questions of the management score.
    latents
        Latent variable → shape (p,), of the people present.
    company
        Shape (p,): company numbers of the same people.
    """
    count = len(units.companies)
    size = np.bincount(company, minlength=count)
    frames = []
    for viewpoint, respondents in RESPONDENTS.items():
        where = np.repeat(np.arange(count), respondents)
        who = np.tile(np.arange(respondents), count)
        own = 0.5 * normal(stream(seed, "opinion", viewpoint), where.size)
        rosy = (
            stream(seed, "optimism", viewpoint).uniform(0.5, 1.5, count)[where] * assumed.optimism[viewpoint]
        )
        columns: dict[str, pl.Series] = {
            "organisation_id": labels(units.companies, where),
            "respondent": labels([f"{viewpoint[0].upper()}{n + 1:02d}" for n in range(respondents)], who),
            "viewpoint": pl.repeat(viewpoint, where.size, eager=True),
            "wave": pl.repeat(wave_name(wave), where.size, eager=True),
        }
        for item in items:
            employees = np.bincount(company, weights=latents[item.latent], minlength=count) / size
            seen = (employees[where] + rosy + own).astype(np.float32)
            rng = stream(seed, "company answer", item.code, viewpoint, wave)
            columns[item.code] = pl.Series(graded_answers(item, seen, rng))
        frames.append(pl.DataFrame(columns))
    return pl.concat(frames)
