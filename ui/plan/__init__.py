"""The development plan: board, timeline, check-in, reviews, versions, files."""
