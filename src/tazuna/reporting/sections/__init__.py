"""Sections: one module a part of the report, from protected cells to blocks."""
