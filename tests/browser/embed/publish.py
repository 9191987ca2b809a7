"""Makes static/v1/embed.mjs and embed.js from static/source/embed.mjs: no comments, no indents.

Run it after each change of the source: `python tests/browser/embed/publish.py`. The reasons stay
in the source; what every host's page loads has 3 kB for what it does.
"""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[3] / "static"
COMMENT = re.compile(r"^\s*//.*\n| // .*$", re.MULTILINE)


def published() -> dict[str, str]:
    """What each file in static/v1 should hold, by its name."""
    source = (STATIC / "source" / "embed.mjs").read_text(encoding="utf-8")
    module = re.sub(r"\n\s+", "\n", COMMENT.sub("", source)).lstrip()
    body = module.replace("export function", "function")
    script = f"(() => {{\n{body}globalThis.Keyhatch = {{ open, mount }};\n}})();\n"
    return {"embed.mjs": module, "embed.js": script}


if __name__ == "__main__":
    for name, text in published().items():
        (STATIC / "v1" / name).write_text(text, encoding="utf-8")
