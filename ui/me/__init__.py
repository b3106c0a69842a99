"""Where a person stands: stage, levels, what they told, the assessment, their data."""
