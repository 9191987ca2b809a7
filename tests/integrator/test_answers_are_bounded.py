"""No answer, however large or strange, costs more memory than its limit or ends in a crash."""

import gzip
import json
import random
import resource

import pytest

from app.integrator.calls import DEBUG_LOG_BYTES
from app.integrator.errors import Ill, InDoubt, IntegratorError, Unreadable
from tests.integrator.conftest import Connect
from tests.integrator.stub import (
    AN_ID,
    DOCUMENT,
    Heard,
    Peer,
    always,
    listening,
    response,
)

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024
BLOCK = b"x" * 65536


async def a_hundred_megabytes(_heard: Heard, peer: Peer) -> None:
    await peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(1600):
        await peer.send(b"%x\r\n%b\r\n" % (len(BLOCK), BLOCK))
    await peer.send(b"0\r\n\r\n")


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def test_a_hundred_megabytes_are_cut_off_without_filling_the_memory(
    connect: Connect,
) -> None:
    async with listening(a_hundred_megabytes) as stub, connect(stub.url) as client:
        await client_warms_up(connect)
        before = peak_memory()
        with pytest.raises(Unreadable) as caught:
            await client.get(AN_ID)

        assert caught.value.reason == "too_large"
        assert peak_memory() - before < 20 * MIB
        assert stub.sent < 20 * MIB


async def client_warms_up(connect: Connect) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub, connect(stub.url) as client:
        await client.get(AN_ID)


async def test_an_announced_size_over_the_limit_is_not_even_read(connect: Connect) -> None:
    async def announce(_heard: Heard, peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")

    async with listening(announce) as stub, connect(stub.url) as client:
        with pytest.raises(Unreadable) as caught:
            await client.ping(DOCUMENT)

    assert caught.value.reason == "too_large"


async def test_a_write_with_too_large_an_answer_is_in_doubt(connect: Connect) -> None:
    large = {"_id": AN_ID, "name": "x" * (MIB + 1)}
    async with listening(always(201, large)) as stub, connect(stub.url) as client:
        with pytest.raises(InDoubt) as caught:
            await client.create(DOCUMENT)

    assert caught.value.reason == "too_large"


async def test_each_kind_of_answer_has_its_own_limit(connect: Connect) -> None:
    two_mib = b'"' + b"x" * (2 * MIB) + b'"'
    page = b'[{"_id": ' + two_mib + b"}]"

    async def sized(heard: Heard, peer: Peer) -> None:
        bodies = {"/v1/connections": page, f"/v1/connections/{AN_ID}/debug": two_mib}
        body = bodies.get(heard.target, b'{"data": ' + two_mib + b"}")
        await peer.send(response(200, body))

    async with listening(sized) as stub, connect(stub.url) as client:
        assert len([row async for row in client.list()]) == 1
        assert len(await client.debug_log(AN_ID)) == len(two_mib)
        assert "data" in await client.export(AN_ID, {})
        with pytest.raises(Unreadable):
            await client.get(AN_ID)


@pytest.mark.parametrize(("size", "fits"), [(DEBUG_LOG_BYTES, True), (DEBUG_LOG_BYTES + 1, False)])
async def test_a_limit_is_exact(connect: Connect, size: int, fits: bool) -> None:
    async with listening(always(200, b"x" * size)) as stub, connect(stub.url) as client:
        if fits:
            assert len(await client.debug_log(AN_ID)) == size
        else:
            with pytest.raises(Unreadable):
                await client.debug_log(AN_ID)


async def test_mallorys_packed_answer_is_never_unpacked(connect: Connect) -> None:
    """A few kB of gzip can hold gigabytes."""
    bomb = gzip.compress(b" " * (50 * MIB) + b"{}")
    async with listening(always(200, bomb, Content_Encoding="gzip")) as stub:
        async with connect(stub.url) as client:
            before = peak_memory()
            with pytest.raises(Unreadable) as caught:
                await client.get(AN_ID)
            with pytest.raises(Unreadable):
                await client.debug_log(AN_ID)

        assert caught.value.reason == "encoded"
        assert stub.heard[0].headers["accept-encoding"] == "identity"
        assert peak_memory() - before < 20 * MIB


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!doctype html><p>Sign in", "not_json"),
        (b'{"_id": ', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"n": ' + b"9" * 5000 + b"}", "not_json"),
        (b'{"n": NaN}', "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b"[]", "wrong_shape"),
        (b"null", "wrong_shape"),
        (b'"text"', "wrong_shape"),
    ],
    ids=["html", "cut", "deep", "digits", "nan", "bytes", "list", "null", "text"],
)
async def test_what_is_no_document_is_unreadable(
    connect: Connect, body: bytes, reason: str
) -> None:
    async with listening(always(200, body)) as stub, connect(stub.url) as client:
        with pytest.raises(Unreadable) as caught:
            await client.get(AN_ID)

    assert caught.value.reason == reason


@pytest.mark.parametrize("body", [b'{"_id": 1}', b'[{"_id": "1"}, 2]', b'"x"'])
async def test_what_is_no_list_is_unreadable(connect: Connect, body: bytes) -> None:
    async with listening(always(200, body)) as stub, connect(stub.url) as client:
        with pytest.raises(Unreadable) as caught:
            _ = [row async for row in client.list()]

    assert caught.value.reason == "wrong_shape"


async def test_endless_headers_are_refused(connect: Connect) -> None:
    async def headers_without_end(_heard: Heard, peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 200 OK\r\n")
        for _ in range(1000):
            await peer.send(b"X-Pad: %b\r\n" % (b"x" * 4000))

    async with listening(headers_without_end) as stub, connect(stub.url) as client:
        with pytest.raises(Unreadable):
            await client.ping(DOCUMENT)


async def test_no_answer_however_broken_ends_in_a_foreign_error(connect: Connect) -> None:
    """What is no `IntegratorError` would be a 500, and could carry the request with it."""
    chance = random.Random(5)  # noqa: S311 - the same damage each time
    good = response(201, {"_id": AN_ID}, Link="</v1/x>; rel=next", Set_Cookie="a=b; Path=/")
    kinds = set()

    async def damaged(_heard: Heard, peer: Peer) -> None:
        broken = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(broken))
            broken[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        await peer.send(bytes(broken))
        peer.hang_up()

    async with listening(damaged) as stub, connect(stub.url) as client:
        for _ in range(1000):
            try:
                await client.create(DOCUMENT)
            except IntegratorError as error:
                kinds.add(type(error))

    assert InDoubt in kinds
    assert not kinds & {Ill, Unreadable}


async def test_a_byte_order_mark_is_forgiven(connect: Connect) -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"_id": AN_ID}).encode()
    async with listening(always(200, body)) as stub, connect(stub.url) as client:
        assert (await client.get(AN_ID))["_id"] == AN_ID
