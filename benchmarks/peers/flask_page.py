"""A Flask program that renders Keyhatch's form page with Jinja2: same templates, same context.

It verifies no token, writes no row and makes no form: the least that a page can cost there.
"""

import secrets
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from app.web.render import bold, folder
from benchmarks.peers.documents import definition, form

app = Flask(__name__, template_folder=str(folder("templates")))
app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
app.jinja_env.add_extension("jinja2.ext.i18n")
app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
app.jinja_env.globals["static"] = lambda name: f"/static/v1/{name}?01234567"
app.jinja_env.filters["bold"] = bold

KIND, FORM = definition(), form()
TOKEN = secrets.token_urlsafe(96)


@app.get("/readyz")
def ready() -> str:
    """The process answers."""
    return "ok"


@app.get("/form")
def page() -> str:
    """The page of a form in a frame."""
    shown: dict[str, Any] = {
        "lang": "en",
        "dir": "ltr",
        "scheme": "",
        "theme": None,
        "nonce": secrets.token_urlsafe(16),
        "layout": "frame",
        "reference": "KH-2345-6789",
        "host_name": "This product",
        "end_user_name": "Enzo",
        "origin_host": "127.0.0.1:8400",
        "privacy_url": None,
        "help_url": None,
    }
    state = {
        "token": TOKEN,
        "origins": ["https://host.example"],
        "framed": True,
        "type": FORM.type,
        "method": FORM.method,
        "submit": FORM.submit,
    }
    return app.jinja_env.get_template("form.html").render(
        page=shown,
        form=FORM,
        tile=KIND.tile,
        category=KIND.category,
        passed=False,
        many=False,
        reconnect=False,
        state=state,
        token=TOKEN,
        step_url="/connect/step",
    )
