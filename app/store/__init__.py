"""What must outlive a request, never a secret; the only importer of SQLAlchemy and drivers."""
