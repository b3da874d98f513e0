"""Sealing the ledger in batches, outside the acts: each seal hashes its entries and the seal before."""

from __future__ import annotations

import datetime
import hashlib
import json

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django_scopes import scope, scopes_disabled

from tazuna_web.ledger.models import Entry, Seal
from tazuna_web.organisations.models import Organisation

SETTLED_AFTER = datetime.timedelta(minutes=1)
"""An act's transaction is over by then, so that no entry can still appear before one that is sealed."""


def seal_ledgers(now: datetime.datetime) -> int:
    """Seal what every holder's ledger has that is settled; return how many seals were made."""
    with scopes_disabled():
        waiting = Entry.objects.filter(at__lt=now - SETTLED_AFTER).values("held_by").distinct()
        holders = list(Organisation.objects.filter(pk__in=waiting))
    return sum(seal(holder, now) is not None for holder in holders)


def seal(holder: Organisation, now: datetime.datetime) -> Seal | None:
    """Seal the settled entries since the holder's last seal; None where there are none.

    Of two workers that seal the same entries, the second one's seal is dropped.
    """
    with scope(held_by=[holder.pk]):
        last = Seal.objects.order_by("-last_entry").first()
        settled = Entry.objects.filter(at__lt=now - SETTLED_AFTER)
        digest, count, last_entry = digest_of(last, settled)
        if not count:
            return None
        try:
            with transaction.atomic():
                return Seal.objects.create(held_by=holder, last_entry=last_entry, count=count, digest=digest)
        except IntegrityError:
            return None


def first_broken_seal(holder: Organisation) -> Seal | None:
    """The first seal that does not fit its entries, or None where the chain is whole."""
    with scope(held_by=[holder.pk]):
        previous = None
        for found in Seal.objects.order_by("last_entry"):
            sealed = Entry.objects.filter(id__lte=found.last_entry)
            digest, count, _ = digest_of(previous, sealed)
            if (digest, count) != (found.digest, found.count):
                return found
            previous = found
    return None


def digest_of(previous: Seal | None, entries: QuerySet[Entry]) -> tuple[str, int, int]:
    """SHA-256 over the previous seal and the entries after it, their number, and the id of the last."""
    digest = hashlib.sha256((previous.digest if previous else "").encode())
    count, last = 0, 0
    after = previous.last_entry if previous else 0
    for entry in entries.filter(id__gt=after).order_by("id").iterator():
        digest.update(_bytes_of(entry))
        count, last = count + 1, entry.pk
    return digest.hexdigest(), count, last


def _bytes_of(entry: Entry) -> bytes:
    fields = [
        entry.pk,
        entry.held_by_id,
        entry.at.astimezone(datetime.UTC).isoformat(),
        entry.account_id,
        entry.verb,
        entry.thing,
        entry.thing_id,
        entry.facts,
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()
