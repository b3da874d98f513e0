"""Checking the chain of seals."""

from __future__ import annotations

import hashlib

from tazuna_web.ledger.acts import entry_bytes
from tazuna_web.ledger.models import Entry, Seal
from tazuna_web.organisations.models import Organisation


def first_broken_seal(organisation: Organisation) -> Seal | None:
    """The first seal that does not fit its entries, or None where the chain is whole."""
    previous, start = "", 0
    for seal in Seal.objects.filter(held_by=organisation).order_by("id"):
        digest = hashlib.sha256(previous.encode())
        count = 0
        for entry in Entry.objects.filter(
            held_by=organisation, id__gt=start, id__lte=seal.last_entry
        ).order_by("id"):
            digest.update(entry_bytes(entry))
            count += 1
        if (digest.hexdigest(), count) != (seal.digest, seal.count):
            return seal
        previous, start = seal.digest, seal.last_entry
    return None
