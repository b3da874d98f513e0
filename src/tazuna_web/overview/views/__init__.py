"""The pages of the overview, one module a reader or a kind of file."""
