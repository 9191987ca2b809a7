"""Turns what a Python driver raises into the word and sentence that Node.js would give for it.

integrator.io runs on Node, so these are the codes that reach a client of its API. The codes of a
sign-in (SQLSTATE, FTP reply) belong to the drivers.
"""

import errno
import ssl
from collections.abc import Iterator

from sandbox.integrator.reach.problem import Unreachable

# OpenSSL's verify codes with the names and sentences that Node has for them
# (https://nodejs.org/api/tls.html#x509-certificate-error-codes).
_CERTIFICATE = {
    9: ("CERT_NOT_YET_VALID", "certificate is not yet valid"),
    10: ("CERT_HAS_EXPIRED", "certificate has expired"),
    18: ("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
    19: ("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"),
    # Node goes on after OpenSSL's 20 and reports what it then finds at the end of the chain: 21.
    20: ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
    21: ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
}
_WRONG_NAME = {62, 64}  # host name mismatch, address mismatch


def unreachable(
    error: BaseException, address: tuple[str, int], name: str, source: str = ""
) -> Unreachable:
    """Name the network failure behind `error`.

    `address` is where we connected to, `name` what the document calls it.
    """
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, name, source)
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return _cut_handshake(source)
        if isinstance(cause, ssl.SSLError):
            return Unreachable("EPROTO", f"write EPROTO {_reason(cause)}", source)
        if isinstance(cause, TimeoutError):
            return timed_out(address, source)
        if isinstance(cause, OSError):
            return _socket(cause, address, source)
    return Unreachable("ECONNRESET", "socket hang up", source)


def timed_out(address: tuple[str, int], source: str = "") -> Unreachable:
    """Nothing, or not enough, came in time."""
    return Unreachable("ETIMEDOUT", f"connect ETIMEDOUT {address[0]}:{address[1]}", source)


def _causes(error: BaseException) -> Iterator[BaseException]:
    # Innermost first: the outer ones are the libraries' own words for the same thing.
    inner = error.__cause__ or error.__context__
    if inner is not None:
        yield from _causes(inner)
    yield error


def _certificate(error: ssl.SSLCertVerificationError, name: str, source: str) -> Unreachable:
    if error.verify_code in _WRONG_NAME:
        message = (
            "Hostname/IP does not match certificate's altnames: "
            f"Host: {name}. is not in the cert's altnames"
        )
        return Unreachable("ERR_TLS_CERT_ALTNAME_INVALID", message, source)
    known = _CERTIFICATE.get(error.verify_code)
    code, message = known or ("CERT_UNTRUSTED", error.verify_message)
    return Unreachable(code, message, source)


def _cut_handshake(source: str) -> Unreachable:
    message = "Client network socket disconnected before secure TLS connection was established"
    return Unreachable("ECONNRESET", message, source)


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or "unknown error").replace("_", " ").lower()


def _socket(error: OSError, address: tuple[str, int], source: str) -> Unreachable:
    code = errno.errorcode.get(error.errno or 0, "ECONNRESET")
    if code in ("ECONNRESET", "EPIPE"):
        return Unreachable("ECONNRESET", "read ECONNRESET", source)
    return Unreachable(code, f"connect {code} {address[0]}:{address[1]}", source)
