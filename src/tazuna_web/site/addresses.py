"""Addresses of this machine: free ports, the name in the network, whether the application answers."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import time

from tazuna.errors import TazunaError
from tazuna.language import message

LOCAL_HOST = "127.0.0.1"
EVERY_HOST = "0.0.0.0"  # noqa: S104
LAN_HOST_VARIABLE = "TAZUNA_LAN_HOST"
PORTS_TRIED = 100
LAST_PORT = 65535
_NOBODY = ("192.0.2.1", 9)
"""An address reserved for documentation: asking for the way there sends nothing."""


class AddressError(TazunaError):
    """The application cannot be reached where it was to be."""


def lan_address() -> str | None:
    """This machine's address in the local network; None where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_NOBODY)
        except OSError:
            return None
        address = str(asking.getsockname()[0])
    return None if address.startswith("127.") else address


def lan_host() -> str | None:
    """The address under which the demo was opened to the local network; None where it was not."""
    return os.environ.get(LAN_HOST_VARIABLE) or None


def is_free(host: str, port: int) -> bool:
    """Whether a server can listen there.

    Raises
    ------
    AddressError
        This user may not use the port.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
            trying.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise AddressError(
                message(
                    "Port {port} cannot be used: {reason}", port=port, reason=error.strerror or str(error)
                ),
                message("Choose a port from 1024 on, e.g. --port 8000."),
            ) from error
    return True


def require_free(host: str, port: int, *, patience: float = 2.0) -> None:
    """Expect the port to be free, now or in a moment: a server that was just stopped takes one to leave it.

    Raises
    ------
    AddressError
        Another program listens there.
    """
    deadline = time.monotonic() + patience
    while not is_free(host, port):
        if time.monotonic() > deadline:
            ports = range(port + 1, min(port + PORTS_TRIED, LAST_PORT))
            other = next((candidate for candidate in ports if is_free(host, candidate)), None)
            raise AddressError(
                message("Port {port} is in use by another program.", port=port),
                message("Choose another: --port {other}", other=other) if other else None,
            )
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether the application on this machine answers."""
    connection = http.client.HTTPConnection(LOCAL_HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthy/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
