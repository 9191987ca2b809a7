"""Making a connection: sessions, the submit, its journal, and the proof that the host gets."""
