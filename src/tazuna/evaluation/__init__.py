"""Evaluation (評価): what worked, by how much and how surely, and what cannot be said."""
