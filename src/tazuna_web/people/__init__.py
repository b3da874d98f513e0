"""People (人) as an organisation knows them, and as they were when a wave opened."""
