"""The Bot API: a method name and its parameters in, the answer object out.

Left out, and answered with 404: groups' administration, media groups, polls, payments, inline mode, games.
"""

from collections.abc import Callable
from typing import Any

from bot.sandbox import messages, profile, webhook
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Call
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import Refusal, conflict
from bot.sandbox.updates import MAX_POLL_SECONDS, MAX_UPDATES
from bot.sandbox.world import World

Answer = dict[str, Any]
Method = Callable[[World, Parameters], Any]

_WEBHOOK_METHODS: dict[str, Method] = {
    "setWebhook": webhook.set_webhook,
    "deleteWebhook": webhook.delete_webhook,
    "getWebhookInfo": webhook.get_webhook_info,
}
METHODS: dict[str, Method] = {**messages.METHODS, **profile.METHODS, **_WEBHOOK_METHODS}
NAMES = {name.lower(): name for name in (*METHODS, "getUpdates")}


class BotApi:
    """Answers calls, with the faults in force applied by whoever holds the connection."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    async def answer(self, token: str, method: str, params: Parameters) -> Answer:
        """The answer object; never raises for what a bot may do wrong."""
        try:
            return {"ok": True, "result": await self._result(token, method, params)}
        except Refusal as refusal:
            return refusal.answer()

    async def _result(self, token: str, method: str, params: Parameters) -> Any:
        if token != self._world.token:
            raise Refusal(401, "Unauthorized")
        name = NAMES.get(method.lower())
        if name is None:
            raise Refusal(404, "Not Found")
        self._faults.limits.check(name, params, self._world.clock.monotonic())
        if name == "getUpdates":
            return await self._get_updates(params)
        return METHODS[name](self._world, params)

    async def _get_updates(self, params: Parameters) -> list[dict[str, Any]]:
        if self._world.webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        webhook.allow_as_asked(self._world, params)
        limit = params.integer("limit", MAX_UPDATES)
        limit = limit if 1 <= limit <= MAX_UPDATES else MAX_UPDATES
        seconds = min(max(params.integer("timeout"), 0), MAX_POLL_SECONDS)
        return await self._world.updates.poll(params.integer("offset"), limit, seconds)


def status_of(answer: Answer) -> int:
    """The HTTP status that goes with an answer object."""
    return 200 if answer["ok"] else int(answer["error_code"])


def note(call: Call, answer: Answer | None, fault: str | None = None) -> None:
    """Write into the journal how a call ended; an answer of None never reached the bot."""
    call.answer = answer
    call.status = status_of(answer) if answer is not None else None
    call.fault = fault
