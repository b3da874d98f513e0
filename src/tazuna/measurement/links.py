"""What connects the tables of a study beyond their labels, for the protection of group figures."""

from __future__ import annotations

from tazuna.disclosure.pooling import Pools
from tazuna.disclosure.relations import Links
from tazuna.measurement.group_rules import GroupRules
from tazuna.study import Study


def links_of(study: Study, rules: GroupRules, pools: Pools) -> Links:
    """The tree of organisations, the pools, and the questions whose answers tell how many are in a group."""
    organisations = study.tables["organisations"]
    parents: dict[str, str] = {}
    if "parent_id" in organisations.columns:
        parents = dict(organisations.select("organisation_id", "parent_id").drop_nulls().rows())
    deciding = {ruling: _deciding(rules, ruling) for ruling in rules.rulings}
    return Links(parents=parents, pools=pools, deciding=deciding)


def _deciding(rules: GroupRules, ruling: str) -> tuple[str, ...]:
    """Questions of which one answer alone puts a person in a group of the ruling."""
    alone = [next(iter(rule.when)) for rule in rules.rulings[ruling] if len(rule.when) == 1]
    readings = (rules.readings[name] for name in alone if name in rules.readings)
    return tuple(dict.fromkeys(reading.question for reading in readings if reading.question))
