"""People of an organisation, and the frozen population of each wave."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tazuna_web.organisations.models import Department, Held


class Attributes(models.Model):
    """What an organisation knows of a person that figures are grouped by; years of birth, never dates."""

    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    birth_year = models.SmallIntegerField(null=True, blank=True)
    gender = models.CharField(max_length=32, blank=True)
    worksite = models.CharField(max_length=32, blank=True)
    job_family = models.CharField(max_length=100, blank=True)
    employment_type = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=32, blank=True)
    is_manager = models.BooleanField(default=False)
    contribution = models.CharField(max_length=32, blank=True)

    class Meta:
        abstract = True


class Person(Attributes, Held):
    """A person (人) as of today."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["held_by", "code"], name="person_code_once_a_holder")
        ]

    def __str__(self) -> str:
        return self.code
