"""The web server: Granian with the WSGI application."""

from __future__ import annotations


def serve_application(host: str, port: int, *, workers: int, threads: int, respawn: bool) -> None:
    """Serve until asked to end.

    Parameters
    ----------
    host, port
        Where to listen.
    workers
        Processes.
    threads
        Requests that each process answers at the same time.
    respawn
        Whether a process that died is started again here; otherwise the server ends, for its starter to see.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "tazuna_web.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=respawn,
        log_level=LogLevels.warning,
        workers_kill_timeout=3,
    ).serve()
