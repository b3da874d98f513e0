"""Transitions (移行) of people between groups, against what error alone would bring about."""
