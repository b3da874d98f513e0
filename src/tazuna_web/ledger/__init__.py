"""The ledger (台帳): one row an act, verbs and ids, never answers; sealed in batches by a hash chain."""
