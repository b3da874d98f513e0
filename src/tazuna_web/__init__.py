"""The application: translates between people and the analysis core, and holds no statistics."""
