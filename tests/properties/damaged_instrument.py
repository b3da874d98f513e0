"""A study with a questionnaire of its own, sound or damaged."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.properties.study_text import StudyText

_SMALL = Path(__file__).parent.parent / "core" / "instrument" / "small_instrument.yaml"
_MORE = (
    "\nextra: 1\n",
    "\nid: again\n",
    "\n  ms1:\n    wording: {ja: あ, en: a}\n    response: agree\n",
    "\nx: &a [*a]\n",
    "\nx: " + "[" * 3000 + "]" * 3000 + "\n",
    "\nx: !!python/object:os.system {}\n",
    "\n? [1, 2]\n: 3\n",
    "\n\t- x\n",
    "\nx: 2018-13-01\n",
    "\nx: " + "9" * 5000 + "\n",
    "\n\x00\n",
    "\n---\nid: second\n",
)


def own_instrument(random: Random, study: StudyText) -> None:
    """An instrument file in the study folder, with a line too many, one gone, or characters changed."""
    text = _SMALL.read_text(encoding="utf-8")
    lines = text.splitlines()
    for _ in range(random.choice([0, 1, 1, 2])):
        match random.choice(["line", "character", "more", "value", "cut"]):
            case "line":
                del lines[random.randrange(len(lines))]
            case "character":
                at = random.randrange(len(lines))
                place = random.randrange(len(lines[at]) + 1)
                lines[at] = (
                    lines[at][:place]
                    + random.choice([":", "{", "- ", "\0", "#", "'"])
                    + lines[at][place + 1 :]
                )
            case "value":
                at = random.randrange(len(lines))
                head, colon, _ = lines[at].partition(": ")
                lines[at] = (
                    head
                    + colon
                    + random.choice(["", "null", "[]", "-1", "1.5", "1e99", "yes", "x" * 300, "{}"])
                )
            case "cut":
                del lines[random.randrange(1, len(lines)) :]
            case _:
                lines.append(random.choice(_MORE))
        if not lines:
            lines = [""]
    name = random.choice(["own.yaml", "own.yaml", "調査票.yml", "own.json"])
    data = "\n".join(lines).encode(random.choice(["utf-8", "utf-8", "utf-8", "cp932", "utf-16"]), "replace")
    study.files[name] = data
    study.settings = (
        study.settings or ""
    ) + f'\n[instruments]\nshipped = ["management_score"]\nfiles = ["{name}"]\n'
