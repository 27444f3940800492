"""The queue of updates: numbered, kept for a while, handed out, confirmed by a later offset.

Times and limits are the Bot API server's: it keeps messages for a day and button presses for 150 seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.journal import Signal
from bot.sandbox.refusals import conflict

FIRST_UPDATE_ID = 700_000_001
MAX_UPDATES = 100
MAX_POLL_SECONDS = 50
KEPT_SECONDS = 24 * 3600
KEPT_SECONDS_BY_KIND = {"callback_query": 150, "inline_query": 30}
# What a bot gets only when it asks for it by name.
ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class _Queued:
    update_id: int
    body: dict[str, Any]
    expires: float


class UpdateQueue:
    """What the bot has not confirmed yet, in order."""

    def __init__(self, clock: SandboxClock, changed: Signal) -> None:
        self._clock = clock
        self._changed = changed
        self._queue: list[_Queued] = []
        self._next_id = FIRST_UPDATE_ID
        self._poll = 0
        self.confirmed_offset = 0
        self.allowed: frozenset[str] = frozenset()

    def add(self, kind: str, body: dict[str, Any]) -> int | None:
        """Queue an update; None when the bot did not ask for this kind."""
        if not self._wanted(kind):
            return None
        return self.add_raw({kind: body})

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ASKED_FOR_ONLY

    def add_raw(self, update: dict[str, Any]) -> int:
        """Queue an update as it is, numbered when it has no usable ``update_id`` of its own."""
        given = update.get("update_id")
        update_id = given if isinstance(given, int) else self._next_id
        self._next_id = max(self._next_id, update_id) + 1
        kept = min((KEPT_SECONDS_BY_KIND.get(key, KEPT_SECONDS) for key in update), default=KEPT_SECONDS)
        expires = self._clock.timestamp() + kept
        self._queue.append(_Queued(update_id, {**update, "update_id": update_id}, expires))
        self._changed.notify()
        return update_id

    def allow(self, kinds: Iterable[str]) -> None:
        """From now on queue only these kinds; none means the default ones."""
        self.allowed = frozenset(kinds)

    def pending(self) -> list[dict[str, Any]]:
        """All that waits, without what has expired."""
        moment = self._clock.timestamp()
        self._queue = [queued for queued in self._queue if queued.expires > moment]
        return [queued.body for queued in self._queue]

    def clear(self) -> None:
        self._queue.clear()

    def confirm(self, offset: int) -> None:
        """Drop what lies before ``offset``; a negative one counts from the end."""
        self.pending()
        if offset < 0:
            self._queue = self._queue[offset:]
        elif offset > 0:
            self._queue = [queued for queued in self._queue if queued.update_id >= offset]
            self.confirmed_offset = max(self.confirmed_offset, offset)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Up to ``limit`` updates, waiting up to ``seconds`` for the first.

        Raises the 409 refusal when another poll arrives meanwhile.
        """
        self._poll += 1
        mine = self._poll
        self._changed.notify()
        self.confirm(offset)
        await self._changed.wait_until(lambda: self._poll != mine or bool(self.pending()), seconds)
        if self._poll != mine:
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        return self.pending()[:limit]

    def interrupt(self) -> None:
        """End a poll that is waiting, with the 409 refusal."""
        self._poll += 1
        self._changed.notify()
