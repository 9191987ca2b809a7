"""The outside world, for development and tests. Imports nothing of app, so a green test counts."""
