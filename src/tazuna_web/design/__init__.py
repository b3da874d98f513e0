"""The one design: tokens, style sheet, page frame, components."""
