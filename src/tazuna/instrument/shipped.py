"""The instruments that come with Tazuna: data files in this package, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tazuna.errors import InstrumentError
from tazuna.instrument.model import Instrument
from tazuna.instrument.reading import read_instrument
from tazuna.language import message

SHIPPED = ("co_profile", "management_score", "outcomes", "layers_groups", "sheet_quality")
_DATA = Path(__file__).parent / "data"


@cache
def _read_once(instrument_id: str) -> Instrument:
    return read_instrument(_DATA / f"{instrument_id}.yaml")


def shipped_instruments() -> dict[str, Instrument]:
    """All shipped instruments by id, in the order in which a questionnaire asks them."""
    return {instrument_id: _read_once(instrument_id) for instrument_id in SHIPPED}


def shipped_instrument(instrument_id: str) -> Instrument:
    """One shipped instrument.

    Raises
    ------
    InstrumentError
        Where none has this id; the cure names those there are.
    """
    if instrument_id not in SHIPPED:
        raise InstrumentError(
            message("no instrument named “{name}” comes with Tazuna", name=instrument_id),
            message("Use one of {names}, or the path of an instrument file.", names=", ".join(SHIPPED)),
        )
    return _read_once(instrument_id)
