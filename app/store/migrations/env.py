"""How Alembic runs our steps: on the connection that schema.py opened, inside its transaction."""

from alembic import context

from app.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can undo CREATE TABLE; Alembic does not count on it unless told so.
    transactional_ddl=True,
)
context.run_migrations()
