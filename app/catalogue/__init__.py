"""What can be connected: connection types as data, read and checked once at start."""
