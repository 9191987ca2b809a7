"""What travels until the form can be used: at most 15 kB in three requests, and 3 kB for embed.js.

As the browser counts it on the wire (encodedDataLength), headers included, from an empty cache.
Run with -s to see the figures.
"""

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import NewPage
from tests.browser.enzo import CATALOGUE, form_of
from tests.browser.hosts import Host
from tests.keyhatch import Keyhatch

MOST_BYTES, MOST_REQUESTS, MOST_EMBED = 15_000, 3, 3_000


def weigh(page: Page, host: Host, keyhatch: Keyhatch) -> dict[str, int]:
    """Bytes on the wire of each of our files until the form is ready, and a moment longer.

    Of embed.js only the body: it is limited as the file that hosts load.
    """
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(host.page(how="inline"))
    form_of(page)
    page.wait_for_load_state("networkidle")
    weight = {}
    for request in finished:
        if request.url.startswith(keyhatch.url):
            sizes = request.sizes()
            name = request.url.split("?")[0].rsplit("/", 1)[1]
            headers = 0 if name == "embed.js" else sizes["responseHeadersSize"]
            weight[name] = headers + sizes["responseBodySize"]
    return weight


@pytest.mark.parametrize("kind", CATALOGUE)
def test_the_first_form_of_each_type_is_light(
    browse: NewPage,
    host: Host,
    keyhatch: Keyhatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    host.wants["types"] = (kind,)
    parts = weigh(browse(), host, keyhatch)
    embed = parts.pop("embed.js")

    total = sum(parts.values())
    with capsys.disabled():
        shown = ", ".join(f"{name} {size}" for name, size in parts.items())
        print(f"\n{kind}: {total} bytes in {len(parts)} requests ({shown}); embed.js {embed}")  # noqa: T201  # figures that people ask for
    assert total <= MOST_BYTES
    assert len(parts) <= MOST_REQUESTS
    assert embed <= MOST_EMBED


def test_a_second_form_costs_only_its_page(enzo: Page, host: Host, keyhatch: Keyhatch) -> None:
    """Files have a version in their address, so that browsers keep them for ever."""
    weigh(enzo, host, keyhatch)
    again = weigh(enzo, host, keyhatch)

    assert {name for name, size in again.items() if size > 0} <= {"connect", "embed.js"}
