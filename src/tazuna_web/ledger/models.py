"""Append-only rows of acts, and the seals over them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tazuna_web.accounts.models import Account
from tazuna_web.organisations.models import Held


class Entry(Held):
    """One act: who, when, which verb, on which thing. Ids only; never an answer, never a name."""

    at = models.DateTimeField(auto_now_add=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=64)
    thing = models.CharField(max_length=64)
    thing_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing} {self.thing_id}"


class Seal(Held):
    """A hash over the entries up to ``last_entry`` and the seal before: a changed entry breaks the chain."""

    sealed_at = models.DateTimeField(auto_now_add=True)
    last_entry = models.BigIntegerField()
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["held_by", "last_entry"], name="entries_sealed_once")
        ]

    def __str__(self) -> str:
        return self.digest
