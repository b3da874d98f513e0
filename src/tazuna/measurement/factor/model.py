"""A factor model as a table of parameters (因子モデルの母数表), with the identification that lavaan uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tazuna.language import message
from tazuna.measurement.factor.syntax import ModelSyntaxError, Modifier, Operator, Term, parse_terms

Unit = Literal["factor", "marker"]
"""What gives a factor its unit: its variance is 1 (lavaan's ``std.lv``), or its first loading is."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry of the model's matrices in one group.

    Parameters
    ----------
    left, operator, right
        As in the syntax.
    group
        From 0.
    value
        If fixed; the start otherwise, None for a computed start.
    label
        Equal labels are one value; empty where fixed.
    """

    left: str
    operator: Operator
    right: str
    group: int
    value: float | None
    label: str

    @property
    def is_free(self) -> bool:
        """Whether it is estimated."""
        return bool(self.label)


@dataclass(frozen=True, slots=True)
class FactorModel:
    """A model for one group or several.

    Parameters
    ----------
    observed
        Names of the questions, in the order in which the model names them.
    latent
        Names of the factors, those of the first order before those above them.
    parameters
        All entries that are free or fixed to something other than 0, and those fixed to 0 by the user.
    groups
        How many.
    with_means
        Whether intercepts and means of factors belong to the model.
    """

    observed: tuple[str, ...]
    latent: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    groups: int
    with_means: bool

    @property
    def free_labels(self) -> tuple[str, ...]:
        """Labels of what is estimated, each once, in the order of the table."""
        return tuple(dict.fromkeys(p.label for p in self.parameters if p.is_free))

    def indicators(self, factor: str) -> tuple[str, ...]:
        """What a factor is measured by: questions, or factors below it."""
        return tuple(
            dict.fromkeys(
                p.right for p in self.parameters if p.operator == "=~" and p.left == factor and p.group == 0
            )
        )


def parse_model(
    text: str,
    *,
    unit: Unit = "factor",
    groups: int = 1,
    with_means: bool = False,
    orthogonal: bool = False,
    ordinal: bool = False,
) -> FactorModel:
    """Read a model and complete it as lavaan's ``cfa`` does.

    Added are: a variance of every question and factor, covariances among the factors that no other explains
    (unless ``orthogonal``), intercepts of the questions where means belong to the model, and the unit of each
    factor. A factor above two others only is identified by equal loadings of the two.

    Parameters
    ----------
    text
        In lavaan's syntax.
    unit
        Of the factors.
    groups
        How many; every parameter gets a value of its own in each group unless labelled.
    with_means
        Whether intercepts are part of the model.
    orthogonal
        Whether factors are uncorrelated, as in a bifactor model.
    ordinal
        Whether the questions are standard normal variables behind ordered answers: their variance is 1, so
        that what the factors leave over is no parameter.

    Raises
    ------
    ModelSyntaxError
        A line that cannot be understood, no factor, a factor without indicators, or a modifier with a wrong
        number of groups.
    """
    terms = parse_terms(text)
    latent = _latent(terms)
    named = [name for term in terms for name in (term.left, term.right) if name]
    observed = tuple(name for name in dict.fromkeys(named) if name not in latent)
    if not latent:
        raise ModelSyntaxError(
            message("The model names no factor."),
            message("Write lines such as: autonomy =~ q1 + q2 + q3"),
        )
    for term in terms:
        if len(term.modifiers) not in (1, groups):
            raise ModelSyntaxError(
                message(
                    "{left} {operator} {right} states {found} values for {groups} groups.",
                    left=term.left,
                    operator=term.operator,
                    right=term.right,
                    found=len(term.modifiers),
                    groups=groups,
                ),
                message("State one value, or one for each group."),
            )
    parameters: list[Parameter] = []
    for group in range(groups):
        parameters += _of_group(
            terms, latent, () if ordinal else observed, group, unit, with_means, orthogonal
        )
    return FactorModel(observed, latent, tuple(parameters), groups, with_means)


def _latent(terms: Sequence[Term]) -> tuple[str, ...]:
    """Factors, lower orders first."""
    factors = tuple(dict.fromkeys(term.left for term in terms if term.operator == "=~"))
    below = {f: [t.right for t in terms if t.operator == "=~" and t.left == f] for f in factors}
    placed: list[str] = []
    while len(placed) < len(factors):
        ready = [
            f
            for f in factors
            if f not in placed and all(part not in factors or part in placed for part in below[f])
        ]
        if not ready:
            raise ModelSyntaxError(
                message("The factors measure each other in a circle."),
                message("Let each factor be measured by questions, or by factors below it."),
            )
        placed += ready
    return tuple(placed)


def _of_group(
    terms: Sequence[Term],
    latent: tuple[str, ...],
    with_variance: tuple[str, ...],
    group: int,
    unit: Unit,
    with_means: bool,
    orthogonal: bool,
) -> list[Parameter]:
    table: dict[tuple[str, Operator, str], Parameter] = {}

    def put(left: str, operator: Operator, right: str, modifier: Modifier, *, free: bool = True) -> None:
        """``free`` tells what holds where nothing was said."""
        if operator == "~~" and (right, "~~", left) in table:
            left, right = right, left
        own = f"{left}{operator}{right}" + (f"@{group}" if group else "")
        if isinstance(modifier, float):
            value, label = modifier, ""
        elif modifier is None and not free:
            value, label = (1.0 if operator in ("=~", "~~") else 0.0), ""
        else:
            value, label = None, modifier or own
        table[left, operator, right] = Parameter(left, operator, right, group, value, label)

    marked: set[str] = set()
    for term in terms:
        modifier = term.modifiers[group] if len(term.modifiers) > 1 else term.modifiers[0]
        first = term.operator == "=~" and term.left not in marked
        marked |= {term.left} if term.operator == "=~" else set()
        put(term.left, term.operator, term.right, modifier, free=not (first and unit == "marker"))
    for name in (*with_variance, *latent):
        if (name, "~~", name) not in table:
            fixed = name in latent and unit == "factor"
            put(name, "~~", name, None, free=not fixed)
    explained = {right for left, operator, right in table if operator == "=~" and right in latent}
    explained |= {left for left, operator, _ in table if operator == "~"}
    if not orthogonal:
        top = [name for name in latent if name not in explained]
        for place, left in enumerate(top):
            for right in top[place + 1 :]:
                if (left, "~~", right) not in table and (right, "~~", left) not in table:
                    put(left, "~~", right, None)
    if with_means:
        for name in with_variance:
            if (name, "~1", "") not in table:
                put(name, "~1", "", None)
    _second_order_rule(table, latent, group, unit)
    return list(table.values())


def _second_order_rule(
    table: dict[tuple[str, Operator, str], Parameter], latent: tuple[str, ...], group: int, unit: Unit
) -> None:
    """A factor above exactly two factors and correlated with no other: its two loadings are set equal.

    One covariance cannot tell two loadings. With ``marker`` both are 1, with ``factor`` both have one label.
    """
    for factor in latent:
        keys = [key for key in table if key[0] == factor and key[1] == "=~"]
        alone = not any(
            operator == "~~" and left != right and factor in (left, right) and parameter.is_free
            for (left, operator, right), parameter in table.items()
        )
        if len(keys) == 2 and alone and all(key[2] in latent for key in keys):
            for key in keys:
                one = table[key]
                if unit == "marker":
                    table[key] = Parameter(*key, group, 1.0, "")
                else:
                    same = f"{factor}=~" + (f"@{group}" if group else "")
                    table[key] = Parameter(*key, group, one.value, same)
