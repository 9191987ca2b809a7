"""The sandbox's own name service knows its names and asks nobody about any other."""

import socket
from typing import Any

import pytest

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.problem import Unreachable
from sandbox.integrator.reach.zone import Zone
from sandbox.targets.credentials import WORKING
from sandbox.targets.running import Targets

ZONE = Zone(
    {
        "slack.example:443": 8411,
        "*.shops.example:443": 8412,
        "silent.example": 8413,
        "special.shops.example:443": 8414,
    }
)


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("slack.example", 443, 8411),
        ("SLACK.example.", 443, 8411),
        ("one.shops.example", 443, 8412),
        ("special.shops.example", 443, 8414),
        ("silent.example", 1, 8413),
        ("silent.example", 65535, 8413),
    ],
)
def test_a_known_name_leads_to_its_port(host: str, port: int, expected: int) -> None:
    assert ZONE.locate(host, port) == ("127.0.0.1", expected)


def test_another_port_of_a_known_name_is_taken_as_it_is() -> None:
    assert ZONE.locate("slack.example", 444) == ("127.0.0.1", 444)
    assert ZONE.locate("one.shops.example", 80) == ("127.0.0.1", 80)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.8.9.10", "127.8.9.10"),
        ("[::1]", "::1"),
    ],
)
def test_this_machine_is_itself(host: str, address: str) -> None:
    assert ZONE.locate(host, 5432) == (address, 5432)


@pytest.mark.parametrize(
    "host",
    [
        "nosuch.example",
        "shops.example",
        "a.b.shops.example",
        "slack.example.mallory.example",
        "one.shops.example ",
        "0x7f.1",
        "2130706433",
        "127.1",
        "*.shops.example:443",
        "",
    ],
)
def test_any_other_name_is_not_found(host: str) -> None:
    with pytest.raises(Unreachable) as failure:
        ZONE.locate(host, 443)

    assert failure.value.problem.code == "ENOTFOUND"


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "169.254.169.254", "[2001:db8::1]"])
def test_mallory_reaches_no_other_machine_by_its_address(host: str) -> None:
    with pytest.raises(Unreachable) as failure:
        ZONE.locate(host, 80)

    assert failure.value.problem.code == "EHOSTUNREACH"


FTP, DATABASE = WORKING["ftp"], WORKING["postgresql"]
DOCUMENTS: list[dict[str, Any]] = [
    {"type": "http", "http": {"baseURI": "https://slack.com/api/api.test"}},
    {"type": "ftp", "ftp": {"type": "ftps", "hostURI": FTP["host"], **FTP}},
    {"type": "ftp", "ftp": {"type": "sftp", "hostURI": "sftp.larkfield.example"}},
    {"type": "rdbms", "rdbms": {"type": "postgresql", **DATABASE}},
]


@pytest.mark.anyio
@pytest.mark.parametrize("document", DOCUMENTS, ids=["http", "ftps", "sftp", "postgresql"])
async def test_no_ping_asks_the_resolver_of_the_machine(
    targets: Targets, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def resolve(host: Any, *_: Any, **__: Any) -> Any:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "nobody is asked")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    problems = await try_connection(document, targets.zone, 10)

    assert asked == []
    assert "ENOTFOUND" not in [problem.code for problem in problems]
