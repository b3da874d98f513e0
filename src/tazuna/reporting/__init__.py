"""Reporting: protected figures become pages that people decide from."""
