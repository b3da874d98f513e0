"""Organisations and departments (組織): who is answerable for a row."""
