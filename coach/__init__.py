"""The career coach: library, pipeline, service. Nothing happens at import; `coach.app.build_coach` wires it."""
