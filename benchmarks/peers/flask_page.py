"""A Flask program that renders Keyhatch's form page with Jinja2: same templates, same values.

It verifies no token, writes no row and makes no form: the least that a page can cost there.
"""

import json
import os
import secrets
from types import SimpleNamespace

from flask import Flask
from jinja2 import StrictUndefined

given = json.loads(os.environ["PEER_PAGE"], object_hook=lambda row: SimpleNamespace(**row))
token = secrets.token_urlsafe(96)
state = {
    "token": token,
    "origins": ["https://host.example"],
    "framed": True,
    "type": given.form.type,
    "method": given.form.method,
    "submit": given.form.submit,
}

app = Flask(__name__, template_folder=os.environ["PEER_TEMPLATES"])
app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
app.jinja_env.autoescape = True
app.jinja_env.add_extension("jinja2.ext.i18n")
app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
app.jinja_env.globals["static"] = lambda name: f"/static/v1/{name}?01234567"
app.jinja_env.globals["words"] = lambda language: f"/static/v1/words.{language}.json?01234567"
app.jinja_env.filters["bold"] = lambda text: [
    (part, bool(number % 2)) for number, part in enumerate(text.split("**")) if part
]


@app.get("/readyz")
def ready() -> str:
    """The process answers."""
    return "ok"


@app.get("/form")
def page() -> str:
    """The page of a form in a frame."""
    shown = {
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
    return app.jinja_env.get_template("form.html").render(
        page=shown,
        form=given.form,
        tile=given.tile,
        category=given.category,
        passed=False,
        many=False,
        reconnect=False,
        state=state,
        token=token,
        step_url="/connect/step",
    )
