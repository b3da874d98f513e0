"""``tazuna demo``: the application with a sample consortium, on this machine, in one process tree."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tazuna.commands.console import say
from tazuna.language import Language, Message, chosen_language, message, translator

if TYPE_CHECKING:
    from tazuna_web.site.processes import Part

SETTINGS = "tazuna_web.site.settings.embedded"
READY_WITHIN_SECONDS = 60


def demo(
    *,
    port: Annotated[int, Parameter(validator=Number(gte=1, lte=65535))] = 8000,
    data: Path = Path(".tazuna-demo"),
    lan: bool = False,
    no_browser: bool = False,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Try the application with a sample consortium of 3 companies and 1,200 people.

    Two waves are closed, the third is open. The first start makes the sample; later starts go on where the
    last one ended. Ctrl-C ends everything.

    Parameters
    ----------
    port
        Where the application answers on this machine.
    data
        The folder of the sample; delete it to begin anew.
    lan
        Let other devices in the local network in, such as your phone.
        Everybody in that network can then open the demo.
    no_browser
        Do not open the browser.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna_web.site.addresses import EVERY_HOST, LAN_HOST_VARIABLE, LOCAL_HOST, lan_address, require_free
    from tazuna_web.site.demo_folder import hold
    from tazuna_web.site.processes import Part, run, stop_when_asked

    language: Language = lang or chosen_language()
    t = translator(language)
    folder = data.absolute()
    home = f"http://{LOCAL_HOST}:{port}/"
    stop_when_asked()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    try:
        with hold(folder, home):
            host = EVERY_HOST if lan else LOCAL_HOST
            require_free(host, port)
            outside = lan_address() if lan else None
            environment = {"DJANGO_SETTINGS_MODULE": SETTINGS, "TAZUNA_DATA": str(folder)}
            if outside is not None:
                environment[LAN_HOST_VARIABLE] = outside
            sample = Part(message("Making the sample"), ("demo-data", language))
            if not run(sample, environment):
                return 0
            parts = (
                Part(message("The application"), ("application", host, str(port))),
                Part(message("The worker"), ("worker",)),
            )
            lines = [t("The demo is ready: {address}", address=home)]
            if outside is not None:
                lines.append(t("In the local network: {address}", address=f"http://{outside}:{port}/"))
            elif lan:
                lines.append(t("This machine is in no local network."))
            lines.append(t("Ctrl-C ends it. The sample is kept in {folder}.", folder=data))
            _serve(parts, environment, port, lines, None if no_browser else home, language)
    except KeyboardInterrupt:
        say("", t("The demo has ended."))
    return 0


def _serve(
    parts: tuple[Part, ...],
    environment: dict[str, str],
    port: int,
    lines: list[str],
    browse: str | None,
    language: Language,
) -> None:
    """Run the parts until asked to end; once the application answers, say so and open the browser."""
    import time

    from tazuna_web.site.addresses import AddressError, answers
    from tazuna_web.site.browser import open_browser
    from tazuna_web.site.processes import ProcessTree

    def tell(words: Message) -> None:
        say(words.text(language))

    deadline = time.monotonic() + READY_WITHIN_SECONDS
    with ProcessTree(parts, environment, tell) as tree:
        if not tree.watch(until=lambda: answers(port) or time.monotonic() > deadline):
            return
        if time.monotonic() > deadline:
            raise AddressError(
                message(
                    "The application did not answer within {seconds} seconds.", seconds=READY_WITHIN_SECONDS
                ),
                message("The lines above may say why. On a slow machine, start it once more."),
            )
        say(*lines)
        if browse is not None:
            open_browser(browse)
        tree.watch()
