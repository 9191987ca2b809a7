"""Limits: who may do how much, and how many at once."""
