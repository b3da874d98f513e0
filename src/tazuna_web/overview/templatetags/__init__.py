"""What the overview's templates need beyond Django's own tags."""
