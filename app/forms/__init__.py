"""The form as a value. Pure: no network, clock, environment, files or framework."""
