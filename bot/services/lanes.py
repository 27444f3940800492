"""Who is served next: replies before notices before bulk, in order within a chat, one at a time per chat.

Pure bookkeeping in memory; moments are seconds of any steady clock, handed in.
"""

import heapq
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.storage.outbox import Item, Lane

SPACING = 1.0
"""Seconds between two messages to one chat: Telegram's FAQ asks to "avoid sending more than one message per second"
and allows short bursts (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""
REPLY_BURST = 60
"""So many replies one chat gets as quickly as it asks; who asks on and on gets one each ``SPACING``. What nobody asked
for is never sent in a burst."""

REMEMBERED_CHATS = 10_000
"""So many chats' last messages are remembered before the old ones are forgotten."""


@dataclass
class _Lane:
    size: int = 0
    parked: int = 0
    chats: dict[int, deque[Item]] = field(default_factory=dict)
    ready: deque[int] = field(default_factory=deque)
    queued: set[int] = field(default_factory=set)

    def make_ready(self, chat: int) -> None:
        if chat in self.chats and chat not in self.queued:
            self.queued.add(chat)
            self.ready.append(chat)


@dataclass(frozen=True)
class _Sent:
    """When a chat was sent to last, and until when it would have been busy had each message taken ``SPACING``."""

    last: float
    spent: float


class Lanes:
    """Items that wait, by lane and chat."""

    def __init__(self) -> None:
        self._lanes = {lane: _Lane() for lane in Lane}
        self._busy: set[int] = set()
        self._parked: list[tuple[float, int, Lane]] = []
        self._held: set[tuple[int, Lane]] = set()
        self._sent: dict[int, _Sent] = {}
        self._numbers: set[int] = set()

    def __len__(self) -> int:
        return len(self._numbers)

    def waiting(self, lane: Lane) -> int:
        """How many items of a lane are in memory."""
        return self._lanes[lane].size

    def stuck(self, lane: Lane) -> int:
        """How many chats of a lane wait for a moment of their own: what is behind them need not."""
        return self._lanes[lane].parked

    def add(self, item: Item) -> None:
        """Queues an item; one that is here already is not queued twice."""
        if item.number in self._numbers:
            return
        self._numbers.add(item.number)
        lane = self._lanes[item.lane]
        lane.size += 1
        lane.chats.setdefault(item.chat, deque()).append(item)
        if item.chat not in self._busy and (item.chat, item.lane) not in self._held:
            lane.make_ready(item.chat)

    def next(self, now: float, lanes: Iterable[Lane] = Lane) -> Item | None:
        """The item of these lanes to send now; its chat is busy until ``done``, ``again`` or ``put_back``."""
        self._release(now)
        for lane in lanes:
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
            free_at = self._free_at(chat, lane)
            if free_at > now:
                self._park(chat, lane, free_at)
                continue
            return line.chats[chat][0]
        return None

    def _free_at(self, chat: int, lane: Lane) -> float:
        sent = self._sent.get(chat)
        if sent is None:
            return 0.0
        return sent.spent - REPLY_BURST * SPACING if lane is Lane.REPLY else sent.last + SPACING

    def done(self, item: Item, now: float, sent: bool = True) -> None:
        """The item has ended, one way or another; what was not ``sent`` keeps nobody waiting."""
        line = self._lanes[item.lane]
        line.size -= 1
        line.chats[item.chat].popleft()
        if not line.chats[item.chat]:
            del line.chats[item.chat]
        self._numbers.discard(item.number)
        if sent:
            self._note_sent(item.chat, now)
        self._free(item.chat)

    def _note_sent(self, chat: int, now: float) -> None:
        before = self._sent.get(chat)
        self._sent[chat] = _Sent(now, max(now, before.spent if before else now) + SPACING)
        if len(self._sent) > REMEMBERED_CHATS:
            self.forget_chats(now)

    def put_back(self, item: Item) -> None:
        """The item was not sent after all, and stays the first of its chat."""
        self._free(item.chat)

    def again(self, item: Item, at: float) -> None:
        """The item, perhaps changed, is tried again from ``at`` on; what follows it in its chat and lane waits too."""
        self._lanes[item.lane].chats[item.chat][0] = item
        self._park(item.chat, item.lane, at)
        self._free(item.chat)

    def wake_at(self) -> float | None:
        """When the next parked chat is free again; None when none is parked."""
        return self._parked[0][0] if self._parked else None

    def forget_chats(self, now: float) -> None:
        """Drops what no longer matters for spacing, so that memory follows the traffic and not the history."""
        self._sent = {chat: sent for chat, sent in self._sent.items() if sent.spent > now}

    def _park(self, chat: int, lane: Lane, at: float) -> None:
        self._held.add((chat, lane))
        self._lanes[lane].parked += 1
        heapq.heappush(self._parked, (at, chat, lane))

    def _release(self, now: float) -> None:
        while self._parked and self._parked[0][0] <= now:
            _, chat, lane = heapq.heappop(self._parked)
            self._held.discard((chat, lane))
            self._lanes[lane].parked -= 1
            self._lanes[lane].make_ready(chat)

    def _free(self, chat: int) -> None:
        self._busy.discard(chat)
        for lane, line in self._lanes.items():
            if (chat, lane) not in self._held:
                line.make_ready(chat)
