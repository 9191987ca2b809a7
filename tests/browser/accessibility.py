"""Runs axe in a page, or in a frame: from the page of another site axe cannot reach into it."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Frame, Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(where: Page | Frame) -> list[str]:
    """What axe finds, one line for each kind: the rule, what to do, and the elements."""
    where.evaluate(AXE)
    found: list[dict[str, Any]] = where.evaluate(
        "async () => (await axe.run(document, { iframes: false })).violations"
    )
    return [
        f"{each['id']}: {each['help']}: {[node['html'] for node in each['nodes']]}"
        for each in found
    ]
