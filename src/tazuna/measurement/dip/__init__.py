"""A dip (谷) in the age curve: tested, not assumed, and only after a look for artefacts."""
