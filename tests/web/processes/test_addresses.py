"""Ports and addresses of this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tazuna_web.site.addresses import AddressError, answers, is_free, lan_address, require_free
from tazuna_web.site.browser import open_browser


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_busy_port_is_named_with_a_free_one(busy_port: int) -> None:
    with pytest.raises(AddressError) as raised:
        require_free("127.0.0.1", busy_port, patience=0)
    words = raised.value.text("ja")
    assert f"ポート {busy_port} は別のプログラムが使っています" in words
    other = int(words.rpartition("--port ")[2])
    assert other > busy_port
    assert is_free("127.0.0.1", other)


def test_a_port_is_busy_for_the_whole_network_too(busy_port: int) -> None:
    assert not is_free("0.0.0.0", busy_port)


def test_a_program_that_is_not_the_application_does_not_answer() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert not answers(closed.getsockname()[1])


def test_the_local_network_never_knows_this_machine_as_loopback() -> None:
    address = lan_address()
    assert address is None or not ip_address(address).is_loopback


def test_without_a_display_no_browser_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("webbrowser.open", lambda address: pytest.fail(f"opened {address}"))
    assert not open_browser("http://127.0.0.1:8000/")


def test_a_browser_that_fails_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: str) -> bool:
        raise OSError(address)

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", refuse)
    assert not open_browser("http://127.0.0.1:8000/")
