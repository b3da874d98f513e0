"""Publishing a draw (抽選結果の公開): every file of it, the internal tables and the public lists apart."""

from __future__ import annotations

from collections.abc import Mapping

from tazuna.matching.chances import Chances
from tazuna.matching.drawing import Drawn
from tazuna.matching.public_lists import public_files
from tazuna.matching.record import RECORD, SCHEMA, written_record
from tazuna.matching.seals import seal_of_file
from tazuna.matching.verifying import ASSIGNMENTS

TABLES, PUBLIC = "tables/", "public/"


def files_of_draw(
    drawn: Drawn,
    results: Mapping[str, bytes],
    entries: Mapping[str, object],
    figures: Mapping[str, object],
    head: Mapping[str, object],
) -> dict[str, bytes]:
    """Every file of a draw by its name, those of ``tables/`` and ``public/`` included.

    ``tables/`` is a study folder of its own, for an auditor. ``public/`` may be shown to anybody: receipts
    only, and no hash from which a guess at the internal tables could be confirmed.

    Parameters
    ----------
    results
        Name → bytes of the tables of the outcome; ``assignments.csv`` goes into ``tables/`` too.
    entries
        What all three records say beside the facts of the draw: published_at, v, chances.
    figures
        What only the record of the round says.
    head
        Package version, hash of the input, seed; the schema is added.
    """
    tables = {**drawn.frozen.files, ASSIGNMENTS: results[ASSIGNMENTS]}
    ready = drawn.ready
    public = public_files(ready.market, ready.rules, drawn.frozen, drawn.outcome.held, drawn.secret)
    shared = {**head, "schema": SCHEMA, **drawn.facts(), **entries}
    tables[RECORD] = written_record({**shared, "files": _seals(tables)})
    salted = {"input_sha256": drawn.frozen.seal}
    public[RECORD] = written_record({**shared, **salted, "files": _seals(public)})
    files = {
        **results,
        **{f"{TABLES}{name}": data for name, data in tables.items()},
        **{f"{PUBLIC}{name}": data for name, data in public.items()},
    }
    return {RECORD: written_record({**shared, **figures, "files": _seals(files)}), **files}


def chances_in_words(chances: Chances, seed: str) -> dict[str, object]:
    """How the chances were found, for the record; ``v`` is beside it."""
    return {"method": chances.method, "draws": chances.draws, "seed": seed}


def _seals(files: Mapping[str, bytes]) -> dict[str, dict[str, object]]:
    return {name: seal_of_file(files[name]) for name in sorted(files)}
