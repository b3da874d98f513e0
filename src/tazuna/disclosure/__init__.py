"""Disclosure control: the one door through which a group figure leaves."""
