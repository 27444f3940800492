"""How the stand-in says no: Telegram's own words, with the HTTP status that carries them.

The texts follow the Bot API server (https://github.com/tdlib/telegram-bot-api) and what its users report.
"""

from typing import Any


class Refusal(Exception):
    """A call that the Bot API answers with ``"ok": false``."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """The JSON object that goes over the wire."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(reason: str) -> Refusal:
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    return Refusal(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> Refusal:
    """``retry_after`` is in whole seconds, as Telegram gives it."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
