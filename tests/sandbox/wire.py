"""A bot's and a visitor's view of the stand-in, over real HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx

from bot.sandbox import Sandbox

Json = dict[str, Any]


@dataclass
class Wire:
    """Calls go over one HTTP client; answers come back as plain JSON values."""

    client: httpx.AsyncClient
    sandbox: Sandbox

    async def call(self, method: str, **params: Any) -> Json:
        """A Bot API call with a JSON body; returns the whole answer object."""
        response = await self.client.post(f"/bot{self.sandbox.token}/{method}", json=params)
        answer: Json = response.json()
        assert response.status_code == answer.get("error_code", 200)
        return answer

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """The description of a call that must fail."""
        answer = await self.call(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def upload(self, method: str, field: str, name: str, content: bytes, **params: str) -> Json:
        url = f"/bot{self.sandbox.token}/{method}"
        response = await self.client.post(url, data=params, files={field: (name, content)})
        answer: Json = response.json()
        return answer

    async def tell(self, path: str, body: Any) -> Json:
        """A POST to the control API."""
        response = await self.client.post(f"/sandbox/{path}", json=body)
        answer: Json = response.json()
        return answer

    async def ask(self, path: str) -> Json:
        """A GET from the control API."""
        response = await self.client.get(f"/sandbox/{path}")
        answer: Json = response.json()
        return answer
