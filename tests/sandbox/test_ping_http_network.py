"""What is in the way of an HTTP ping gets the code that Node has for it: names, sockets, TLS."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.problem import Problem
from sandbox.serve import serve
from sandbox.targets.certificates import Authority
from sandbox.targets.orchard import create_orchard
from sandbox.targets.running import Targets
from tests.sandbox.attempts import basic, only_problem

pytestmark = pytest.mark.anyio


async def test_an_unknown_name_is_not_found_and_nobody_is_asked(targets: Targets) -> None:
    problem = await only_problem(basic("http://nosuch.orchard.example"), targets.zone)

    assert problem == Problem("ENOTFOUND", "getaddrinfo ENOTFOUND nosuch.orchard.example", "")


async def test_a_closed_port_refuses(targets: Targets, closed_port: int) -> None:
    problem = await only_problem(basic(f"http://localhost:{closed_port}"), targets.zone)

    assert problem.code == "ECONNREFUSED"
    assert problem.message == f"connect ECONNREFUSED 127.0.0.1:{closed_port}"


async def test_an_address_of_another_machine_is_out_of_reach(targets: Targets) -> None:
    problem = await only_problem(basic("http://192.0.2.1"), targets.zone)

    assert problem.code == "EHOSTUNREACH"


async def test_a_silent_server_times_out(targets: Targets) -> None:
    problem = await only_problem(basic("http://silent.larkfield.example"), targets.zone, 0.3)

    assert problem.code == "ETIMEDOUT"


async def test_a_server_that_hangs_up_resets(targets: Targets) -> None:
    with impolite_server(b"") as port:
        problem = await only_problem(basic(f"http://localhost:{port}"), targets.zone)

    assert (problem.code, problem.message) == ("ECONNRESET", "socket hang up")


async def test_a_server_of_another_protocol_is_noticed(targets: Targets) -> None:
    with impolite_server(b"220 Mail ready\r\n\r\n") as port:
        problem = await only_problem(basic(f"http://localhost:{port}"), targets.zone)

    assert problem.code == "HPE_INVALID_CONSTANT"


@pytest.mark.parametrize(
    "base", ["api.orchard.example", "ftp://api.orchard.example", "http://", ""]
)
async def test_an_address_that_is_none_is_called_invalid(targets: Targets, base: str) -> None:
    assert (await only_problem(basic(base), targets.zone)).code == "ERR_INVALID_URL"


async def test_tls_is_checked_against_the_name_in_the_document(targets: Targets) -> None:
    assert await try_connection(basic("https://api.orchard.example"), targets.zone) == []


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("expired", "CERT_HAS_EXPIRED"),
        ("untrusted", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
        ("other", "ERR_TLS_CERT_ALTNAME_INVALID"),
    ],
)
async def test_a_bad_certificate_is_refused_unless_the_document_allows_it(
    targets: Targets, host: str, code: str
) -> None:
    strict = basic(f"https://{host}.orchard.example")
    relaxed = basic(f"https://{host}.orchard.example")
    relaxed["http"]["disableStrictSSL"] = True

    assert (await only_problem(strict, targets.zone)).code == code
    after = await try_connection(relaxed, targets.zone)
    # The vendors' port does not serve the strange name, but TLS itself went through.
    assert after == [] or after[0].code == 421


async def test_a_document_may_bring_its_own_authority(targets: Targets, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    issued = authority.issue("own", "localhost")
    served = serve(create_orchard(), tls=(issued.chain, issued.key))
    document = basic(f"https://localhost:{served.port}")
    document["http"]["clientCertificates"] = {"ca": authority.ca_file.read_text()}

    problems = await try_connection(document, targets.zone)
    served.stop()

    assert problems == []


async def test_tls_spoken_to_a_plain_server_is_a_protocol_error(targets: Targets) -> None:
    document = basic(f"https://localhost:{targets.ports['orchard']}")

    assert (await only_problem(document, targets.zone)).code == "EPROTO"


async def test_a_stopped_web_service_answers_503(targets: Targets) -> None:
    targets.stop("orchard")
    problem = await only_problem(basic(), targets.zone)
    targets.start("orchard")

    assert problem.code == 503
    assert "No server is available" in problem.message
    assert await try_connection(basic(), targets.zone) == []


async def test_a_hanging_web_service_answers_late(targets: Targets) -> None:
    targets.hang("orchard", 0.6)
    early = await only_problem(basic(), targets.zone, 0.2)
    late = await try_connection(basic(), targets.zone, 10)
    targets.start("orchard")

    assert early.code == "ETIMEDOUT"
    assert late == []


async def test_a_redirect_is_not_followed(targets: Targets) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://api.orchard.example/v1/me\r\n\r\n"
    with impolite_server(answer) as port:
        problem = await only_problem(basic(f"http://localhost:{port}"), targets.zone)

    assert (problem.code, problem.message) == (302, "Found")


async def test_proxies_of_the_environment_are_ignored(
    targets: Targets, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://localhost:{closed_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://localhost:{closed_port}")

    assert await try_connection(basic(), targets.zone) == []


@contextmanager
def impolite_server(answer: bytes) -> Iterator[int]:
    """A server that reads a little, says `answer` and hangs up; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def converse() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=converse, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)
