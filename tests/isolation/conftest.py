"""The web tests' tiny consortium, for tests of what must never be seen."""

from __future__ import annotations

from web.conftest import consortium

__all__ = ["consortium"]
