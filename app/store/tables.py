"""The tables, as data: what must outlive a request.

No column holds a secret of an end user, nor a hash, HMAC or length of one: nothing here helps
whoever steals the file. Times are seconds since 1970. How rows are read and written is the
business of the query files; how the tables come to be is migrations'.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

# Named by rule, so that a later migration can drop what an earlier one made, on any database.
metadata = MetaData(
    naming_convention={
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

session = Table(
    "session",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("host_id", String(64), nullable=False),
    Column("end_user_id", Text, nullable=False),
    Column("end_user_name", Text),
    Column("end_user_email", Text),
    Column("types", JSON(none_as_null=True)),
    Column("origins", JSON, nullable=False),
    Column("connection_id", String(40)),
    Column("prefill", JSON, nullable=False),
    Column("upstream", JSON, nullable=False),
    Column("name", Text),
    Column("locale", String(35)),
    Column("theme", JSON(none_as_null=True)),
    Column("return_url", Text),
    Column("details", JSON, nullable=False),
    Column("expires_in", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("opens_until", Float, nullable=False),
    Column("form_until", Float),
    Column("opened_as", String(8)),
    Column("exchange", Integer, nullable=False),
    Column("launched", Boolean, nullable=False),
    Column("submit", Integer, nullable=False),
    Column("submit_state", String(10)),
    Column("submit_owner", String(40)),
    Column("submit_until", Float),
    Column("outcome", JSON(none_as_null=True)),
    Column("published_id", String(40)),
    Column("completed_at", Float),
    Column("revoked_at", Float),
    Index("ix_session_end_user", "host_id", "end_user_id"),
    Index(
        "ix_session_working",
        "submit_until",
        sqlite_where=text("submit_state IN ('checking', 'saving')"),
        postgresql_where=text("submit_state IN ('checking', 'saving')"),
    ),
)

_LIVE = text("state IN ('SENDING', 'UNKNOWN', 'AWAITING_CONSENT', 'COMMITTED')")

attempt = Table(
    "attempt",
    metadata,
    Column("marker", String(40), primary_key=True),
    Column("host_id", String(64), nullable=False),
    Column("session_id", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("type", String(64), nullable=False),
    Column("method", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("document_type", String(32)),
    Column("owner", String(40), nullable=False),
    Column("send_until", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("changed_at", Float, nullable=False),
    Column("integrator_id", String(64)),
    Index("ix_attempt_state", "state", "changed_at"),
    # At any instant at most one attempt of a session may be on its way or have made it.
    Index("uq_attempt_live", "session_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
)

connection = Table(
    "connection",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("host_id", String(64), nullable=False),
    Column("integrator_id", String(64), nullable=False),
    Column("end_user_id", Text, nullable=False),
    Column("type", String(64), nullable=False),
    Column("method", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("marker", String(40)),
    Column("session_id", String(40)),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    UniqueConstraint("integrator_id"),
    Index("ix_connection_page", "host_id", "created_at", "id"),
    Index("ix_connection_end_user", "host_id", "end_user_id", "created_at", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("host_id", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Column("action", String(64), nullable=False),
    Column("actor", Text, nullable=False),
    Column("end_user_id", Text),
    Column("session_id", String(40)),
    Column("connection_id", String(40)),
    Column("marker", String(40)),
    Column("codes", JSON, nullable=False),
    Index("ix_audit_at", "host_id", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("host_id", String(64), nullable=False),
    Column("type", String(64), nullable=False),
    Column("data", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("delivered_at", Float),
    Index(
        "ix_outbox_due",
        "due_at",
        sqlite_where=text("delivered_at IS NULL"),
        postgresql_where=text("delivered_at IS NULL"),
    ),
)

host_key = Table(
    "host_key",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("host_id", String(64), nullable=False),
    Column("prefix", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("revoked_at", Float),
    UniqueConstraint("digest"),
)

operator = Table(
    "operator",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("host_id", String(64), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
)

# The one table without a host: a lease is held by a process, which works for all of them.
lease = Table(
    "lease",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("until", Float, nullable=False),
)
