"""Real services to connect to; each file is one service, from its vendor's documentation."""
