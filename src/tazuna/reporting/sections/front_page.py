"""The first page: what an executive reads to decide."""

from __future__ import annotations

from tazuna.instrument.shipped import SHIPPED
from tazuna.reporting.content import Figure, FrontPage, Missing
from tazuna.reporting.figures.own_scales import own_scores_figure
from tazuna.reporting.figures.score import score_figure
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import whole
from tazuna.reporting.sentences import cards, decision, three_sentences


def front_page(m: Material) -> FrontPage:
    """Three sentences, the score, the largest gap and group, what is asked, who answered."""
    return FrontPage(
        sentences=three_sentences(m),
        figure=_score(m),
        cards=cards(m),
        decision=decision(m),
        facts=_facts(m),
        notes=_notes(m),
    )


def _score(m: Material) -> Figure | Missing:
    t = m.t
    return (
        score_figure(m)
        or own_scores_figure(m)
        or Missing(
            t("The management score is missing."),
            t("Without it the views of executives, HR, managers and employees cannot be compared."),
            t(
                "Ask the nine questions of the management score; a score is shown from {k} answers. The "
                "company side answers in the table company_answers.",
                k=m.k,
            ),
        )
    )


def _facts(m: Material) -> tuple[tuple[str, str], ...]:
    t = m.t
    rate = m.cells.at("response_rate")
    facts = [(t("Wave"), m.wave.label or "–")]
    if rate is not None and rate.n is not None and rate.mean is not None:
        answered = round(rate.n * rate.mean / 100)
        facts.append((t("Asked"), t("{n} people", n=f"{rate.n:,}")))
        facts.append((t("Answered"), t("{n} people", n=f"{answered:,}")))
        facts.append((t("Response rate"), t("{value}%", value=whole(rate.mean))))
    else:
        answers = next(
            (c.n for s in ("ms", "co") if (c := m.cells.at(s)) is not None and c.n is not None), None
        )
        untold = t("not shown, for protection")
        facts.append((t("Answered"), untold if answers is None else t("{n} people", n=f"{answers:,}")))
    facts.append((t("Shown from"), t("{k} answers", k=m.k)))
    return tuple(facts)


def _notes(m: Material) -> tuple[str, ...]:
    t = m.t
    notes = [t("[ ] = 95% interval. Differences are computed before rounding. Nothing here shows causes.")]
    if _asks_own_wording(m):
        notes.append(t("The questions are Tazuna's own wording, not yet validated."))
    set_aside = sum((m.study.set_aside or {}).values())
    emptied = sum((m.study.emptied or {}).values())
    if set_aside or emptied:
        notes.append(
            t(
                "Faulty input was skipped: {rows} rows set aside, {cells} cells emptied (see the annex).",
                rows=f"{set_aside:,}",
                cells=f"{emptied:,}",
            )
        )
    return tuple(notes)


def _asks_own_wording(m: Material) -> bool:
    """Whether a shipped instrument was asked; a study without any figure is taken to mean to."""
    shipped = [i for i in m.study.instruments if i.id in SHIPPED]
    loaded = len(shipped) < len(m.study.instruments)
    return not loaded or any(m.cells.at(scale) is not None for i in shipped for scale in i.scales)
