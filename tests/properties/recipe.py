"""A recipe for one damaged study folder: small enough to print, exact enough to make it again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.properties.damaged_bytes import BYTE_DAMAGES
from tests.properties.damaged_instrument import own_instrument
from tests.properties.damaged_text import TEXT_DAMAGES
from tests.properties.good_studies import GOOD
from tests.properties.known_damage import KNOWN_DAMAGES
from tests.properties.study_text import Place, StudyText
from tests.properties.writing import Format, written

ALL_TEXT_DAMAGES = {**TEXT_DAMAGES, own_instrument.__name__: own_instrument}
Step = tuple[str, int]
PLAIN = Format()


@dataclass(frozen=True)
class Recipe:
    """What to start from, what to do to it (each step with its own seed), how to write it, what to run."""

    good: str
    seed: int
    form: Format = PLAIN
    known: Step | None = None
    in_text: tuple[Step, ...] = ()
    in_bytes: tuple[Step, ...] = ()
    then: str = "check"

    def simpler(self) -> list[Recipe]:
        """Recipes with one thing less, to find out which step matters."""
        fewer = [
            dataclasses.replace(self, in_text=self.in_text[:i] + self.in_text[i + 1 :])
            for i in range(len(self.in_text))
        ]
        fewer += [
            dataclasses.replace(self, in_bytes=self.in_bytes[:i] + self.in_bytes[i + 1 :])
            for i in range(len(self.in_bytes))
        ]
        if self.known is not None and (self.in_text or self.in_bytes):
            fewer.append(dataclasses.replace(self, known=None))
        if self.form != PLAIN:
            fewer.append(dataclasses.replace(self, form=PLAIN))
        return fewer


@dataclass
class Made:
    """A study folder on the disk, and what its maker knows of it.

    ``damaged`` names the files whose bytes were changed, so that nothing is known of their rows.
    """

    text: StudyText
    place: Place | None
    path: Path
    form: Format
    damaged: set[str]


def make(recipe: Recipe, room: Path) -> Made:
    """Write the study of ``recipe`` into the empty folder ``room``."""
    study = GOOD[recipe.good](Random(recipe.seed))
    place = None
    if recipe.known is not None:
        name, seed = recipe.known
        place = KNOWN_DAMAGES[name](Random(seed), study)
    for name, seed in recipe.in_text:
        if study.tables:
            ALL_TEXT_DAMAGES[name](Random(seed), study)
    made = written(study, recipe.form, Random(recipe.seed))
    damaged = {BYTE_DAMAGES[name](Random(seed), made.files) for name, seed in recipe.in_bytes}
    if made.one_file is not None:
        only = made.one_file if made.one_file in made.files else sorted(made.files)[0]
        path = room / only
        path.write_bytes(made.files[only])
    else:
        path = room / "study"
        path.mkdir()
        for name, data in made.files.items():
            (path / name).write_bytes(data)
    alone = place if not recipe.in_text and not recipe.in_bytes else None
    return Made(study, alone, path, recipe.form, damaged)
