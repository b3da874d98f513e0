"""Writing the ledger."""

from __future__ import annotations

from tazuna_web.accounts.acting import Acting
from tazuna_web.ledger.models import Entry


def record(*, acting: Acting, verb: str, thing: object, **facts: str | int | bool) -> Entry:
    """Add one row, in the transaction of the act that it records."""
    return Entry.objects.create(
        held_by=acting.organisation,
        account=acting.account,
        verb=verb,
        thing=type(thing).__name__,
        thing_id=str(getattr(thing, "pk", "")),
        facts=facts,
    )
