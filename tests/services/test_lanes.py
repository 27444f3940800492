"""Who is served next: replies before notices before bulk, each chat in order and one at a time."""

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.lanes import REPLY_BURST, SPACING, Lanes
from bot.storage.outbox import Item, Lane
from tests.builders import NOON

REPLY, NOTICE, BULK = Lane


def item(number: int, chat: int, lane: Lane) -> Item:
    return Item(number, None, lane, chat, "{}", NOON, None, 0, None)


def queued(*waiting: tuple[int, Lane]) -> Lanes:
    """Lanes with these waiting, as (chat, lane), numbered from one."""
    lanes = Lanes()
    for number, (chat, lane) in enumerate(waiting, 1):
        lanes.add(item(number, chat, lane))
    return lanes


def served(lanes: Lanes, now: float = 0) -> list[int]:
    """The numbers that are served at that moment when each ends at once."""
    numbers = []
    while (each := lanes.next(now)) is not None:
        numbers.append(each.number)
        lanes.done(each, now)
    return numbers


@pytest.mark.parametrize(
    ("waiting", "numbers"),
    [
        ([], []),
        ([(1, BULK), (2, NOTICE), (3, REPLY)], [3, 2, 1]),
        ([(1, REPLY), (1, REPLY), (1, REPLY)], [1, 2, 3]),
        # A chat with much to hear does not keep the others waiting.
        ([(1, REPLY), (1, REPLY), (1, REPLY), (2, REPLY)], [1, 4, 2, 3]),
        ([(1, BULK), (2, BULK), (3, BULK), (9, REPLY)], [4, 1, 2, 3]),
        # Replies to a chat do not wait for its notices; what is unsolicited waits its second.
        ([(1, NOTICE), (1, REPLY)], [2]),
        ([(1, NOTICE), (1, NOTICE)], [1]),
        ([(1, NOTICE), (1, BULK), (2, BULK)], [1, 3]),
    ],
)
def test_who_is_served_and_in_which_order(waiting: list[tuple[int, Lane]], numbers: list[int]) -> None:
    assert served(queued(*waiting)) == numbers


def test_a_chat_is_busy_until_its_message_has_ended() -> None:
    lanes = queued((1, REPLY), (1, REPLY), (1, NOTICE), (2, BULK))
    first, other = lanes.next(0), lanes.next(0)
    assert first is not None
    assert other is not None
    assert (first.number, other.number, lanes.next(0)) == (1, 4, None)
    lanes.done(first, 0.5)
    second = lanes.next(0.5)
    assert second is not None
    assert second.number == 2


def test_unsolicited_messages_to_a_chat_are_a_second_apart() -> None:
    lanes = queued((1, NOTICE), (1, NOTICE), (1, BULK))
    assert served(lanes, 10.0) == [1]
    assert lanes.wake_at() == 10.0 + SPACING
    assert served(lanes, 10.9) == []
    assert served(lanes, 11.0) == [2]
    assert served(lanes, 11.5) == []
    assert served(lanes, 12.0) == [3]
    assert (len(lanes), lanes.wake_at()) == (0, None)


@pytest.mark.parametrize("moment", [0.0, 0.3, 8.1, 12_345.678, 98_765.4321])
def test_a_chat_that_was_never_written_to_need_not_be_spared(moment: float) -> None:
    assert served(queued((1, NOTICE), (2, BULK)), moment) == [1, 2]


def test_what_is_tried_again_waits_and_holds_back_only_its_own_chat_and_lane() -> None:
    lanes = queued((1, REPLY), (1, REPLY), (1, NOTICE), (2, REPLY))
    failed = lanes.next(0)
    assert failed is not None
    lanes.again(replace(failed, tries=1), 5)
    assert served(lanes, 0) == [4, 3]
    assert lanes.wake_at() == 5
    assert served(lanes, 4.9) == []
    again = lanes.next(5)
    assert again == replace(failed, tries=1)
    lanes.done(failed, 5)
    assert served(lanes, 5) == [2]


def test_an_item_is_queued_once_while_it_waits_or_is_on_its_way() -> None:
    lanes = queued((1, REPLY))
    lanes.add(item(1, 1, REPLY))
    on_its_way = lanes.next(0)
    lanes.add(item(1, 1, REPLY))
    assert on_its_way is not None
    lanes.done(on_its_way, 0)
    assert (lanes.next(0), len(lanes), lanes.waiting(REPLY)) == (None, 0, 0)


def test_what_waits_is_counted_by_lane() -> None:
    lanes = queued((1, REPLY), (1, REPLY), (2, REPLY), (1, BULK))
    assert ([lanes.waiting(lane) for lane in Lane], len(lanes)) == ([3, 0, 1], 4)


CHATS, LANES = st.integers(1, 4), st.sampled_from(Lane)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), CHATS, LANES),
        st.tuples(st.just("next"), st.just(0), st.just(REPLY)),
        st.tuples(st.just("done"), st.integers(0, 9), st.just(REPLY)),
        st.tuples(st.just("again"), st.integers(0, 9), st.just(REPLY)),
        st.tuples(st.just("wait"), st.integers(1, 20), st.just(REPLY)),
    ),
    min_size=20,
    max_size=200,
)


class Sending:
    """Lanes at work, and what one saw of them."""

    def __init__(self) -> None:
        self.lanes = Lanes()
        self.now = 0.0
        self.added: list[Item] = []
        self.on_the_wire: list[Item] = []
        self.ended: list[Item] = []
        self.held: dict[tuple[int, Lane], float] = {}
        self.last_end: dict[int, float] = {}

    def do(self, step: str, value: int, lane: Lane) -> None:
        if step == "add":
            self.add(value, lane)
        elif step == "wait":
            self.now += value / 8
        elif step == "next":
            self.next()
        elif self.on_the_wire:
            self.end(self.on_the_wire.pop(value % len(self.on_the_wire)), again=step == "again")

    def add(self, chat: int, lane: Lane) -> None:
        self.added.append(item(len(self.added) + 1, chat, lane))
        self.lanes.add(self.added[-1])

    def next(self) -> Item | None:
        chosen = self.lanes.next(self.now)
        able = self.able()
        if chosen is None:
            assert able == []
            return None
        assert chosen in able
        # Nobody in a better lane could have been served instead, and nobody before it in its chat and lane.
        assert chosen.lane is min(each.lane for each in able)
        self.on_the_wire.append(chosen)
        return chosen

    def able(self) -> list[Item]:
        """What may be sent now: the first of each chat and lane, unless the chat is busy, held, or to be spared."""
        gone = {each.number for each in (*self.ended, *self.on_the_wire)}
        busy = {each.chat for each in self.on_the_wire}
        heads: dict[tuple[int, Lane], Item] = {}
        for each in self.added:
            if each.number not in gone:
                heads.setdefault((each.chat, each.lane), each)
        return [
            each
            for (chat, lane), each in heads.items()
            if chat not in busy
            and self.held.get((chat, lane), 0) <= self.now
            and (lane is REPLY or self.now >= self.last_end.get(chat, -9) + SPACING)
        ]

    def end(self, which: Item, again: bool) -> None:
        if again:
            self.held[which.chat, which.lane] = self.now + 0.5
            self.lanes.again(which, self.now + 0.5)
        else:
            self.lanes.done(which, self.now)
            self.ended.append(which)
            self.last_end[which.chat] = self.now


@given(steps)
@settings(deadline=None, max_examples=150)
def test_whatever_happens_the_best_that_may_be_sent_is_sent_and_nothing_is_lost(
    steps: list[tuple[str, int, Lane]],
) -> None:
    sending = Sending()
    for step in steps:
        sending.do(*step)
        chats = [each.chat for each in sending.on_the_wire]
        assert len(set(chats)) == len(chats)
    while len(sending.lanes):
        if sending.next() is None and not sending.on_the_wire:
            wake_at = sending.lanes.wake_at()
            assert wake_at is not None
            assert wake_at > sending.now
            sending.now = wake_at
        for each in list(sending.on_the_wire):
            sending.on_the_wire.remove(each)
            sending.end(each, again=False)
    assert sorted(each.number for each in sending.ended) == [each.number for each in sending.added]
    by_chat_and_lane = defaultdict(list)
    for each in sending.ended:
        by_chat_and_lane[each.chat, each.lane].append(each.number)
    assert all(numbers == sorted(numbers) for numbers in by_chat_and_lane.values())


@pytest.mark.parametrize(("moment", "numbers"), [(10.0, []), (10.5, []), (11.0, [2])])
def test_a_chat_is_forgotten_only_when_it_was_quiet_for_long(moment: float, numbers: list[int]) -> None:
    lanes = queued((1, NOTICE))
    served(lanes, 10.0)
    lanes.forget_chats(moment)
    lanes.add(item(2, 1, NOTICE))
    assert served(lanes, 10.6) == numbers


def test_who_asks_on_and_on_gets_one_reply_a_second_in_the_end() -> None:
    lanes = Lanes()
    for number in range(REPLY_BURST + 5):
        lanes.add(item(number, 1, REPLY))
    assert served(lanes, 10.0) == list(range(REPLY_BURST + 1))
    assert [served(lanes, 10.0 + second) for second in (0.5, 1.0, 2.0)] == [[], [REPLY_BURST + 1], [REPLY_BURST + 2]]


def test_what_is_put_back_is_next_and_what_was_never_sent_keeps_nobody_waiting() -> None:
    lanes = queued((1, NOTICE), (1, NOTICE))
    first = lanes.next(10.0)
    assert first is not None
    lanes.put_back(first)
    assert lanes.next(10.0) == first
    lanes.done(first, 10.0, sent=False)
    assert served(lanes, 10.0) == [2]


def test_only_the_lanes_asked_for_are_served() -> None:
    lanes = queued((1, REPLY), (2, NOTICE), (3, BULK))
    unsolicited = [lanes.next(0, (NOTICE, BULK)) for _ in range(3)]
    assert [each.number if each else None for each in unsolicited] == [2, 3, None]
    assert [lanes.waiting(lane) for lane in Lane] == [1, 1, 1]
