"""Larkfield Books: a small host product, to see Keyhatch in and to test it from the outside."""
