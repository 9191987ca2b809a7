"""Judges the answer to an HTTP ping by the rules in the connection document."""

import json
import re
from typing import Any

import httpx

from sandbox.integrator.reach.api import Api
from sandbox.integrator.reach.problem import Problem

_ABSENT = object()


def judge(response: httpx.Response, api: Api) -> list[Problem]:
    """The problems of an answer, none when it counts as success.

    The order: the status, then the rule for failure, then the rule for success. A rule without
    values asks only whether there is something (success: something truthy) at its path.
    """
    body = _parsed(response)
    refused = api.auth_failure.path and _matches(
        body, api.auth_failure.path, api.auth_failure.values
    )
    if not response.is_success:
        return [Problem(response.status_code, _message(response, body, api), "http")]
    if refused:
        return [Problem(api.auth_failure.status, _message(response, body, api), "http")]
    if _fails(body, api) or not _succeeds(body, api):
        return [Problem(response.status_code, _message(response, body, api), "http")]
    return []


def value_at(body: Any, path: str) -> Any:
    """What stands at a path such as ``data.items[0].id``; None if there is nothing."""
    value = _find(body, path)
    return None if value is _ABSENT else value


def _fails(body: Any, api: Api) -> bool:
    return bool(api.ping.fail_path) and _matches(body, api.ping.fail_path, api.ping.fail_values)


def _matches(body: Any, path: str, values: tuple[str, ...]) -> bool:
    value = _find(body, path)
    if value is _ABSENT or value is None:
        return False
    return _as_text(value) in values if values else True


def _succeeds(body: Any, api: Api) -> bool:
    ping = api.ping
    if not ping.success_path:
        return True
    value = value_at(body, ping.success_path)
    candidates = value if isinstance(value, list) and ping.success_in_array else [value]
    if not ping.success_values:
        return any(bool(item) for item in candidates)
    return any(_as_text(item) in ping.success_values for item in candidates)


def _message(response: httpx.Response, body: Any, api: Api) -> str:
    if api.ping.error_path:
        found = value_at(body, api.ping.error_path)
        if found is not None:
            return _as_text(found)
    return response.text or response.reason_phrase


def _parsed(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return _ABSENT


def _find(body: Any, path: str) -> Any:
    value = body
    for part in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _ABSENT
    return value


def _as_text(value: Any) -> str:
    """A value as JavaScript's String() shows it; objects as JSON."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
