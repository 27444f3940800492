"""Who is served next: replies before notices before bulk, in order within a chat, one at a time per chat.

Pure bookkeeping in memory; moments are seconds of any steady clock, handed in.
"""

import heapq
from collections import deque
from dataclasses import dataclass, field

from bot.storage.outbox import Item, Lane

UNSOLICITED_SPACING = 1.0
"""Seconds between two unsolicited messages to one chat, by Telegram's FAQ ("avoid sending more than one message per
second"); replies may come as quickly as people ask."""

REMEMBERED_CHATS = 10_000
"""So many chats' last messages are remembered before the old ones are forgotten."""


@dataclass
class _Lane:
    chats: dict[int, deque[Item]] = field(default_factory=dict)
    ready: deque[int] = field(default_factory=deque)
    queued: set[int] = field(default_factory=set)

    def make_ready(self, chat: int) -> None:
        if chat in self.chats and chat not in self.queued:
            self.queued.add(chat)
            self.ready.append(chat)


class Lanes:
    """Items that wait, by lane and chat."""

    def __init__(self) -> None:
        self._lanes = {lane: _Lane() for lane in Lane}
        self._busy: set[int] = set()
        self._parked: list[tuple[float, int, Lane]] = []
        self._held: set[tuple[int, Lane]] = set()
        self._last_sent: dict[int, float] = {}
        self._numbers: set[int] = set()

    def __len__(self) -> int:
        return len(self._numbers)

    def waiting(self, lane: Lane) -> int:
        """How many items of a lane are in memory."""
        return sum(len(items) for items in self._lanes[lane].chats.values())

    def add(self, item: Item) -> None:
        """Queues an item; one that is here already is not queued twice."""
        if item.number in self._numbers:
            return
        self._numbers.add(item.number)
        lane = self._lanes[item.lane]
        lane.chats.setdefault(item.chat, deque()).append(item)
        if item.chat not in self._busy and (item.chat, item.lane) not in self._held:
            lane.make_ready(item.chat)

    def next(self, now: float) -> Item | None:
        """The item to send now; its chat is busy until ``done`` or ``again``."""
        self._release(now)
        for lane in Lane:
            item = self._next_of(lane, now)
            if item is not None:
                self._busy.add(item.chat)
                return item
        return None

    def _next_of(self, lane: Lane, now: float) -> Item | None:
        line = self._lanes[lane]
        while line.ready:
            chat = line.ready.popleft()
            line.queued.discard(chat)
            if chat in self._busy or chat not in line.chats:
                continue
            if lane is not Lane.REPLY and chat in self._last_sent:
                free_at = self._last_sent[chat] + UNSOLICITED_SPACING
                if free_at > now:
                    self._park(chat, lane, free_at)
                    continue
            return line.chats[chat][0]
        return None

    def done(self, item: Item, now: float) -> None:
        """The item has ended, one way or another."""
        line = self._lanes[item.lane]
        line.chats[item.chat].popleft()
        if not line.chats[item.chat]:
            del line.chats[item.chat]
        self._numbers.discard(item.number)
        self._last_sent[item.chat] = now
        if len(self._last_sent) > REMEMBERED_CHATS:
            self.forget_chats_before(now - UNSOLICITED_SPACING)
        self._free(item.chat)

    def again(self, item: Item, at: float) -> None:
        """The item, perhaps changed, is tried again from ``at`` on; what follows it in its chat and lane waits too."""
        self._lanes[item.lane].chats[item.chat][0] = item
        self._park(item.chat, item.lane, at)
        self._free(item.chat)

    def wake_at(self) -> float | None:
        """When the next parked chat is free again; None when none is parked."""
        return self._parked[0][0] if self._parked else None

    def forget_chats_before(self, moment: float) -> None:
        """Drops what no longer matters for spacing, so that memory follows the traffic and not the history."""
        self._last_sent = {chat: at for chat, at in self._last_sent.items() if at >= moment}

    def _park(self, chat: int, lane: Lane, at: float) -> None:
        self._held.add((chat, lane))
        heapq.heappush(self._parked, (at, chat, lane))

    def _release(self, now: float) -> None:
        while self._parked and self._parked[0][0] <= now:
            _, chat, lane = heapq.heappop(self._parked)
            self._held.discard((chat, lane))
            self._lanes[lane].make_ready(chat)

    def _free(self, chat: int) -> None:
        self._busy.discard(chat)
        for lane, line in self._lanes.items():
            if (chat, lane) not in self._held:
                line.make_ready(chat)
