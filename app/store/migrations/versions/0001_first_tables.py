"""The first tables. A released step is never edited; tables.py shows where all of them lead."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table that keeps sessions, attempts and connections."""
    op.create_table(
        "attempt",
        sa.Column("marker", sa.String(length=40), nullable=False),
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document_type", sa.String(length=32), nullable=True),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("send_until", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.Column("integrator_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("marker", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_state", "attempt", ["state", "changed_at"], unique=False)
    op.create_index(
        "uq_attempt_live",
        "attempt",
        ["session_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('SENDING', 'UNKNOWN', 'AWAITING_CONSENT', 'COMMITTED')"),
        postgresql_where=sa.text(
            "state IN ('SENDING', 'UNKNOWN', 'AWAITING_CONSENT', 'COMMITTED')"
        ),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("end_user_id", sa.Text(), nullable=True),
        sa.Column("session_id", sa.String(length=40), nullable=True),
        sa.Column("connection_id", sa.String(length=40), nullable=True),
        sa.Column("marker", sa.String(length=40), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["host_id", "at"], unique=False)
    op.create_table(
        "connection",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("integrator_id", sa.String(length=64), nullable=False),
        sa.Column("end_user_id", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("marker", sa.String(length=40), nullable=True),
        sa.Column("session_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("integrator_id", name=op.f("uq_connection_integrator_id")),
    )
    op.create_index(
        "ix_connection_end_user",
        "connection",
        ["host_id", "end_user_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_connection_page", "connection", ["host_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "host_key",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("revoked_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_host_key_digest")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "operator",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_operator")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("end_user_id", sa.Text(), nullable=False),
        sa.Column("end_user_name", sa.Text(), nullable=True),
        sa.Column("end_user_email", sa.Text(), nullable=True),
        sa.Column("types", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("connection_id", sa.String(length=40), nullable=True),
        sa.Column("prefill", sa.JSON(), nullable=False),
        sa.Column("upstream", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("locale", sa.String(length=35), nullable=True),
        sa.Column("theme", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("return_url", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("expires_in", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("opens_until", sa.Float(), nullable=False),
        sa.Column("form_until", sa.Float(), nullable=True),
        sa.Column("opened_as", sa.String(length=8), nullable=True),
        sa.Column("exchange", sa.Integer(), nullable=False),
        sa.Column("launched", sa.Boolean(), nullable=False),
        sa.Column("submit", sa.Integer(), nullable=False),
        sa.Column("submit_state", sa.String(length=10), nullable=True),
        sa.Column("submit_owner", sa.String(length=40), nullable=True),
        sa.Column("submit_until", sa.Float(), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("published_id", sa.String(length=40), nullable=True),
        sa.Column("completed_at", sa.Float(), nullable=True),
        sa.Column("revoked_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index("ix_session_end_user", "session", ["host_id", "end_user_id"], unique=False)
    op.create_index(
        "ix_session_working",
        "session",
        ["submit_until"],
        unique=False,
        sqlite_where=sa.text("submit_state IN ('checking', 'saving')"),
        postgresql_where=sa.text("submit_state IN ('checking', 'saving')"),
    )
