"""Every credential of the demo, in one place: what works, and what provokes a particular refusal.

All are made up and public. docs/sandbox.md lists the same; a test compares the two.
"""

from dataclasses import dataclass

from sandbox.integrator.reach import netsuite

# What a person types, by connection type and field. The SFTP key is made at each start.
WORKING: dict[str, dict[str, str]] = {
    "http-basic": {
        "base_url": "http://api.orchard.example",
        "ping_path": "/v1/me",
        "username": "enzo@larkfield.example",
        "password": "demo-orchard-password",
    },
    "http-token": {
        "base_url": "http://api.orchard.example",
        "ping_path": "/v1/whoami",
        "token": "demo-orchard-token",
        "header_name": "Authorization",
        "scheme": "Bearer",
        "param_name": "api_key",
    },
    "slack": {"token": "xoxb-demo-larkfield"},
    "shopify": {
        "store": "larkfield-demo",
        "version": "2026-10",
        "token": "shpat_demo_larkfield",
        "api_key": "demo-private-app-key",
        "password": "shppa_demo_larkfield",
    },
    "zendesk": {
        "subdomain": "larkfield-demo",
        "email": "enzo@larkfield.example",
        "token": "demo-zendesk-api-token",
    },
    "stripe": {"secret_key": "sk_test_demo_larkfield"},
    "postgresql": {
        "host": "db.larkfield.example",
        "port": "5432",
        "database": "bookkeeping",
        "user": "larkfield",
        "password": "demo-postgresql-password",
    },
    "sftp": {
        "host": "sftp.larkfield.example",
        "port": "22",
        "username": "larkfield",
        "password": "demo-sftp-password",
    },
    "ftp": {
        "host": "ftp.larkfield.example",
        "port": "21",
        "username": "larkfield",
        "password": "demo-ftp-password",
        "encryption": "explicit",
    },
    "netsuite": {
        "account": "TSTDRV7654321",
        "environment": "production",
        "token_id": netsuite.TOKEN_ID,
        "token_secret": netsuite.TOKEN_SECRET,
    },
}


@dataclass(frozen=True)
class Special:
    """One value that, put in place of the working one, has a particular effect."""

    connection_type: str
    field: str
    value: str
    effect: str


# Seconds that the slow credential waits: longer than a submit may take, shorter than a ping may.
SLOW_SECONDS = 25.0

SPECIAL = (
    Special("http-basic", "password", "demo-orchard-forbidden", "403: known, but not allowed"),
    Special("http-basic", "password", "demo-orchard-limited", "429 with Retry-After"),
    Special("http-basic", "password", "demo-orchard-maintenance", "503"),
    Special("http-basic", "password", "demo-orchard-gateway", "502 with an HTML page"),
    Special("http-basic", "password", "demo-orchard-slow", "works, after 25 s"),
    Special("http-token", "token", "demo-orchard-forbidden", "403: known, but not allowed"),
    Special("http-token", "token", "demo-orchard-limited", "429 with Retry-After"),
    Special("http-token", "token", "demo-orchard-maintenance", "503"),
    Special("http-token", "token", "demo-orchard-gateway", "502 with an HTML page"),
    Special("http-token", "token", "demo-orchard-slow", "works, after 25 s"),
    Special("shopify", "token", "shpat_demo_without_scopes", "works; 403 on orders.json"),
    Special("shopify", "token", "shpat_demo_limited", "429"),
    Special("shopify", "store", "larkfield-frozen", "402: the shop is frozen"),
    Special("shopify", "store", "larkfield-closed", "403: the shop is unavailable"),
    Special("shopify", "store", "larkfield-locked", "423: the shop is locked"),
    Special("slack", "token", "xoxb-demo-revoked", "200 with token_revoked"),
    Special("slack", "token", "xoxb-demo-inactive", "200 with account_inactive"),
    Special("slack", "token", "xoxb-demo-limited", "429 with Retry-After"),
    Special("slack", "token", "xoxb-demo-classic", "works, in the query string as well"),
    Special("zendesk", "email", "customer@larkfield.example", "works; 403 on users.json"),
    Special("zendesk", "token", "demo-zendesk-limited", "429 with Retry-After"),
    Special("stripe", "secret_key", "rk_test_demo_charges", "403: may not read the balance"),
    Special("stripe", "secret_key", "rk_test_demo_balance", "works; 403 on charges"),
    Special("stripe", "secret_key", "pk_test_demo_larkfield", "403: a publishable key"),
    Special("stripe", "secret_key", "sk_test_demo_expired", "401 with api_key_expired"),
    Special("stripe", "secret_key", "sk_test_demo_limited", "429"),
    Special("postgresql", "user", "larkfield_suspended", "28000: may not log in"),
    Special("postgresql", "user", "larkfield_outsider", "42501: no right to the database"),
    Special("postgresql", "user", "larkfield_full", "53300: too many connections"),
    Special("postgresql", "user", "larkfield_tls", "28000 unless TLS is used"),
    Special("postgresql", "user", "larkfield_cert", "28000 without a client certificate"),
    Special("ftp", "username", "larkfield_tls", "530 unless TLS is used"),
    Special("ftp", "username", "larkfield_locked", "530: the account is locked"),
    *(
        Special("netsuite", "token_id", token_id, code)
        for token_id, (code, _) in netsuite.SPECIAL_TOKEN_IDS.items()
    ),
)

# Host names that stand for a fault of the network, for whatever asks for a host.
FAULTY_NAMES = {
    "silent.larkfield.example": "accepts and never says a word: ETIMEDOUT",
    "expired.orchard.example": "CERT_HAS_EXPIRED",
    "untrusted.orchard.example": "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "other.orchard.example": "ERR_TLS_CERT_ALTNAME_INVALID",
}
