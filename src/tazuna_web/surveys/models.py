"""Waves, the population frozen at opening, and the answers, which hang on a pseudonym."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tazuna_web.organisations.models import Held
from tazuna_web.people.models import Attributes, Person


class Wave(Held):
    """One wave (調査回). ``k`` and the instruments are frozen when it opens."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSING = "closing"
        RELEASED = "released"

    code = models.CharField(max_length=32)
    label = models.CharField(max_length=100)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    opened_on = models.DateField()
    closes_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    fiscal_year = models.SmallIntegerField(null=True, blank=True)
    k = models.PositiveSmallIntegerField(default=10)
    instruments = models.JSONField(default=list)
    what_we_did = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["opened_on", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["held_by", "code"], name="wave_code_once_a_holder"),
            models.CheckConstraint(condition=models.Q(k__gte=5), name="k_not_below_the_floor"),
        ]

    def __str__(self) -> str:
        return self.label


class PersonAtWave(Attributes, Held):
    """A person as they were when the wave opened: the population that is asked."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="population")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "person"], name="person_once_a_wave")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.wave_id}"


class AnswerSheet(Held):
    """One person's answers in one wave, under a pseudonym that only the key file joins to the person.

    The id is random and the date has no time, so that neither order nor hour tells who answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="sheets")
    pseudonym = models.CharField(max_length=64)
    answered_on = models.DateField()
    finished = models.BooleanField(default=False)
    language = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "pseudonym"], name="sheet_once_a_wave")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Answer(Held):
    """One answer; a later one to the same question replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(AnswerSheet, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=64)
    value = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "question"], name="answer_once_a_question")
        ]

    def __str__(self) -> str:
        return self.question


class CompanyAnswer(Held):
    """A statement in office on what the company provides. Not under k; asked with that notice."""

    class Viewpoint(models.TextChoices):
        EXECUTIVE = "executive"
        HR = "hr"

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="company_answers")
    viewpoint = models.CharField(max_length=16, choices=Viewpoint.choices)
    respondent = models.CharField(max_length=64)
    question = models.CharField(max_length=64)
    value = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wave", "viewpoint", "respondent", "question"], name="company_answer_once_a_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.viewpoint} {self.question}"
