"""Real services to connect to; each file is one service, written from its vendor's documentation."""
