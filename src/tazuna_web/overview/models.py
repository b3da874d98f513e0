"""The frozen release of a wave and the files made from it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tazuna_web.organisations.models import Held
from tazuna_web.surveys.models import Wave


class Release(Held):
    """All group figures that will ever be shown of a wave, made once at closing (公表データ).

    ``figures`` is the core's protected table of cells as Parquet; nothing unprotected is stored.
    ``facts`` says how they were made.
    """

    wave = models.OneToOneField(Wave, models.PROTECT, related_name="release")
    made_on = models.DateField()
    figures = models.BinaryField()
    facts = models.JSONField(default=dict)
    input_sha256 = models.CharField(max_length=64)
    tazuna_version = models.CharField(max_length=32)
    seed = models.BigIntegerField()

    def __str__(self) -> str:
        return f"release of {self.wave_id}"


class Edition(Held):
    """The release in one language: the report's content as the pages show it, with pictures and files."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="editions")
    language = models.CharField(max_length=8)
    content = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "language"], name="edition_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.language}"


class Picture(Held):
    """A figure of an edition as SVG, under the figure's code."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pictures")
    code = models.CharField(max_length=100)
    svg = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="picture_once_a_figure")
        ]

    def __str__(self) -> str:
        return self.code


class ReportFile(Held):
    """A management report made from a release, in one language and format."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="files")
    format = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "format"], name="file_once_a_format")
        ]

    def __str__(self) -> str:
        return self.name
