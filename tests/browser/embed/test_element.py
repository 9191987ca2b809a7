"""`<keyhatch-form>` is the same form for a page that prefers elements."""

from playwright.sync_api import Page, expect

from tests.browser.embed.acts import FRESH, expect_open, frame_of, say
from tests.browser.embed.frame_server import Site

LISTEN = """() => {
  window.told = [];
  const note = ({ type, detail }) => told.push([type, detail]);
  for (const type of ["success", "exit", "event"]) {
    document.querySelector("#one").addEventListener(type, note, true);
  }
}"""
WRITE = """([url, token]) => {
  const form = document.createElement("keyhatch-form");
  form.setAttribute("url", url);
  if (token) form.setAttribute("token", token);
  else form.token = window.token;
  document.querySelector("#one").append(form);
}"""


def write(page: Page, url: str, token: str | None = "token-1") -> None:
    page.evaluate(LISTEN)
    page.evaluate(WRITE, [url, token])


def test_it_opens_and_tells_by_events(host: Page, sites: Site) -> None:
    write(host, sites.frame_url)
    frame = frame_of(host)
    expect_open(host)
    say(frame, "success", connection={"id": "con_1"}, receipt="r.1")
    say(frame, "exit", reason="done")
    expect(host.locator("iframe")).to_have_count(0)

    told = [[type_, detail.get("type")] for type_, detail in host.evaluate("told")]
    assert told == [["event", "ready"], ["success", None], ["event", "success"], ["event", "exit"]]


def test_leaving_is_an_exit_event(host: Page, sites: Site) -> None:
    write(host, sites.frame_url)
    say(frame_of(host), "exit", reason="closed")
    expect(host.locator("iframe")).to_have_count(0)

    assert ["exit", {"reason": "closed"}] in host.evaluate("told")


def test_its_token_may_be_a_function(host: Page, sites: Site) -> None:
    host.evaluate(FRESH)
    write(host, sites.frame_url, token=None)
    frame_of(host)
    host.evaluate("document.querySelector('#two').append(document.querySelector('keyhatch-form'))")
    host.wait_for_timeout(300)
    frame_of(host)

    assert [post.token for post in sites.posts] == ["fresh-1", "fresh-2"]


def test_a_new_token_is_a_new_form_and_two_new_attributes_are_one(host: Page, sites: Site) -> None:
    write(host, sites.frame_url)
    frame_of(host)
    host.evaluate(
        """(url) => {
          const form = document.querySelector("keyhatch-form");
          form.setAttribute("token", "token-2");
          form.setAttribute("url", url + "/below");
        }""",
        sites.frame_url,
    )
    host.wait_for_timeout(300)
    frame_of(host)

    assert [(post.token, post.address) for post in sites.posts] == [
        ("token-1", f"{sites.frame_url}/connect"),
        ("token-2", f"{sites.frame_url}/below/connect"),
    ]
    expect(host.locator("iframe")).to_have_count(1)


def test_an_element_taken_out_of_the_page_takes_its_form_along(host: Page, sites: Site) -> None:
    write(host, sites.frame_url)
    frame_of(host)
    host.evaluate("() => { window.kept = document.querySelector('keyhatch-form'); kept.remove() }")
    host.wait_for_timeout(100)

    assert host.evaluate("kept.childElementCount") == 0


def test_an_element_written_before_the_script_came_keeps_its_token(page: Page, sites: Site) -> None:
    page.goto(f"{sites.host_url}/other")
    page.evaluate(FRESH)
    page.evaluate(
        """(url) => {
          document.body.innerHTML = `<keyhatch-form url="${url}"></keyhatch-form>`;
          document.querySelector("keyhatch-form").token = window.token;
          return import(url + "/static/v1/embed.mjs");
        }""",
        sites.frame_url,
    )
    frame_of(page)

    assert [post.token for post in sites.posts] == ["fresh-1"]


def test_a_page_may_hold_the_script_twice(host: Page, sites: Site) -> None:
    host.add_script_tag(url=f"{sites.frame_url}/static/v1/embed.js")
    host.add_script_tag(url=f"{sites.frame_url}/static/v1/embed.mjs", type="module")
    write(host, sites.frame_url)
    frame_of(host)

    expect(host.locator("iframe")).to_have_count(1)
