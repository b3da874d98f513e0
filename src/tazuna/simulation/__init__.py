"""Simulation: a synthetic consortium whose true effects are known."""
