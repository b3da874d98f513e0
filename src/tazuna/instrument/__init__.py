"""Instruments: concept trees, scales, questions and their wordings as versioned data (調査票)."""
