"""Which fields integrator.io masks on read, per type, and the mask itself; documents stores.

Not masked there: user names, access key ids, all of `unencrypted`, the body of a cookie login.
"""

from collections.abc import Iterator
from copy import deepcopy

from sandbox.integrator.paths import ABSENT, Document, leaves, read, write

MASK = "******"

SECRETS: dict[str, tuple[str, ...]] = {
    "http": (
        # One string for the whole object: a reader does not even learn the names in it.
        "http.encrypted",
        "http.auth.basic.password",
        "http.auth.token.token",
        "http.auth.token.refreshToken",
        "http.auth.oauth.clientSecret",
        "http.auth.oauth.password",
        "http.auth.oauth.pkceCodeVerifier",
        "http.auth.oauth.oauth1.consumerSecret",
        "http.auth.oauth.oauth1.consumerPrivateKey",
        "http.auth.oauth.oauth1.accessToken",
        "http.auth.oauth.oauth1.tokenSecret",
        "http.auth.jwt.secret",
        "http.auth.jwt.privateKey",
        "http.auth.jwt.token",
        "http.clientCertificates.key",
        "http.clientCertificates.pfx",
        "http.clientCertificates.passphrase",
    ),
    "rest": (
        "rest.encrypted",
        "rest.bearerToken",
        "rest.refreshToken",
        "rest.basicAuth.password",
        "rest.oauth.clientSecret",
        "rest.oauth.password",
        "rest.oauth.oauth1.consumerSecret",
        "rest.oauth.oauth1.consumerPrivateKey",
        "rest.oauth.oauth1.accessToken",
        "rest.oauth.oauth1.tokenSecret",
    ),
    "netsuite": ("netsuite.tokenId", "netsuite.tokenSecret", "netsuite.password"),
    "salesforce": ("salesforce.bearerToken", "salesforce.refreshToken"),
    "ftp": (
        "ftp.password",
        "ftp.authKey",
        "ftp.pgpEncryptKey",
        "ftp.pgpDecryptKey",
        "ftp.pgpPassphrase",
    ),
    "s3": ("s3.secretAccessKey",),
    "dynamodb": ("dynamodb.aws.secretAccessKey",),
    "mongodb": ("mongodb.password",),
    "rdbms": (
        "rdbms.password",
        "rdbms.key",
        "rdbms.passphrase",
        "rdbms.ssl.ca",
        "rdbms.ssl.key",
        "rdbms.ssl.cert",
        "rdbms.ssl.passphrase",
        "rdbms.bigquery.privateKey",
        "rdbms.redshift.aws.secretAccessKey",
    ),
    "jdbc": ("jdbc.password", "jdbc.wallet"),
    "as2": (
        "as2.encrypted.userPrivateKey",
        "as2.partnerStationInfo.auth.basic.password",
        "as2.partnerStationInfo.auth.token.token",
    ),
    "mcp": ("mcp.http.encrypted", "mcp.http.auth.token.token"),
    "wrapper": ("wrapper.encrypted",),
}
OF_EVERY_TYPE = (
    "pgp.privateKey",
    "pgp.passphrase",
    "ssl.ca",
    "ssl.key",
    "ssl.cert",
    "ssl.passphrase",
)


def secret_paths(document: Document) -> tuple[str, ...]:
    """The masked paths of this document's type, whether filled in or not."""
    return SECRETS.get(str(document.get("type")), ()) + OF_EVERY_TYPE


def masked(document: Document) -> Document:
    """The document as every read shows it."""
    shown = deepcopy(document)
    for path in secret_paths(document):
        if read(shown, path) is not ABSENT:
            write(shown, path, MASK)
    return shown


def secret_values(document: Document) -> Iterator[str]:
    """Every secret text in the document, for whoever must strike them out of a log."""
    for path in secret_paths(document):
        for _, value in leaves(read(document, path)):
            if isinstance(value, str) and value and value != MASK:
                yield value


def stored_masks(document: Document) -> list[str]:
    """The paths at which a mask would be stored as if it were a credential."""
    return [path for path, value in leaves(document) if value == MASK]


def keep_old_values(document: Document, old: Document) -> None:
    """Read a mask as `unchanged`: put the old value back at each secret path that holds one."""
    for path in secret_paths(document):
        before = read(old, path)
        if read(document, path) == MASK and before is not ABSENT:
            write(document, path, before)
