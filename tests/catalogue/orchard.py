"""A small definition of an invented API, to be broken in one place at a time."""

ORCHARD = """\
title = "Orchard"
category = "generic"
tile = "Or"
summary = "Apples and pears"

[document]
type = "http"
http.mediaType = "json"
http.auth.type = "token"
http.auth.token.location = "header"
http.baseURI = "https://{farm}.orchard.example/v1"
http.headers = [{ name = "X-Partner", value = "{secret:PARTNER_KEY}" }]

[[fields]]
name = "farm"
label = "Farm"
role = "account"
pattern = "[a-z][a-z0-9]*"
suffix = ".orchard.example"

[[fields]]
name = "token"
label = "Token"
kind = "secret"
role = "secret"
path = "http.auth.token.token"
looks_like = ["orc_"]
where = "In Orchard, under **Keys**."

[[fields]]
name = "region"
label = "Region"
kind = "choice"
default = "eu"
path = "http.headers[name=X-Region].value"
choices = [{ value = "eu", label = "Europe" }, { value = "us", label = "America" }]

[[fields]]
name = "limit"
label = "Requests at once"
kind = "integer"
required = false
path = "http.concurrencyLevel"
when = { field = "region", equals = ["us"] }

[[methods]]
key = "token"
title = "Token"

[[diagnoses]]
when = { status = 404 }
field = "farm"
message = "account_unknown"
"""
