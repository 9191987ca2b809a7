"""What hosts load is made from the one source, small, and asks nothing of a strict page."""

import gzip

import pytest
from playwright.sync_api import Page

from tests.browser.embed.acts import frame_of
from tests.browser.embed.frame_server import Site
from tests.browser.embed.publish import STATIC, published

LIMIT = 3_000  # bytes, compressed


@pytest.mark.parametrize("name", ["embed.mjs", "embed.js"])
def test_what_hosts_load_is_made_from_the_source(name: str) -> None:
    text = (STATIC / "v1" / name).read_text(encoding="utf-8")

    assert text == published()[name], "run: python tests/browser/embed/publish.py"


@pytest.mark.parametrize("name", ["embed.mjs", "embed.js"])
def test_it_is_at_most_three_kilobytes(name: str) -> None:
    assert len(gzip.compress((STATIC / "v1" / name).read_bytes(), 9)) <= LIMIT


@pytest.mark.parametrize(
    "word", ["innerHTML", "srcdoc", "<style", "eval(", "http://", "https://", "fetch("]
)
def test_it_does_nothing_that_a_strict_page_forbids(word: str) -> None:
    assert word not in published()["embed.js"]


def test_the_module_exports_what_the_global_has(page: Page, sites: Site) -> None:
    page.goto(f"{sites.host_url}/other")
    page.evaluate(
        """async (url) => {
          const { mount, open } = await import(url + "/static/v1/embed.mjs");
          window.kinds = [typeof mount, typeof open, typeof window.Keyhatch];
          mount(document.body, { url, token: "token-1" });
        }""",
        sites.frame_url,
    )
    frame_of(page)

    assert page.evaluate("kinds") == ["function", "function", "undefined"]


def test_a_server_that_renders_the_page_may_load_the_module(page: Page, sites: Site) -> None:
    """React and its like import it where there is no document; a worker has none either."""
    page.goto(f"{sites.host_url}/other")
    exported = page.evaluate(
        """(url) => new Promise((done) => {
          const text = `import("${url}/static/v1/embed.mjs").then(
            (module) => postMessage(Object.keys(module).sort()),
            (error) => postMessage(String(error)))`;
          const worker = new Worker(URL.createObjectURL(new Blob([text])));
          worker.onmessage = (event) => done(event.data);
        })""",
        sites.frame_url,
    )

    assert exported == ["mount", "open"]
