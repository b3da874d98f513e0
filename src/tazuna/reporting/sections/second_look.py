"""The section that looks a second time: do groups, moves, dips and answers bear what is read into them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tazuna.language import Message, message
from tazuna.measurement.classes.replication import Verdict as ClassVerdict
from tazuna.measurement.dip.finding import DipFinding
from tazuna.measurement.dip.finding import Verdict as DipVerdict
from tazuna.measurement.second_look import CarelessLook, ClassLook, MoveLook, SecondLook
from tazuna.reporting.content import Block, Items, Missing, Paragraph, Part, Section
from tazuna.reporting.material import Material

_AFTER = "reliability"
_CLASSES: Mapping[ClassVerdict, Message] = {
    "replicated": message("They came out again in held-out halves."),
    "not_replicated": message("They did not come out again in held-out halves: do not name them as groups."),
    "small_class": message("One holds fewer than 5% of the people: do not name them as groups."),
    "one_class": message("The answers do not fall into groups by themselves."),
}
_DIPS: Mapping[DipVerdict, Message] = {
    "none_found": message("no dip found; one of {smallest} points or more would probably have been seen"),
    "dip": message("a dip around {age}; the questions work alike at all ages"),
    "dip_without_differing": message(
        "a dip around {age}, also without the questions that work differently by age"
    ),
    "artefact": message(
        "a dip around {age} that disappears without the questions that work differently by age"
    ),
    "unchecked": message(
        "the mean falls and rises around {age}, but whether the questions work alike at all ages could not "
        "be checked: no dip is claimed"
    ),
}


def with_second_look(part: Part, m: Material, look: SecondLook | None) -> Part:
    """The part with the section after that on reliability; unchanged where nobody looked."""
    if look is None:
        return part
    section = Section("second-look", m.t("A second look at groups and answers"), second_look_blocks(m, look))
    place = next((at + 1 for at, known in enumerate(part.sections) if known.code == _AFTER), 0)
    return replace(part, sections=(*part.sections[:place], section, *part.sections[place:]))


def second_look_blocks(m: Material, look: SecondLook) -> tuple[Block, ...]:
    """One statement a question, or what is missing."""
    t = m.t
    entries = [
        *([] if look.classes is None else [(t("Groups in the answers"), _classes(m, look.classes))]),
        *((t("Moves between waves"), _moves(m, move)) for move in look.moves),
        *((t("Dip by age"), _dip(m, code, found)) for code, found in look.dips.items()),
        *([] if look.contribution is None else [(t("Contribution and profile"), _contribution(m, look))]),
        *([] if look.careless is None else [(t("Careless answers"), _careless(m, look.careless))]),
    ]
    if not entries:
        return (
            Missing(
                t("There are too few answers for a second look."),
                t("It says whether groups, moves and dips are more than chance and error."),
                t("At least 200 people, ages, a second wave or contribution make the parts of it possible."),
            ),
        )
    note = t(
        "These statements are about everybody in the organisation; {wave}.", wave=m.wave_label(look.wave)
    )
    return (Items(tuple(entries)), Paragraph(note, "note"))


def _classes(m: Material, look: ClassLook) -> str:
    t = m.t
    verdict = t(_CLASSES[look.verdict].template)
    if look.verdict == "one_class":
        return verdict
    found = t(
        "Without the rules the answers of {n} people fall into {count} latent classes.",
        n=f"{look.n:,}",
        count=look.count,
    )
    agreement = t(
        "Agreement with the rules (1 = the same, 0 = by chance): layers {layer}, unmoved groups {unmoved}.",
        layer=f"{look.agreement['layer']:.2f}",
        unmoved=f"{look.agreement['unmoved']:.2f}",
    )
    return _joined(m, found, verdict, agreement)


def _moves(m: Material, look: MoveLook) -> str:
    t = m.t
    ruling = t("layer") if look.ruling == "layer" else t("unmoved group")
    seen = t(
        "Of {n} people {moved}% are in another {ruling} than a wave before. If nobody had changed it would "
        "be {expected}%, at an assumed retest reliability of {retest} (difference {lower} to {upper} "
        "points).",
        n=f"{look.n:,}",
        moved=f"{look.moved:.0f}",
        ruling=ruling,
        expected=f"{look.expected:.0f}",
        retest=f"{look.retest:.2f}",
        lower=f"{look.lower:.0f}",
        upper=f"{look.upper:.0f}",
    )
    explained = t(
        "At a reliability of {explained} or less error alone explains it; single questions often have .25 to "
        ".55.",
        explained=f"{look.explained_at:.2f}",
    )
    return _joined(m, seen, explained)


def _dip(m: Material, code: str, found: DipFinding) -> str:
    t = m.t
    finding = t(
        _DIPS[found.verdict].template,
        age=f"{found.test.age:.0f}",
        smallest=f"{found.test.smallest_found:.0f}",
    )
    return t("{scale}: {finding} (n = {n}).", scale=m.scale(code), finding=finding, n=f"{found.test.n:,}")


def _contribution(m: Material, look: SecondLook) -> str:
    link = look.contribution
    assert link is not None
    return m.t(
        "Correlation {observed} (95% interval {lower} to {upper}, n = {n}); corrected for unreliable scores "
        "{corrected} ({corrected_lower} to {corrected_upper}), and also for ratings, at an assumed "
        "reliability of {rating}, {both} ({both_lower} to {both_upper}). A correlation is no cause.",
        observed=f"{link.observed.value:.2f}",
        lower=f"{link.observed.lower:.2f}",
        upper=f"{link.observed.upper:.2f}",
        n=f"{link.n:,}",
        corrected=f"{link.corrected_for_score.value:.2f}",
        corrected_lower=f"{link.corrected_for_score.lower:.2f}",
        corrected_upper=f"{link.corrected_for_score.upper:.2f}",
        rating=f"{link.reliability_of_contribution:.2f}",
        both=f"{link.corrected_for_both.value:.2f}",
        both_lower=f"{link.corrected_for_both.lower:.2f}",
        both_upper=f"{link.corrected_for_both.upper:.2f}",
    )


def _careless(m: Material, look: CarelessLook) -> str:
    t = m.t
    if look.flagged is None:
        return t("Of {n} people fewer than {k} are flagged; nobody is left out.", n=f"{look.judged:,}", k=m.k)
    told = t(
        "Of {n} people {percent}% are flagged ({lower} to {upper}%; rules version {version}); nobody is left "
        "out.",
        n=f"{look.judged:,}",
        percent=f"{look.flagged.percent:.1f}",
        lower=f"{look.flagged.lower:.1f}",
        upper=f"{look.flagged.upper:.1f}",
        version=look.rules_version,
    )
    change = look.largest_change
    if change is None:
        return told
    without = t(
        "Without them the largest change of any figure of the whole organisation is {change} points.",
        change=f"{abs(change.change):.1f}",
    )
    return _joined(m, told, without)


def _joined(m: Material, *sentences: str) -> str:
    return (" " if m.language == "en" else "").join(sentences)
