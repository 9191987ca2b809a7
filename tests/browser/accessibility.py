"""Runs axe in a page, or in a frame: from the page of another site axe cannot reach into it."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Frame, Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


RUN = """async (rules) => {
  const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {};
  const options = { iframes: false, resultTypes: ["violations"], ...only };
  return (await axe.run(document, options)).violations;
}"""


def violations(where: Page | Frame, *rules: str) -> list[str]:
    """What axe finds, one line for each kind: the rule, what to do, and the elements.

    All rules, or those named.
    """
    if not where.evaluate("'axe' in window"):
        where.evaluate(AXE)
    found: list[dict[str, Any]] = where.evaluate(RUN, list(rules))
    return [
        f"{each['id']}: {each['help']}: {[node['html'] for node in each['nodes']]}"
        for each in found
    ]
