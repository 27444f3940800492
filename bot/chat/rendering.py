"""Messages as Telegram takes them: inline keyboards, and texts that fit."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.messages.message import TEXT_LIMIT, Button, Edit, Message, Sendable, utf16_length


def keyboard(message: Message) -> dict[str, Any] | None:
    """The message's buttons as an InlineKeyboardMarkup of the Bot API
    (https://core.telegram.org/bots/api#inlinekeyboardmarkup)."""
    if not message.buttons:
        return None
    return {"inline_keyboard": [[_button(each) for each in row] for row in message.buttons if row]}


def _button(button: Button) -> dict[str, str]:
    given = {"callback_data": button.data, "url": button.url, "style": button.style.value}
    return {"text": button.label, **{name: value for name, value in given.items() if value}}


def fitting(content: Sendable) -> Iterator[Sendable]:
    """The content in pieces that Telegram takes: a text that is too long becomes several messages, the buttons
    under the last one."""
    if isinstance(content, Message):
        yield from _messages(content)
    elif isinstance(content, Edit):
        first, *rest = _messages(content.message)
        yield Edit(content.message_id, first)
        yield from rest
    else:
        yield content


def _messages(message: Message) -> Iterator[Message]:
    *first, last = pieces(message.text)
    for text in first:
        yield replace(message, text=text, buttons=())
    yield replace(message, text=last)


def pieces(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """The text cut at line ends, or at words where one line is too long by itself; its markup is counted in, to be
    on the safe side."""
    if utf16_length(text) <= limit:
        return [text]
    collected: list[str] = []
    current = ""
    for part in _parts(text, limit):
        if utf16_length(current + part) > limit:
            collected.append(current.rstrip())
            current = ""
        current += part
    return [each for each in [*collected, current.rstrip()] if each.strip()]


def _parts(text: str, limit: int) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        if utf16_length(line) <= limit:
            yield line
        else:
            yield from _chunks(line, limit)


def _chunks(line: str, limit: int) -> Iterator[str]:
    # Half the limit in characters fits whatever the characters are, as each is at most two units.
    while line:
        cut = line.rfind(" ", 1, limit // 2) + 1 or limit // 2
        # Never inside an escaped sign such as &amp;
        ampersand = line.rfind("&", max(0, cut - 6), cut)
        if ampersand > 0 and ";" not in line[ampersand:cut]:
            cut = ampersand
        yield line[:cut]
        line = line[cut:]
