"""Pushing updates to a bot that set a webhook, one after another, until each is accepted.

https://core.telegram.org/bots/api#setwebhook
"""

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import Webhook, World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
MAX_SECRET = 256
REQUEST_SECONDS = 60
# Telegram tries again at once, then after 2, 4, 8 … seconds.
MAX_RETRY_SECONDS = 64.0


def set_webhook(world: World, params: Parameters) -> bool:
    """Plain HTTP is accepted, as a Bot API server of one's own does in local mode."""
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return delete_webhook(world, params)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: invalid webhook URL specified")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    allow_as_asked(world, params)
    _drop_pending(world, params)
    world.webhook = Webhook(url, secret, params.integer("max_connections", 40))
    world.updates.interrupt()
    return True


def delete_webhook(world: World, params: Parameters) -> bool:
    _drop_pending(world, params)
    world.webhook = Webhook()
    world.journal.changed.notify()
    return True


def _drop_pending(world: World, params: Parameters) -> None:
    if params.flag("drop_pending_updates"):
        world.updates.clear()


def allow_as_asked(world: World, params: Parameters) -> None:
    """Keep the kinds asked for; a call that says nothing leaves the earlier choice in force."""
    kinds = params.structure("allowed_updates", "allowed updates")
    if isinstance(kinds, list):
        world.updates.allow(str(kind) for kind in kinds)


def get_webhook_info(world: World, params: Parameters) -> dict[str, Any]:
    hook = world.webhook
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending()),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if hook.last_error is not None:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
    if world.updates.allowed:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


class WebhookDelivery:
    """Hands the queue to the webhook in order; a failing update holds up the later ones.

    ``retry_seconds`` is the first pause that grows; tests make it short.
    """

    def __init__(self, world: World, retry_seconds: float) -> None:
        self._world = world
        self._retry_seconds = retry_seconds
        self._failures = 0

    async def run(self) -> None:
        client = AsyncHTTPClient(force_instance=True)
        try:
            while True:
                await self._world.journal.changed.wait_until(self._has_work, 3600)
                if self._has_work():
                    await self._deliver_first(client)
        finally:
            client.close()

    def _has_work(self) -> bool:
        return bool(self._world.webhook.url and self._world.updates.pending())

    async def _deliver_first(self, client: AsyncHTTPClient) -> None:
        hook, update = self._world.webhook, self._world.updates.pending()[0]
        trouble = await _push(client, hook, update)
        if trouble is None:
            self._failures = 0
            self._world.updates.confirm(update["update_id"] + 1)
            return
        hook.last_error, hook.last_error_date = trouble, self._world.clock.timestamp()
        self._failures += 1
        await asyncio.sleep(self._pause())

    def _pause(self) -> float:
        if self._failures == 1:
            return 0.0
        return min(self._retry_seconds * 2.0 ** (self._failures - 2), MAX_RETRY_SECONDS)


async def _push(client: AsyncHTTPClient, hook: Webhook, update: dict[str, Any]) -> str | None:
    """Send one update; the trouble in Telegram's words, or None when it was accepted."""
    headers = {"Content-Type": "application/json"}
    if hook.secret:
        headers[SECRET_HEADER] = hook.secret
    try:
        await client.fetch(
            hook.url,
            method="POST",
            headers=headers,
            body=json.dumps(update),
            request_timeout=REQUEST_SECONDS,
            follow_redirects=False,
        )
    except HTTPClientError as fault:
        return f"Wrong response from the webhook: {fault.code} {fault.message}"
    except OSError as fault:
        return f"Connection failed: {fault}"
    return None
