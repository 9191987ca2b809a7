"""The form as a value. Pure: values in, values out; no network, clock, environment, files or framework."""
