"""What the simulator built into the demo's data; there is none anywhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings

TRUTH_FILE = "truth.json"


def true_scores() -> list[dict[str, Any]]:
    """True mean scores by company, wave and group; empty outside the demo."""
    data: Path | None = getattr(settings, "DATA", None)
    if not settings.DEMO or data is None or not (data / TRUTH_FILE).exists():
        return []
    scores: list[dict[str, Any]] = json.loads((data / TRUTH_FILE).read_text(encoding="utf-8"))["true_scores"]
    return scores
