"""Turns the public Big Five file into a study folder, with Polars alone.

The file has one line a person and no id: the line number becomes the id. Ages stay as they were typed, years
of birth and nonsense among them: `tazuna check` names them.

    python prepare.py big5.tsv my-study
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import polars as pl

HERE = Path(__file__).parent
WAVE = "2012"
ITEMS = [f"{scale}{number}" for scale in "ENACO" for number in range(1, 11)]
GENDERS = {"1": "male", "2": "female", "3": "other"}
SETTINGS = f"""\
schema = "tazuna/study/1"
title = "Big Five, public data"

[instruments]
files = ["instrument.yaml"]

[waves]
order = ["{WAVE}"]
"""


def prepare(source: Path, folder: Path) -> None:
    """Write ``study.toml``, the instrument and the tables of the study into ``folder``, which is made."""
    answers = pl.read_csv(source, separator="\t", infer_schema=False)
    people = answers.with_row_index("line", offset=2).with_columns(
        person_id=pl.format("P{}", pl.col("line").cast(pl.String).str.zfill(5)), organisation_id=pl.lit("B5")
    )
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(SETTINGS, encoding="utf-8")
    shutil.copy(HERE / "instrument.yaml", folder)
    (folder / "organisations.csv").write_text(
        "organisation_id,name,kind\nB5,Visitors of a web site,company\n", encoding="utf-8"
    )
    (folder / "waves.csv").write_text(
        f"wave,opened_on,closed_on\n{WAVE},2012-01-01,2012-12-31\n", encoding="utf-8"
    )
    people.select(
        "person_id",
        "organisation_id",
        "age",
        pl.col("gender").replace_strict(GENDERS, default=None),
        "country",
    ).write_csv(folder / "people.csv")
    people.select("person_id", pl.lit(WAVE).alias("wave"), *ITEMS).write_csv(folder / "responses.csv")


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), Path(sys.argv[2]))
