"""Each vendor's stand-in answers to right, wrong and missing credentials as that vendor does."""

from typing import Any

import httpx
import pytest

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.problem import Problem
from sandbox.targets.credentials import WORKING
from sandbox.targets.running import Targets
from tests.sandbox.attempts import only_problem

pytestmark = pytest.mark.anyio

SHOPIFY, SLACK, ZENDESK, STRIPE = (
    WORKING[name] for name in ("shopify", "slack", "zendesk", "stripe")
)


def document(base: str, path: str, auth: dict[str, Any], **rules: Any) -> dict[str, Any]:
    """A connection document for a vendor."""
    ping = {"relativeURI": path, **rules}
    return {"type": "http", "http": {"baseURI": base, "auth": auth, "ping": ping}}


def bearer(token: str) -> dict[str, Any]:
    return {"type": "token", "token": {"token": token, "location": "header"}}


def basic(username: str, password: str) -> dict[str, Any]:
    return {"type": "basic", "basic": {"username": username, "password": password}}


def shopify(
    token: str = SHOPIFY["token"], store: str = SHOPIFY["store"], path: str = "/shop.json"
) -> dict[str, Any]:
    auth = {
        "type": "token",
        "token": {
            "token": token,
            "location": "header",
            "headerName": "X-Shopify-Access-Token",
            "scheme": " ",
        },
    }
    base = f"https://{store}.myshopify.com/admin/api/{SHOPIFY['version']}"
    return document(base, path, auth, errorPath="errors")


def slack(token: str = SLACK["token"], path: str = "/auth.test") -> dict[str, Any]:
    rules = {"successPath": "ok", "successValues": ["true"], "errorPath": "error"}
    return document("https://slack.com/api", path, bearer(token), **rules)


def zendesk(
    username: str = f"{ZENDESK['email']}/token",
    password: str = ZENDESK["token"],
    subdomain: str = ZENDESK["subdomain"],
    path: str = "/api/v2/users/me.json",
) -> dict[str, Any]:
    base = f"https://{subdomain}.zendesk.com"
    return document(base, path, basic(username, password), successPath="user.id")


def stripe(key: str = STRIPE["secret_key"], path: str = "/v1/charges?limit=1") -> dict[str, Any]:
    return document("https://api.stripe.com", path, bearer(key), errorPath="error.message")


async def outcome(targets: Targets, tried: dict[str, Any]) -> Problem:
    return await only_problem(tried, targets.zone)


async def test_shopify_takes_a_token_or_an_old_apps_key_and_password(targets: Targets) -> None:
    old_app = shopify()
    old_app["http"]["auth"] = basic(SHOPIFY["api_key"], SHOPIFY["password"])

    assert await try_connection(shopify(), targets.zone) == []
    assert await try_connection(old_app, targets.zone) == []


@pytest.mark.parametrize(
    ("tried", "code", "words"),
    [
        (shopify("wrong"), 401, "Invalid API key or access token"),
        (shopify("shpat_demo_limited"), 429, "Exceeded 2 calls per second"),
        (shopify("shpat_demo_without_scopes", path="/orders.json"), 403, "read_orders scope"),
        (shopify(store="nobodys-shop"), 404, "Not Found"),
        (shopify(store="larkfield-frozen"), 402, "Unavailable Shop"),
        (shopify(store="larkfield-closed"), 403, "Unavailable Shop"),
        (shopify(store="larkfield-locked"), 423, "unavailable"),
    ],
)
async def test_shopify_refuses_in_its_own_words(
    targets: Targets, tried: dict[str, Any], code: int, words: str
) -> None:
    problem = await outcome(targets, tried)

    assert problem.code == code
    assert words in problem.message


async def test_a_shop_can_be_asked_for_without_any_scope(targets: Targets) -> None:
    assert await try_connection(shopify("shpat_demo_without_scopes"), targets.zone) == []


async def test_slack_takes_a_token_in_the_header(targets: Targets) -> None:
    assert await try_connection(slack(), targets.zone) == []


@pytest.mark.parametrize(
    ("token", "code", "words"),
    [
        ("wrong", 200, "invalid_auth"),
        ("xoxb-demo-revoked", 200, "token_revoked"),
        ("xoxb-demo-inactive", 200, "account_inactive"),
        ("xoxb-demo-limited", 429, "ratelimited"),
    ],
)
async def test_slack_refuses_within_a_200(
    targets: Targets, token: str, code: int, words: str
) -> None:
    problem = await outcome(targets, slack(token))

    assert (problem.code, problem.message) == (code, words)


async def test_slack_without_a_token_is_not_authed(targets: Targets) -> None:
    without = slack()
    without["http"]["auth"] = {"type": "custom"}

    assert (await outcome(targets, without)).message == "not_authed"


async def test_slack_takes_a_token_in_the_query_from_old_apps_only(targets: Targets) -> None:
    rest = {
        "baseURI": "https://slack.com/api",
        "authType": "token",
        "tokenLocation": "url",
        "tokenParam": "token",
        "pingRelativeURI": "auth.test",
        "pingSuccessPath": "ok",
        "pingSuccessValues": ["true"],
    }
    old = {"type": "rest", "rest": rest | {"bearerToken": "xoxb-demo-classic"}}
    new = {"type": "rest", "rest": rest | {"bearerToken": SLACK["token"]}}

    assert await try_connection(old, targets.zone) == []
    assert "not_authed" in (await outcome(targets, new)).message


async def test_slacks_api_test_proves_nothing(targets: Targets) -> None:
    assert await try_connection(slack("wrong", "/api.test"), targets.zone) == []


async def test_zendesk_takes_an_api_token_of_any_user(targets: Targets) -> None:
    customer = zendesk("customer@larkfield.example/token")

    assert await try_connection(zendesk(), targets.zone) == []
    assert await try_connection(customer, targets.zone) == []


@pytest.mark.parametrize(
    ("tried", "code", "words"),
    [
        (zendesk(password="wrong"), 401, "Couldn't authenticate you"),
        (zendesk("mallory@example.com/token"), 401, "Couldn't authenticate you"),
        (zendesk(password="demo-zendesk-limited"), 429, "APIRateLimitExceeded"),
        (zendesk(subdomain="nobody"), 404, "No help desk at nobody.zendesk.com"),
        (zendesk("customer@larkfield.example/token", path="/api/v2/users.json"), 403, "Forbidden"),
        (zendesk(path="/api/v2/nothing.json"), 404, "InvalidEndpoint"),
    ],
)
async def test_zendesk_refuses_in_its_own_words(
    targets: Targets, tried: dict[str, Any], code: int, words: str
) -> None:
    problem = await outcome(targets, tried)

    assert problem.code == code
    assert words in problem.message


async def test_zendesk_greets_a_stranger_who_only_the_rule_finds_out(targets: Targets) -> None:
    """A password, right or wrong, is answered with 200 and a user without id."""
    with_rule = zendesk(ZENDESK["email"], "some password")
    without_rule = zendesk(ZENDESK["email"], "some password")
    del without_rule["http"]["ping"]["successPath"]

    assert (await outcome(targets, with_rule)).code == 200
    assert await try_connection(without_rule, targets.zone) == []


async def test_stripe_takes_a_key_as_bearer_or_as_basic_user(targets: Targets) -> None:
    as_user = stripe()
    as_user["http"]["auth"] = basic(STRIPE["secret_key"], "")

    assert await try_connection(stripe(), targets.zone) == []
    assert await try_connection(as_user, targets.zone) == []
    assert await try_connection(stripe("rk_test_demo_charges"), targets.zone) == []


@pytest.mark.parametrize(
    ("tried", "code", "words"),
    [
        (stripe("sk_test_wrong_key"), 401, "Invalid API Key provided: sk_test_*****_key"),
        (stripe("nonsense"), 401, "Invalid API Key provided: ****ense"),
        (stripe(""), 401, "You did not provide an API key"),
        (stripe("sk_test_demo_expired"), 401, "Expired API Key"),
        (stripe("pk_test_demo_larkfield"), 403, "publishable API key"),
        (stripe("rk_test_demo_balance"), 403, "'rak_charge_read'"),
        (stripe("rk_test_demo_charges", "/v1/balance"), 403, "'rak_balance_read'"),
        (stripe("sk_test_demo_limited"), 429, "rate limit"),
        (stripe(path="/v1/nothing"), 404, "Unrecognized request URL"),
    ],
)
async def test_stripe_refuses_in_its_own_words(
    targets: Targets, tried: dict[str, Any], code: int, words: str
) -> None:
    problem = await outcome(targets, tried)

    assert problem.code == code
    assert words in problem.message


async def test_vendors_can_be_stopped_one_by_one(targets: Targets) -> None:
    targets.stop("stripe")
    stopped = await outcome(targets, stripe())
    others = await try_connection(slack(), targets.zone)
    targets.start("stripe")

    assert stopped.code == 503
    assert others == []


async def test_a_host_that_is_no_vendor_is_misdirected(targets: Targets) -> None:
    async with httpx.AsyncClient(verify=False) as client:  # noqa: S501 - a stranger on purpose
        url = f"https://127.0.0.1:{targets.ports['vendors']}/v1/charges"
        response = await client.get(url, headers={"Host": "mallory.example"})

    assert response.status_code == 421
