"""The host's server speaks to Keyhatch here, by the public contract and with its host key alone."""

from typing import Any

import httpx

END_USER = {"id": "enzo", "display_name": "Enzo"}


class KeyhatchFailed(Exception):
    """Keyhatch did not answer, or refused. `words` is a sentence for the page."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Keyhatch:
    """The calls that a host's server makes. Raises KeyhatchFailed."""

    def __init__(self, url: str, host_key: str) -> None:
        self.url = url
        self._details: dict[str, dict[str, Any]] = {}
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {host_key}"},
            timeout=30,
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def types(self) -> list[dict[str, Any]]:
        """Every connection type with its forms."""
        listed = await self._ask("GET", "/v1/connection-types")
        return [await self._type(kind["key"]) for kind in listed["connection_types"]]

    async def session(self, **wishes: Any) -> dict[str, Any]:
        """A connect session for Enzo; `wishes` are members of the request that are not None."""
        body = {"end_user": END_USER} | {k: v for k, v in wishes.items() if v is not None}
        made: dict[str, Any] = await self._ask("POST", "/v1/connect-sessions", body)
        return made

    async def verify(self, receipt: str) -> dict[str, Any]:
        """What a receipt proves; one of somebody else's end user proves nothing to us."""
        proof: dict[str, Any] = await self._ask("POST", "/v1/receipts/verify", {"receipt": receipt})
        if proof["end_user_id"] != END_USER["id"]:
            raise KeyhatchFailed("The receipt is for another person.")
        return proof

    async def connections(self) -> list[dict[str, Any]]:
        """Enzo's connections, newest first."""
        page = await self._ask("GET", f"/v1/connections?end_user_id={END_USER['id']}&limit=100")
        found: list[dict[str, Any]] = page["connections"]
        return found

    async def disconnect(self, connection_id: str) -> None:
        """Delete one of Enzo's connections."""
        if connection_id in {each["id"] for each in await self.connections()}:
            await self._ask("DELETE", f"/v1/connections/{connection_id}")

    async def _type(self, key: str) -> dict[str, Any]:
        if key not in self._details:
            self._details[key] = await self._ask("GET", f"/v1/connection-types/{key}")
        return self._details[key]

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        try:
            answer = await self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            words = f"Keyhatch does not answer at {self.url} ({type(error).__name__})."
            raise KeyhatchFailed(words) from error
        if answer.is_success:
            return answer.json() if answer.content else None
        raise KeyhatchFailed(_refusal(answer))


def _refusal(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"Keyhatch refused ({problem['code']}): {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"Keyhatch answered {answer.status_code}."
