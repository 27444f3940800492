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
class ForgetAnswer:
    """The bot no longer gives a coordinator's answer by itself."""

    code: ClassVar[str] = "forget"
    answer: int


@dataclass(frozen=True)
class SendBroadcast:
    code: ClassVar[str] = "send"
    broadcast: int


@dataclass(frozen=True)
class DropBroadcast:
    code: ClassVar[str] = "drop"
    broadcast: int


@dataclass(frozen=True)
class ShowBroadcast:
    """Back to the question under the preview."""

    code: ClassVar[str] = "show-b"
    broadcast: int


@dataclass(frozen=True)
class ChooseAudience:
    code: ClassVar[str] = "who?"
    broadcast: int


@dataclass(frozen=True)
class AimAt:
    """``who`` is a value of ``attendance.audience.Who``."""

    code: ClassVar[str] = "who"
    broadcast: int
    who: str


@dataclass(frozen=True)
class ChooseSessionAimedAt:
    code: ClassVar[str] = "who-s?"
    broadcast: int
    page: int


@dataclass(frozen=True)
class AimAtSession:
    """An empty ``session`` means those of all."""

    code: ClassVar[str] = "who-s"
    broadcast: int
    session: str


@dataclass(frozen=True)
class ChooseLanguageAimedAt:
    code: ClassVar[str] = "who-l?"
    broadcast: int


@dataclass(frozen=True)
class AimAtLanguage:
    """An empty ``language`` means all."""

    code: ClassVar[str] = "who-l"
    broadcast: int
    language: str


@dataclass(frozen=True)
class TestBroadcast:
    """Sends it to the coordinator alone."""

    code: ClassVar[str] = "test"
    broadcast: int


@dataclass(frozen=True)
class AskForTime:
    code: ClassVar[str] = "when?"
    broadcast: int


@dataclass(frozen=True)
class Schedule:
    """``at`` is in seconds since 1970, UTC."""

    code: ClassVar[str] = "when"
    broadcast: int
    at: int


@dataclass(frozen=True)
class StopBroadcast:
    code: ClassVar[str] = "stop"
    broadcast: int


@dataclass(frozen=True)
class AskForText:
    """Asks what the delivered copies shall say instead."""

    code: ClassVar[str] = "fix?"
    broadcast: int


@dataclass(frozen=True)
class AskToWithdraw:
    code: ClassVar[str] = "pull?"
    broadcast: int


@dataclass(frozen=True)
class ListUnreached:
    """A file of those whom it did not reach."""

    code: ClassVar[str] = "missed"
    broadcast: int


@dataclass(frozen=True)
class ChooseLead:
    """A reminder so many ``minutes`` before each session; 0 means none."""

    code: ClassVar[str] = "lead"
    minutes: int


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
    | ForgetAnswer
    | SendBroadcast
    | DropBroadcast
    | ShowBroadcast
    | ChooseAudience
    | AimAt
    | ChooseSessionAimedAt
    | AimAtSession
    | ChooseLanguageAimedAt
    | AimAtLanguage
    | TestBroadcast
    | AskForTime
    | Schedule
    | StopBroadcast
    | AskForText
    | AskToWithdraw
    | ListUnreached
    | ChooseLead
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
