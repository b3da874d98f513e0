"""What stands where a section has nothing to show: protected, or not in the study."""

from __future__ import annotations

from tazuna.reporting.content import Missing
from tazuna.reporting.material import Material


def absent(m: Material, *, held: bool, what: str, why: str, how: str) -> Missing:
    """A note that says what is missing, why it matters and how to supply it.

    Parameters
    ----------
    held
        Whether the release has cells of this section, so that all of them must be protected.
    """
    t = m.t
    if not held:
        return Missing(what, why, how)
    return Missing(
        t("Not shown, to protect small groups."),
        why,
        t("More answers, or larger groups, would make figures possible."),
    )
