"""Open comments (自由記述): topics and a few masked examples, an aid to reading and not a result."""
