"""What lavaan says, frozen by tests/reference/lavaan/reference.R."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest

FOLDER = Path(__file__).parents[3] / "reference" / "lavaan"
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
PERSONALITY = "\n".join(f"{k} =~ " + " + ".join(f"{k}{i}" for i in range(1, 6)) for k in "ACN")


@dataclass(frozen=True)
class Reference:
    """One of lavaan's fits: its measures, and (left, operator, right, group) → est, se, std, std_se."""

    measures: Mapping[str, float]
    parameters: Mapping[tuple[str, str, str, int], Mapping[str, float]]


@pytest.fixture(scope="session")
def lavaan() -> Mapping[str, Reference]:
    """Case → reference."""
    fits = pl.read_csv(FOLDER / "fit.csv")
    rows = pl.read_csv(FOLDER / "parameters.csv", null_values="NA", infer_schema_length=None)
    return {
        case: Reference(
            dict(fits.filter(pl.col("case") == case).select("measure", "value").iter_rows()),
            {
                (row["lhs"], row["op"], row["rhs"], row["group"] - 1): row
                for row in rows.filter(pl.col("case") == case).iter_rows(named=True)
            },
        )
        for case in fits["case"].unique(maintain_order=True)
    }


@pytest.fixture(scope="session")
def pupils(shared_data: Path) -> pl.DataFrame:
    """Holzinger and Swineford's 301 pupils."""
    return pl.read_csv(shared_data / "holzinger_swineford_1939.csv")


@pytest.fixture(scope="session")
def personality(shared_data: Path) -> pl.DataFrame:
    """bfi: 2,800 people, 25 questions."""
    return pl.read_csv(shared_data / "bfi.csv").select(pl.all().exclude("gender", "education", "age"))


def values(frame: pl.DataFrame) -> np.ndarray:
    """Floats, NaN where there is no answer."""
    return frame.cast(pl.Float64).fill_null(np.nan).to_numpy()
