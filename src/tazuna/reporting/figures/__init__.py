"""Figures: one module a subject, each from protected cells to a Vega-Lite specification with its table."""
