"""A host with strict policies needs two CSP rules for the form, and loses nothing of its own."""

from playwright.sync_api import Page, expect

from tests.browser.embed.acts import expect_open, frame_of, open_modal, result
from tests.browser.embed.frame_server import Site

VIOLATIONS = """() => {
  window.violations = [];
  const note = (event) => violations.push(event.violatedDirective);
  document.addEventListener("securitypolicyviolation", note);
}"""


def strict(site: Site, rules: str) -> str:
    """A policy as a careful host writes it; `rules` are those for the form."""
    ours = f"script-src {site.frame_url}; style-src 'self'; require-trusted-types-for 'script'"
    return f"default-src 'none'; {ours}; trusted-types 'none'; base-uri 'none'; {rules}"


def test_under_no_referrer_the_frame_still_names_the_host(page: Page, sites: Site) -> None:
    """Helmet's default. Without an origin Keyhatch could only trust frame-ancestors."""
    sites.headers = {"Referrer-Policy": "no-referrer"}
    page.goto(sites.host_url)
    open_modal(page, sites.frame_url)
    frame_of(page)

    assert sites.posts[0].headers["origin"] == sites.host_url


def test_the_hosts_referrer_policy_is_what_it_was(page: Page, sites: Site) -> None:
    """A referrer meta in the host's page would outlast its removal."""
    sites.headers = {"Referrer-Policy": "no-referrer"}
    page.goto(sites.host_url)
    open_modal(page, sites.frame_url)
    frame_of(page)
    page.evaluate("(url) => fetch(url, { mode: 'no-cors' })", f"{sites.frame_url}/seen")

    assert sites.referers == [None]
    assert page.locator("meta[name=referrer]").count() == 0


def test_a_strict_policy_with_our_two_rules_is_not_violated(page: Page, sites: Site) -> None:
    rules = f"frame-src {sites.frame_url}; form-action {sites.frame_url}"
    sites.headers = {"Content-Security-Policy": strict(sites, rules)}
    page.goto(sites.host_url)
    page.evaluate(VIOLATIONS)
    open_modal(page, sites.frame_url)
    frame_of(page)

    expect_open(page)
    expect(page.locator("dialog")).to_have_css("border-radius", "14px")
    assert page.evaluate("violations") == []


def test_a_policy_without_frame_src_is_named_in_words(page: Page, sites: Site) -> None:
    rules = f"form-action {sites.frame_url}"
    sites.headers = {"Content-Security-Policy": strict(sites, rules)}
    page.goto(sites.host_url)
    open_modal(page, sites.frame_url)

    expect(page.get_by_role("status")).to_have_text(
        "The Content-Security-Policy of this page does not let the form open. "
        f"It needs: frame-src {sites.frame_url}"
    )
    page.wait_for_timeout(2500)
    expect(page.get_by_role("status")).to_contain_text("frame-src")
    page.get_by_role("button", name="Close").click()
    assert result(page) == {"exit": {"reason": "blocked"}}


def test_a_policy_without_form_action_is_named_in_words(page: Page, sites: Site) -> None:
    rules = f"frame-src {sites.frame_url}; form-action 'self'"
    sites.headers = {"Content-Security-Policy": strict(sites, rules)}
    page.goto(sites.host_url)
    open_modal(page, sites.frame_url)

    expect(page.get_by_role("status")).to_contain_text(f"It needs: form-action {sites.frame_url}")
    assert sites.posts == []


def test_a_policy_that_only_reports_changes_nothing(page: Page, sites: Site) -> None:
    sites.headers = {"Content-Security-Policy-Report-Only": "frame-src 'none'; form-action 'none'"}
    page.goto(sites.host_url)
    open_modal(page, sites.frame_url)
    frame_of(page)

    expect_open(page)
