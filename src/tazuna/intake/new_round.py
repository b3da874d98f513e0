"""What a new round (募集回) starts with: few tiers and some open places, so that it can teach something."""

from __future__ import annotations

from tazuna.intake.toml_text import toml_table
from tazuna.language import Language, translator

NEW_ROUND_TIERS = 2
NEW_ROUND_OPEN_SHARE = 0.25


def new_round_lines(language: Language, tiers: int = NEW_ROUND_TIERS) -> list[str]:
    """The section ``[match]`` of a ``study.toml``, with a comment above each choice.

    Parameters
    ----------
    tiers
        Into how many tiers the hosts may sort applicants.
    """
    t = translator(language)
    return [
        "",
        f"# {t('Matching: hosts sort applicants into this many tiers at most; ties are drawn')}",
        *toml_table("match", {"tiers": tiers})[1:],
        f"# {t('The share of places that is drawn among all accepted, after the others; 0 for none')}",
        f"open_share = {NEW_ROUND_OPEN_SHARE}",
    ]
