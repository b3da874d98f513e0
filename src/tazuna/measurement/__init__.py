"""Measurement: answers become scores, groups, gaps and curves."""
