"""``tazuna sample``: a synthetic study whose true effects are known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tazuna.commands.console import say, steps
from tazuna.language import Language, chosen_language, message, translator


def sample(
    folder: Path,
    /,
    *,
    people: Annotated[int, Parameter(validator=Number(gte=60, lte=5_000_000))] = 1200,
    companies: Annotated[int, Parameter(validator=Number(gte=1, lte=500))] = 3,
    rounds: Literal["proportional", "published"] = "proportional",
    seed: Annotated[int, Parameter(validator=Number(gte=0))] = 1,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Make a sample study: invented companies and people with known true effects.

    Use it to see every command at work. What is true in it stands in truth.json.

    Parameters
    ----------
    folder
        The folder to make; an earlier sample in it is replaced, anything else is left alone.
    people
        How many people.
    companies
        How many companies.
    rounds
        Side-work rounds in proportion to the companies, or in the published sizes: 33 companies and 8,000
        people.
    seed
        The seed of everything random; the same seed gives the same files.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.simulation.consortium import simulate
    from tazuna.simulation.writing import write_sample

    language: Language = lang or chosen_language()
    t = translator(language)
    with steps(language) as step:
        step(message("Making {people} people in {companies} companies …", people=people, companies=companies))
        consortium = simulate(people=people, companies=companies, seed=seed, rounds=rounds)
        step(message("Writing {path} …", path=folder))
        write_sample(consortium, folder)
    say(
        t("The sample study is in {path}; what is true in it, in truth.json.", path=folder),
        t("Next: {command}", command=f"tazuna check {folder}"),
    )
    return 0
