"""Writing the ledger and sealing it."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction

from tazuna_web.accounts.acting import Acting
from tazuna_web.ledger.models import Entry, Seal


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


@transaction.atomic
def seal(*, acting: Acting) -> Seal | None:
    """Seal the entries since the last seal of the acting organisation; None where there are none."""
    last = Seal.objects.filter(held_by=acting.organisation).order_by("-id").first()
    entries = Entry.objects.filter(
        held_by=acting.organisation, id__gt=last.last_entry if last else 0
    ).order_by("id")
    digest = hashlib.sha256((last.digest if last else "").encode())
    count, last_id = 0, 0
    for entry in entries.iterator():
        digest.update(entry_bytes(entry))
        count, last_id = count + 1, entry.pk
    if not count:
        return None
    return Seal.objects.create(
        held_by=acting.organisation, last_entry=last_id, count=count, digest=digest.hexdigest()
    )


def entry_bytes(entry: Entry) -> bytes:
    """The entry as it enters the hash."""
    fields = [
        entry.pk,
        entry.held_by_id,
        entry.at.isoformat(),
        entry.account_id,
        entry.verb,
        entry.thing,
        entry.thing_id,
        entry.facts,
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()
