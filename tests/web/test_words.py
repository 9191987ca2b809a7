"""What scripts say travels apart from the page: one file a language, the same for everybody."""

import json
import re

import httpx

from tests.keyhatch import Keyhatch


def words_of(keyhatch: Keyhatch, page: httpx.Response) -> httpx.Response:
    """The file that a page names."""
    address = re.search(r'"words":"([^"]+)"', page.text)
    assert address
    return keyhatch.client().get(address[1])


def test_the_sentences_load_apart_and_stay_in_the_browser(keyhatch: Keyhatch) -> None:
    words = words_of(keyhatch, keyhatch.frame(keyhatch.session("shopify")["token"]))

    assert words.status_code == 200
    assert words.headers["content-type"] == "application/json"
    assert words.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert words.headers["content-encoding"] == "gzip"
    assert words.json()["busy"] == "Connecting {app}"


def test_a_language_without_a_translation_gets_english(keyhatch: Keyhatch) -> None:
    page = keyhatch.frame(keyhatch.session("shopify", locale="cy")["token"])

    assert '<html lang="cy"' in page.text
    assert words_of(keyhatch, page).json()["undo"] == "Undo"


def test_the_file_holds_nothing_of_a_session(keyhatch: Keyhatch) -> None:
    one = words_of(keyhatch, keyhatch.frame(keyhatch.session("shopify")["token"]))
    other = words_of(
        keyhatch, keyhatch.frame(keyhatch.session("sftp", end_user="mallory")["token"])
    )

    assert one.content == other.content
    assert set(re.findall(r"\{\w*\}", json.dumps(one.json()))) == {"{app}", "{host}", "{}"}


def test_files_carry_few_headers_and_their_absence_carries_all(keyhatch: Keyhatch) -> None:
    client = keyhatch.client()
    file, none = client.get("/static/v1/widget.css"), client.get("/static/v1/none.css")

    assert file.headers["x-content-type-options"] == "nosniff"
    assert "permissions-policy" not in file.headers
    assert none.status_code == 404
    assert none.json()["instance"] == none.headers["x-request-id"]
    assert "permissions-policy" in none.headers


def test_hosts_may_load_embed_js_from_another_site(keyhatch: Keyhatch) -> None:
    for name in ("embed.js", "embed.mjs", "embed.d.ts"):
        file = keyhatch.client().get(f"/static/v1/{name}")

        assert file.headers["access-control-allow-origin"] == "*"
        assert file.headers["cross-origin-resource-policy"] == "cross-origin"
