"""``tazuna worker``: the background work of an installation for production."""

from __future__ import annotations

from typing import Literal

from tazuna.commands.console import say
from tazuna.language import Language, chosen_language, translator


def worker(*, lang: Literal["ja", "en"] | None = None) -> int:
    """Do the background work of the application for production; run one or more of them beside tazuna serve.

    It needs the same environment. A worker that is killed loses nothing: another one takes its task over.

    Parameters
    ----------
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna_web.jobs.working import work
    from tazuna_web.site.installation import set_up

    language: Language = lang or chosen_language()
    set_up()
    say(translator(language)("Working. Ctrl-C ends it after the task at hand."))
    work()
    return 0
