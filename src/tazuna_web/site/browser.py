"""Opening the browser where there is one."""

from __future__ import annotations

import contextlib
import os
import sys
import webbrowser


def open_browser(address: str) -> bool:
    """Open the address in a graphical browser; False where there is none. The demo goes on either way."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    with contextlib.suppress(webbrowser.Error, OSError):
        return webbrowser.open(address)
    return False
