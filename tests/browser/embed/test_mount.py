"""The form inside the host's page survives what pages do: moves, reloads, Back, a second mount."""

from playwright.sync_api import Page, expect

from tests.browser.embed.acts import FRESH, expect_open, frame_of, mount, say
from tests.browser.embed.frame_server import Site

CONNECTION = {"id": "con_1", "connection_type": "shopify", "name": "Shopify"}


def tokens(site: Site) -> list[str]:
    return [post.token for post in site.posts]


def test_success_and_the_end_are_told_once(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    frame = frame_of(host)
    say(frame, "success", connection=CONNECTION, receipt="r.1")
    say(frame, "exit", reason="done")
    expect(host.locator("iframe")).to_have_count(0)

    told = [each for each in host.evaluate("told") if each[0] != "event"]
    assert told == [["success", {"connection": CONNECTION, "receipt": "r.1"}]]


def test_leaving_is_told_with_its_reason(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    say(frame_of(host), "exit", reason="closed")
    expect(host.locator("iframe")).to_have_count(0)

    assert ["exit", {"reason": "closed"}] in host.evaluate("told")


def test_the_host_may_take_it_away_without_asking(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    frame_of(host)
    host.evaluate("handle.close()")

    expect(host.locator(".keyhatch")).to_have_count(0)
    mount(host, sites.frame_url, token="token-2")
    frame_of(host)
    assert tokens(sites) == ["token-1", "token-2"]


def test_the_form_never_takes_the_focus_of_the_page(host: Page, sites: Site) -> None:
    host.locator("#opener").focus()
    mount(host, sites.frame_url)
    frame_of(host)
    expect_open(host)

    expect(host.locator("#opener")).to_be_focused()


def test_the_height_follows_the_form(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    say(frame_of(host), "height", height=1234)

    expect(host.locator("iframe")).to_have_css("height", "1234px")


def test_a_second_mount_changes_the_callbacks_and_opens_nothing(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    frame = frame_of(host)
    host.evaluate("() => { window.first = handle; window.told = [] }")
    mount(host, sites.frame_url)
    say(frame, "submitted")
    host.wait_for_function("told.length")

    assert host.evaluate("handle === first")
    assert len(host.evaluate("told")) == 1
    assert tokens(sites) == ["token-1"]


def test_two_forms_in_one_page_do_not_hear_each_other(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url, token="one", into="#one")
    mount(host, sites.frame_url, token="two", into="#two")
    frame_of(host, "#one")
    say(frame_of(host, "#two"), "height", height=777)

    expect(host.locator("#two iframe")).to_have_css("height", "777px")
    expect(host.locator("#one iframe")).not_to_have_css("height", "777px")


def test_a_moved_element_opens_again_with_a_fresh_token(host: Page, sites: Site) -> None:
    host.evaluate(FRESH)
    mount(host, sites.frame_url, token=None)
    frame_of(host)
    expect_open(host)
    host.evaluate("document.querySelector('#two').append(document.querySelector('#one'))")
    host.wait_for_function("told.filter(([, event]) => event.type == 'ready').length == 2")

    expect_open(host)
    assert tokens(sites) == ["fresh-1", "fresh-2"]


def test_a_moved_element_uses_its_only_token_again(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    frame_of(host)
    host.evaluate("document.querySelector('#two').append(document.querySelector('#one'))")
    host.wait_for_function("told.filter(([, event]) => event.type == 'ready').length == 2")

    assert tokens(sites) == ["token-1", "token-1"]


def test_an_element_that_was_away_for_a_while_opens_again(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    frame_of(host)
    host.evaluate("() => { window.kept = document.querySelector('#one'); kept.remove() }")
    host.wait_for_timeout(100)
    host.evaluate("() => document.body.append(kept)")
    frame_of(host)

    expect_open(host)
    assert tokens(sites) == ["token-1", "token-1"]


def test_two_moves_in_one_go_post_one_token(host: Page, sites: Site) -> None:
    host.evaluate(
        "() => { window.token = () => new Promise((done) => setTimeout(done, 200, 't')) }"
    )
    mount(host, sites.frame_url, token=None)
    for into in ("#two", "main", "#two"):
        host.evaluate(
            "(into) => document.querySelector(into).append(document.querySelector('#one'))", into
        )
    frame_of(host)
    expect_open(host)

    assert len(sites.posts) == 1


def test_a_reload_of_the_hosts_page_opens_again(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    frame_of(host)
    host.reload()
    mount(host, sites.frame_url, token="token-2")
    frame_of(host)

    expect_open(host)
    assert tokens(sites) == ["token-1", "token-2"]


def test_back_to_the_hosts_page_opens_again(host: Page, sites: Site) -> None:
    host.add_init_script("addEventListener('load', () => window.onBack?.())")
    mount(host, sites.frame_url)
    frame_of(host)
    host.goto(f"{sites.host_url}/other")
    host.go_back()
    mount(host, sites.frame_url, token="token-2")
    frame_of(host)

    expect_open(host)
    assert tokens(sites)[-1] in ("token-1", "token-2")


def test_a_reload_of_the_frame_posts_the_same_token(host: Page, sites: Site) -> None:
    mount(host, sites.frame_url)
    frame_of(host).evaluate("() => location.reload()")
    host.wait_for_function("told.filter(([, event]) => event.type == 'ready').length == 2")

    expect_open(host)
    assert tokens(sites) == ["token-1", "token-1"]


def test_the_form_leaves_no_step_for_back(host: Page, sites: Site) -> None:
    steps = host.evaluate("history.length")
    mount(host, sites.frame_url)
    frame_of(host)

    assert host.evaluate("history.length") == steps


def test_it_opens_inside_a_shadow_root(host: Page, sites: Site) -> None:
    host.evaluate(
        """(url) => {
          const root = document.querySelector("#one").attachShadow({ mode: "open" });
          const inner = document.createElement("div");
          root.append(inner);
          Keyhatch.mount(inner, { url, token: "token-1" });
        }""",
        sites.frame_url,
    )
    frame_of(host)

    expect_open(host)
    expect(host.locator(".keyhatch")).to_have_css("display", "grid")


def test_a_keyhatch_on_the_hosts_own_site_opens_once(host: Page, sites: Site) -> None:
    """Behind the host's own proxy the script can look into the frame; that is no blank page."""
    mount(host, sites.host_url)
    frame_of(host)
    expect_open(host)
    host.wait_for_timeout(300)

    assert tokens(sites) == ["token-1"]
