"""What is sent, as plain values that can wait in the database (``to_json``) and be taken up again (``from_json``)."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from bot.messages.actions import Action, pack

TEXT_LIMIT = 4096
"""The longest text of one message that Telegram takes, in UTF-16 units, after its markup is taken out."""


def utf16_length(text: str) -> int:
    """The length as Telegram counts it (https://core.telegram.org/api/entities#entity-length)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Style(StrEnum):
    """How a button looks where Telegram's app knows colours."""

    GO = "success"
    STOP = "danger"
    PLAIN = ""


@dataclass(frozen=True)
class Button:
    """``data`` is a packed action; a button has either that or a ``url``."""

    label: str
    data: str = ""
    url: str = ""
    style: Style = Style.PLAIN


Buttons = tuple[tuple[Button, ...], ...]


def button(label: str, action: Action, style: Style = Style.PLAIN) -> Button:
    return Button(label, pack(action), style=style)


@dataclass(frozen=True)
class Message:
    """A text; Telegram's HTML, or exactly as written where ``verbatim``."""

    text: str
    buttons: Buttons = ()
    verbatim: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Edit:
    """Replaces one of the bot's own messages; where that is gone, the text comes as a new message."""

    message_id: int
    message: Message


@dataclass(frozen=True)
class Acknowledge:
    """Ends the waiting circle on a pressed button, with a short note or without."""

    callback_id: str
    text: str = ""
    alert: bool = False


@dataclass(frozen=True)
class Pin:
    """A place on the map; degrees, WGS 84."""

    name: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class File:
    name: str
    content: bytes
    caption: str = ""


class Part(StrEnum):
    """Which words of a message can be changed once it has been sent."""

    TEXT = "text"
    CAPTION = "caption"
    NONE = ""


@dataclass(frozen=True)
class Copy:
    """A copy of any message that stands in another chat; a ``caption`` takes the place of its own."""

    chat: int
    message_id: int
    part: Part = Part.NONE
    caption: str | None = None


@dataclass(frozen=True)
class Amend:
    """Changes the words of a message that was sent; nothing takes its place where it is gone. The text is Telegram's
    HTML."""

    message_id: int
    part: Part
    text: str


@dataclass(frozen=True)
class Delete:
    """Takes a message back."""

    message_id: int


@dataclass(frozen=True)
class Commands:
    """What the menu button of this one chat lists: (command, what it does)."""

    commands: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReminderDue:
    """A reminder that is written when it is sent, so that "starts in 12 minutes" is true on arrival."""

    session: str
    rule: str


@dataclass(frozen=True)
class OfferDue:
    """A seat is offered; written when it is sent."""

    registration: int


@dataclass(frozen=True)
class ChangeDue:
    """A session has another time or place than the person was told; written when it is sent. ``told`` are the facts
    that it replaces, as JSON."""

    session: str
    told: str


Sendable = Message | Edit | Acknowledge | Pin | File | Copy | Amend | Delete | Commands
Composed = ReminderDue | OfferDue | ChangeDue
Content = Sendable | Composed

KINDS: dict[str, type[Content]] = {kind.__name__: kind for kind in get_args(Content)}


def to_json(content: Content) -> str:
    return json.dumps({"kind": type(content).__name__, **vars(content)}, ensure_ascii=False, default=_encoded)


def _encoded(value: Any) -> Any:
    return b64encode(value).decode() if isinstance(value, bytes) else vars(value)


def from_json(text: str) -> Content:
    """What ``to_json`` wrote. Raises ValueError for anything else."""
    try:
        stored = json.loads(text)
        return _restored(KINDS[stored.pop("kind")], stored)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a content of the outbox") from error


def _restored(kind: type[Content], stored: dict[str, Any]) -> Content:
    if kind is Message:
        return _message(stored)
    if kind is Edit:
        return Edit(stored["message_id"], _message(stored["message"]))
    if kind is File:
        return File(stored["name"], b64decode(stored["content"], validate=True), stored["caption"])
    if kind is Copy or kind is Amend:
        return kind(**{**stored, "part": Part(stored.get("part", Part.NONE))})
    if kind is Commands:
        return Commands(tuple((name, words) for name, words in stored["commands"]))
    return kind(**stored)


def _message(stored: dict[str, Any]) -> Message:
    rows = tuple(tuple(_button(each) for each in row) for row in stored.pop("buttons"))
    return Message(buttons=rows, **stored)


def _button(stored: dict[str, Any]) -> Button:
    return Button(stored["label"], stored["data"], stored["url"], Style(stored["style"]))
