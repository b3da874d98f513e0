"""Rung A: places given by a draw with known chances."""
