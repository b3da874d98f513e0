"""Careless answers (不注意回答): flagged by rule data, reported, and never silently dropped."""
