"""What Keyhatch costs beside its peers, measured here and now on loopback; `./x bench` runs it."""
