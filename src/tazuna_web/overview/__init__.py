"""Releases and what HR, managers, executives and the secretariat see of them (概況)."""
