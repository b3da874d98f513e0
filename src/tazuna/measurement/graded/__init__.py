"""The graded response model (段階反応モデル): what ordered answers tell of a person, question by question."""
