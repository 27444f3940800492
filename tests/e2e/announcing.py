"""What a coordinator does with announcements, as steps that tests are made of."""

import asyncio
from pathlib import Path
from typing import Any

from tests.e2e.stage import SAMPLE, Stage, Visitor, captions, eventually, is_from_bot, text_of

COUNTDOWN = 11
"""Seconds by which the clock is moved so that the ten in which one can still stop are over."""

WORKSHOP = """\
  - id: workshop
    title: "Workshop: from a cluster to a value chain"
    start: 2019-10-10T10:00
    end: 2019-10-10T12:00
    room: "201"
    capacity: 50

"""


def two_sessions(folder: Path, seats: int = 120) -> str:
    """A copy of the sample event with a second session on the next day; its path."""
    text = SAMPLE.read_text("utf-8").replace("capacity: 120", f"capacity: {seats}")
    mark = "# also_known_as: other spellings"
    assert text.count(mark) == 1
    path = folder / "event.yaml"
    path.write_text(text.replace(mark, WORKSHOP + mark), "utf-8")
    return str(path)


async def gather_registered(stage: Stage, size: int, first: int = 1000) -> list[Visitor]:
    """People with a seat each."""
    people = [await stage.person(first + number, f"P{number}") for number in range(size)]
    await asyncio.gather(*(each.register() for each in people))
    return people


async def take_seat(visitor: Visitor, title: str) -> dict[str, Any]:
    """The way to a seat of the session whose title has these words, where there are several; the last message."""
    choice = await visitor.ask("/register")
    caption = next(each for each in captions(choice) if title in each)
    return await visitor.press(await visitor.press(choice, caption), "✅")


async def draft(clara: Visitor, text: str) -> dict[str, Any]:
    """The question under the preview of a text."""
    return await clara.message_after((await clara.ask(f"/broadcast {text}"))["message_id"])


async def draft_of_copy(clara: Visitor, **media: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Something that the coordinator sends into the chat and replies to with /broadcast: the original, and the question
    under the preview."""
    original = await clara.say(None, **media)
    await clara.message_after(original["message_id"])
    preview = await clara.ask("/broadcast", reply_to_message_id=original["message_id"])
    return original, await clara.message_after(preview["message_id"])


async def let_go(stage: Stage, clara: Visitor, question: dict[str, Any]) -> dict[str, Any]:
    """Says yes to a question and moves the clock past the time to think again; the message that shows the progress."""
    shown = await clara.press(question, "✅")
    assert text_of(shown).startswith("⏳ In "), text_of(shown)
    await stage.post("clock", {"advance_seconds": COUNTDOWN})
    return shown


async def said(clara: Visitor, words: str) -> dict[str, Any]:
    """The newest message of the bot that has these words, once there is one."""
    await clara.hears(words)
    return next(each for each in reversed(await clara.messages()) if is_from_bot(each) and words in text_of(each))


async def announce(stage: Stage, clara: Visitor, text: str, people: int) -> dict[str, Any]:
    """The whole way of an announcement to so many people; its report."""
    await let_go(stage, clara, await draft(clara, text))
    return await said(clara, f"Your announcement reached {people} ")


async def settled(stage: Stage) -> None:
    """Waits until no announcement is under way or scheduled any more, and the end of all that was sent is on disk."""
    await eventually(lambda: stage.rows("SELECT count(*) FROM broadcasts WHERE state = 'sending'") == [(0,)])
    await written(stage)


async def written(stage: Stage) -> None:
    """Waits until the end of all that was sent is on disk: a kill before that may repeat it."""
    under_way = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"
    await eventually(lambda: stage.rows(under_way) == [(0,)])


async def heard_by(people: list[Visitor], words: str) -> list[int]:
    """How often each of them can read these words, in their order."""
    return [sum(words in text for text in await each.heard()) for each in people]
