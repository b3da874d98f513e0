"""The processes of the tree, on a leash: ``python -m tazuna_web.site.part application|worker|demo-data``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tazuna_web.site.leash import end_with_starter


def main(arguments: Sequence[str]) -> int:
    """Run one part until it ends or is ended."""
    end_with_starter()
    match arguments:
        case ["application", host, port]:
            from tazuna_web.site.server import serve_application

            serve_application(host, int(port), workers=1, threads=4, respawn=False)
        case ["worker"]:
            from tazuna_web.jobs.working import work

            work()
        case ["demo-data", language]:
            from tazuna_web.site.demo_data.making import prepare

            return prepare("en" if language == "en" else "ja")
        case _:
            raise SystemExit(f"no such part: {' '.join(arguments)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
