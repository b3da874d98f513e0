"""Organisations, their departments, and the base of every row that an organisation holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager


class Organisation(models.Model):
    """A company, group, consortium or region (組織): a directory of names, outside the scopes."""

    class Kind(models.TextChoices):
        COMPANY = "company"
        GROUP = "group"
        CONSORTIUM = "consortium"
        REGION = "region"
        HOST = "host"
        SCHOOL = "school"
        NPO = "npo"
        UNION = "union"
        BANK = "bank"
        GOVERNMENT = "government"

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    prefecture = models.CharField(max_length=16, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="members")

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Held(models.Model):
    """A row with the organisation answerable for it; reading it needs a scope that names it."""

    held_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects = ScopedManager(held_by="held_by")

    class Meta:
        abstract = True


class Department(Held):
    """A department (部署), with its successor after a reorganisation."""

    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["held_by", "code"], name="department_code_once_a_holder")
        ]

    def __str__(self) -> str:
        return self.name
