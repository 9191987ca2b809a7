"""What Keyhatch is measured against: short programs, each set up at its best."""
