"""``tazuna serve``: the application for production."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tazuna.commands.console import say
from tazuna.language import Language, chosen_language, translator


def serve(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, Parameter(validator=Number(gte=1, lte=65535))] = 8000,
    processes: Annotated[int, Parameter(validator=Number(gte=1))] = 2,
    threads: Annotated[int, Parameter(validator=Number(gte=1))] = 8,
    migrate: bool = False,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Serve the application for production, behind a proxy that speaks HTTPS.

    The environment names the database (DATABASE_URL), the host names (TAZUNA_HOSTS, separated by commas) and
    the folder of the keys (TAZUNA_DATA). Run tazuna worker beside it. The demo's sample is refused.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on.
    processes
        Server processes.
    threads
        Requests that each process answers at the same time.
    migrate
        Bring the database up to date first; make a backup before.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna_web.site.addresses import require_free
    from tazuna_web.site.installation import set_up
    from tazuna_web.site.server import serve_application

    language: Language = lang or chosen_language()
    t = translator(language)
    set_up(migrate=migrate)
    require_free(host, port)
    say(t("Serving on {address}", address=f"http://{host}:{port}/"))
    serve_application(host, port, workers=processes, threads=threads, respawn=True)
    return 0
