"""Leases on running tasks."""

from __future__ import annotations

from django.db import models


class Lease(models.Model):
    """A worker's claim on a running task; a lease whose beat is old belongs to a dead worker."""

    task_id = models.UUIDField(primary_key=True)
    worker = models.CharField(max_length=64)
    beat_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.task_id} @ {self.worker}"
