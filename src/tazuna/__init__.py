"""Tazuna (手綱): see, grow, connect, verify and publish career ownership."""

__version__ = "0.1.0"
