"""What a button does, as typed values that fit Telegram's 64 bytes and survive a forger.

``pack`` writes an action as ``code:field:field``; ``unpack`` reads it back, or gives None for anything that
``pack`` would not have written. An action never carries a right: who may do it is checked when it arrives.
"""

from dataclasses import dataclass, fields
from hashlib import blake2s
from typing import Any, ClassVar, get_args

LIMIT = 64
LONGEST_ID = 40


def short(name: str) -> str:
    """An id of the knowledge file as an action carries it: itself, or a digest where it is too long for a button."""
    if len(name.encode()) <= LONGEST_ID:
        return name
    return "~" + blake2s(name.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Show:
    """Opens a screen, such as ``agenda``; ``page`` counts from 0."""

    code: ClassVar[str] = "show"
    screen: str
    page: int = 0


@dataclass(frozen=True)
class ShowSession:
    code: ClassVar[str] = "session"
    session: str


@dataclass(frozen=True)
class AskToRegister:
    code: ClassVar[str] = "reg?"
    session: str


@dataclass(frozen=True)
class Register:
    code: ClassVar[str] = "reg"
    session: str


@dataclass(frozen=True)
class AskToCancel:
    code: ClassVar[str] = "cancel?"
    registration: int


@dataclass(frozen=True)
class Cancel:
    code: ClassVar[str] = "cancel"
    registration: int


@dataclass(frozen=True)
class AcceptOffer:
    code: ClassVar[str] = "take"
    registration: int


@dataclass(frozen=True)
class RefuseOffer:
    code: ClassVar[str] = "refuse"
    registration: int


@dataclass(frozen=True)
class Dismiss:
    """Leaves everything as it is."""

    code: ClassVar[str] = "no"


@dataclass(frozen=True)
class ToggleReminder:
    code: ClassVar[str] = "remind"
    rule: str
    wanted: int


@dataclass(frozen=True)
class ChooseLanguage:
    code: ClassVar[str] = "lang"
    language: str


@dataclass(frozen=True)
class SendMyData:
    code: ClassVar[str] = "data"


@dataclass(frozen=True)
class DeleteMyData:
    code: ClassVar[str] = "erase"


@dataclass(frozen=True)
class AskThis:
    """Asks the question that the button's own caption holds."""

    code: ClassVar[str] = "ask"
    choice: int


@dataclass(frozen=True)
class PassOn:
    """Sends an unanswered question to the coordinators."""

    code: ClassVar[str] = "pass"
    question: int


@dataclass(frozen=True)
class AnswerQuestion:
    code: ClassVar[str] = "answer"
    question: int


@dataclass(frozen=True)
class DismissQuestion:
    code: ClassVar[str] = "dismiss"
    question: int


@dataclass(frozen=True)
class SendBroadcast:
    code: ClassVar[str] = "send"
    broadcast: int


@dataclass(frozen=True)
class DropBroadcast:
    code: ClassVar[str] = "drop"
    broadcast: int


@dataclass(frozen=True)
class Export:
    code: ClassVar[str] = "export"
    format: str


@dataclass(frozen=True)
class AskForCapacity:
    code: ClassVar[str] = "cap?"
    session: str


@dataclass(frozen=True)
class SetCapacity:
    code: ClassVar[str] = "cap"
    session: str
    capacity: int


@dataclass(frozen=True)
class CheckIn:
    code: ClassVar[str] = "in"
    registration: int


@dataclass(frozen=True)
class UndoCheckIn:
    code: ClassVar[str] = "out"
    registration: int


Action = (
    Show
    | ShowSession
    | AskToRegister
    | Register
    | AskToCancel
    | Cancel
    | AcceptOffer
    | RefuseOffer
    | Dismiss
    | ToggleReminder
    | ChooseLanguage
    | SendMyData
    | DeleteMyData
    | AskThis
    | PassOn
    | AnswerQuestion
    | DismissQuestion
    | SendBroadcast
    | DropBroadcast
    | Export
    | AskForCapacity
    | SetCapacity
    | CheckIn
    | UndoCheckIn
)

BY_CODE: dict[str, Any] = {kind.code: kind for kind in get_args(Action)}


def pack(action: Action) -> str:
    """The button's payload. Raises ValueError where it would not fit."""
    values = [str(getattr(action, field.name)) for field in fields(action)]
    packed = ":".join([action.code, *values])
    if len(packed.encode()) > LIMIT or any(":" in value for value in values):
        raise ValueError(f"does not fit a button: {packed}")
    return packed


def unpack(packed: str | None) -> Action | None:
    """The action, or None for what no button of ours carries."""
    code, *values = (packed or "").split(":")
    kind = BY_CODE.get(code)
    if kind is None or len(values) != len(fields(kind)):
        return None
    try:
        if len((packed or "").encode()) > LIMIT:
            return None
        action: Action = kind(*(_parsed(field.type, value) for field, value in zip(fields(kind), values, strict=True)))
        return action
    except ValueError:
        return None


def _parsed(kind: object, value: str) -> object:
    if kind is not int:
        return value
    number = int(value)
    # SQLite's integers end there, and "+1" or "١" are numbers to int() that no button of ours has written.
    if str(number) != value or abs(number) >= 2**63:
        raise ValueError(value)
    return number
