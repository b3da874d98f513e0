"""Intake: files as companies have them become typed columns, with every fault named by line."""
