"""HTTP in, HTTP out: the faces and what they share."""
