"""A list is whole or an error: who looks for something missing must not see half of it."""

import itertools
from typing import Any

import pytest

from app.integrator.client import MOST_PAGES, Integrator
from app.integrator.errors import Unreadable
from tests.integrator.conftest import Connect
from tests.integrator.stub import AN_ID, Heard, Peer, always, listening, response

pytestmark = pytest.mark.anyio


async def everything(client: Integrator, **options: Any) -> list[str]:
    return [str(row["_id"]) async for row in client.list(**options)]


async def test_no_connection_at_all_is_an_empty_list(connect: Connect) -> None:
    """integrator.io answers 204 without a body, not []."""
    async with listening(always(204)) as stub, connect(stub.url) as client:
        assert await everything(client) == []


async def test_an_empty_text_is_an_empty_list(connect: Connect) -> None:
    async with listening(always(200, b"")) as stub, connect(stub.url) as client:
        assert await everything(client) == []


async def test_one_page_without_a_link_is_all(connect: Connect) -> None:
    async with listening(always(200, [{"_id": "a"}, {"_id": "b"}])) as stub:
        async with connect(stub.url) as client:
            assert await everything(client) == ["a", "b"]

        assert [heard.target for heard in stub.heard] == ["/v1/connections"]


@pytest.mark.parametrize(
    "link",
    [
        '<{base}/connections?after=2>; rel="next"',
        "<{base}/connections?after=2>; rel=next",
        "<{base}/connections?after=2>;rel=next;title=more",
        '<{base}/connections?after=0>; rel="prev", <{base}/connections?after=2>; rel="next"',
        '<{base}/connections?after=2>; crossorigin; rel="last next"',
        '<{base}/connections?after=2>; title="a, <b>; rel=prev"; REL="NEXT"',
        '<{base}/connections?after=0>; rel="prev",\t <{base}/connections?after=2>;  rel="next"',
        "</v1/connections?after=2>; rel=next",
        "<?after=2>; rel=next",
        "<http://user:pw@127.0.0.1:{port}/v1/connections?after=2>; rel=next",
    ],
)
async def test_every_way_to_write_a_link_is_read(connect: Connect, link: str) -> None:
    async def two_pages(heard: Heard, peer: Peer) -> None:
        if heard.target.endswith("?after=2"):
            return await peer.send(response(200, [{"_id": "b"}]))
        written = link.format(base=stub.url, port=stub.port)
        await peer.send(response(200, [{"_id": "a"}], Link=written))

    async with listening(two_pages) as stub, connect(stub.url) as client:
        assert await everything(client) == ["a", "b"]

        assert stub.heard[1].headers["host"] == f"127.0.0.1:{stub.port}"


async def test_several_link_headers_are_read_together(connect: Connect) -> None:
    async def two_pages(heard: Heard, peer: Peer) -> None:
        if "after" in heard.target:
            return await peer.send(response(200, [{"_id": "b"}]))
        both = {"Link": "</v1/x>; rel=prev", "link": "</v1/connections?after=2>; rel=next"}
        await peer.send(response(200, [{"_id": "a"}], **both))

    async with listening(two_pages) as stub, connect(stub.url) as client:
        assert await everything(client) == ["a", "b"]


@pytest.mark.parametrize("link", ["", "nonsense", "<>", "</v1/connections>; rel=prev", "<<<;;;"])
async def test_a_link_that_names_no_next_page_ends_the_list(connect: Connect, link: str) -> None:
    async with (
        listening(always(200, [{"_id": "a"}], Link=link)) as stub,
        connect(stub.url) as client,
    ):
        assert await everything(client) == ["a"]


async def test_an_opaque_cursor_comes_back_as_it_was_given(connect: Connect) -> None:
    cursor = "eyJpZCI6IjEifQ%3D%3D%2Bx%26y"
    link = f"</v1/connections?limit=2&after={cursor}>; rel=next"
    async with listening(always(200, [], Link=link)) as stub, connect(stub.url) as client:
        with pytest.raises(Unreadable):
            await everything(client)

        assert stub.heard[1].target == f"/v1/connections?limit=2&after={cursor}"


@pytest.mark.parametrize(
    "link",
    [
        "http://evil.example/v1/connections?after=2",
        "//evil.example/v1/connections",
        "http://127.0.0.1:1/v1/connections",
        "http://127.0.0.1@evil.example/v1/connections",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://[::1",
    ],
)
async def test_mallorys_link_to_elsewhere_is_refused(connect: Connect, link: str) -> None:
    async with listening(always(200, [], Link=f"<{link}>; rel=next")) as stub:
        async with connect(stub.url) as client:
            with pytest.raises(Unreadable) as caught:
                await everything(client)

        assert caught.value.reason == "foreign_link"
        assert len(stub.heard) == 1


async def test_a_link_to_itself_is_an_error_and_no_endless_loop(connect: Connect) -> None:
    link = "</v1/connections?after=2>; rel=next"
    async with listening(always(200, [{"_id": "a"}], Link=link)) as stub:
        async with connect(stub.url) as client:
            with pytest.raises(Unreadable) as caught:
                await everything(client)

        assert caught.value.reason == "endless_paging"
        assert len(stub.heard) == 2


async def test_pages_without_end_are_an_error(connect: Connect) -> None:
    numbers = itertools.count()

    async def more(_heard: Heard, peer: Peer) -> None:
        link = f"</v1/connections?after={next(numbers)}>; rel=next"
        await peer.send(response(200, [{"_id": "a"}], Link=link))

    async with listening(more) as stub, connect(stub.url) as client:
        with pytest.raises(Unreadable) as caught:
            await everything(client)

        assert caught.value.reason == "endless_paging"
        assert len(stub.heard) == MOST_PAGES


async def test_a_page_that_fails_is_an_error_and_not_the_end(connect: Connect) -> None:
    async def second_is_html(heard: Heard, peer: Peer) -> None:
        if "after" in heard.target:
            return await peer.send(response(200, b"<html>Sign in"))
        link = "</v1/connections?after=2>; rel=next"
        await peer.send(response(200, [{"_id": "a"}], Link=link))

    async with listening(second_is_html) as stub, connect(stub.url) as client:
        with pytest.raises(Unreadable):
            await everything(client)


async def test_only_the_fields_that_are_needed_are_asked_for(connect: Connect) -> None:
    async with listening(always(204)) as stub, connect(stub.url) as client:
        await everything(client, include=("externalId", "http.baseURI"))

        assert stub.heard[0].target == "/v1/connections?include=externalId,http.baseURI"


@pytest.mark.parametrize("name", ["", "a,b", "a&b=c", "a b", "é", "x" * 101])
async def test_a_strange_field_name_is_refused_before_anything_is_sent(
    connect: Connect, name: str
) -> None:
    async with listening(always(204)) as stub, connect(stub.url) as client:
        with pytest.raises(ValueError, match="field name"):
            await everything(client, include=(name,))

        assert stub.heard == []


async def test_a_base_address_without_a_path_works_too(connect: Connect) -> None:
    async with listening(always(200, {"_id": AN_ID})) as stub:
        async with connect(f"http://127.0.0.1:{stub.port}/") as client:
            await client.get(AN_ID)

        assert stub.heard[0].target == f"/connections/{AN_ID}"
