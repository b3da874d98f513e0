"""What each role may do: one table, closed by default."""

from __future__ import annotations

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.models import Role

ACTS: dict[str, frozenset[Role]] = {
    "surveys.answer": frozenset({Role.PERSON, Role.MANAGER, Role.HR, Role.EXECUTIVE}),
    "surveys.answer_for_company": frozenset({Role.HR, Role.EXECUTIVE}),
    "surveys.close_wave": frozenset({Role.HR}),
    "surveys.see_rates": frozenset({Role.HR}),
    "profiles.see_own": frozenset({Role.PERSON, Role.MANAGER, Role.HR, Role.EXECUTIVE}),
    "overview.see_company": frozenset({Role.HR, Role.EXECUTIVE}),
    "overview.see_sections": frozenset({Role.HR}),
    "overview.see_team": frozenset({Role.MANAGER}),
    "overview.see_members": frozenset({Role.SECRETARIAT}),
    "overview.download": frozenset({Role.HR, Role.EXECUTIVE}),
}
"""Act → the roles that may; an act that is not listed is refused to everybody."""


def may(acting: Acting | None, act: str, *, held_by: int | None = None) -> bool:
    """Whether ``acting`` may do ``act`` on a row that ``held_by`` holds (none named: its own)."""
    if acting is None or acting.role not in ACTS.get(act, frozenset()):
        return False
    return held_by is None or held_by == acting.organisation.pk
