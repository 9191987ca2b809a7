"""All vendors behind one HTTPS port; the Host header says which one is meant."""

from collections.abc import Mapping

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.targets.shopify import create_shopify
from sandbox.targets.slack import create_slack
from sandbox.targets.stripe import create_stripe
from sandbox.targets.switch import Balancer
from sandbox.targets.zendesk import create_zendesk

# Host (``*.`` for one label in front) of each vendor's API.
HOSTS = {
    "shopify": "*.myshopify.com",
    "slack": "slack.com",
    "zendesk": "*.zendesk.com",
    "stripe": "api.stripe.com",
}


def create_vendors() -> dict[str, Balancer]:
    """Each vendor's API, to be switched one by one."""
    return {
        "shopify": Balancer(create_shopify()),
        "slack": Balancer(create_slack()),
        "zendesk": Balancer(create_zendesk()),
        "stripe": Balancer(create_stripe()),
    }


class ByHost:
    """Passes a request to the app of its host; 421 for a host that is not served here."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
        name = host.partition(":")[0].lower()
        wildcard = "*." + name.partition(".")[2]
        app = self._apps.get(name) or self._apps.get(wildcard)
        if app is None:
            app = PlainTextResponse(f"{name} is not served here\n", 421)
        await app(scope, receive, send)
