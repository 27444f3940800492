"""The stand-in's state: people, chats, messages, files, and what the bot set up. No HTTP here.

Messages are kept as the JSON objects that the Bot API sends, since that is all anybody does with them.
"""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.journal import Journal
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.updates import UpdateQueue

Message = dict[str, Any]


@dataclass
class Person:
    """Somebody with a Telegram account. ``started``: has written to the bot, so that it may write back."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    role: str = "attendee"
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def as_user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, **self._names(), **_present(language_code=self.language_code)}

    def as_chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", **self._names()}

    def _names(self) -> dict[str, Any]:
        return {
            "first_name": self.first_name,
            **_present(last_name=self.last_name, username=self.username),
        }


@dataclass
class Chat:
    """A chat's messages by id, as they stand now."""

    id: int
    kind: str
    title: str | None = None
    username: str | None = None
    bot_is_member: bool = True
    messages: dict[int, Message] = field(default_factory=dict)
    reactions: dict[int, list[str]] = field(default_factory=dict)
    pinned: int | None = None

    def as_chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.kind, **_present(title=self.title, username=self.username)}


@dataclass(frozen=True)
class StoredFile:
    """A file the bot or a visitor sent."""

    file_id: str
    file_unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes


@dataclass
class Query:
    """A press of a button that waits for ``answerCallbackQuery``."""

    id: str
    user_id: int
    pressed_at: float
    answered: bool = False


@dataclass
class Webhook:
    """Where updates are pushed, when they are; an empty URL means long polling."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str | None = None
    last_error_date: int | None = None


class World:
    """Everything that the real Telegram would know."""

    def __init__(self, clock: SandboxClock, token: str, username: str) -> None:
        self.clock = clock
        self.token = token
        self.bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Agora",
            "username": username,
        }
        self.journal = Journal(clock)
        self.updates = UpdateQueue(clock, self.journal.changed)
        self.webhook = Webhook()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int | None, dict[str, Any]] = {}
        self._last_message_id = 0
        self._last_file = 0
        self._last_query = 0

    def add_person(self, person: Person) -> None:
        """Create a person with the private chat of the same id, or replace who they are."""
        self.people[person.id] = person
        self.chats.setdefault(person.id, Chat(person.id, "private"))
        self.journal.tell("people")

    def person(self, user_id: int) -> Person:
        """The person of this id, made up when nobody has it yet."""
        if user_id not in self.people:
            self.add_person(Person(user_id, f"User {user_id}"))
        return self.people[user_id]

    def group(self, chat_id: int, kind: str | None = None, title: str | None = None) -> Chat:
        """The group or channel of this id, made up when there is none yet."""
        if chat_id not in self.chats:
            guessed = kind or ("supergroup" if str(chat_id).startswith("-100") else "group")
            self.chats[chat_id] = Chat(chat_id, guessed, title or f"Chat {chat_id}")
        return self.chats[chat_id]

    def as_chat(self, chat_id: int) -> dict[str, Any]:
        if chat_id in self.people:
            return self.people[chat_id].as_chat()
        return self.chats[chat_id].as_chat()

    def find_chat(self, reference: str) -> Chat:
        """The chat that a bot names by id or, for groups and channels, by @username."""
        if not reference:
            raise bad_request("chat_id is empty")
        chat = self._by_username(reference[1:]) if reference.startswith("@") else self._by_id(reference)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _by_id(self, reference: str) -> Chat | None:
        try:
            return self.chats.get(int(reference))
        except ValueError:
            return None

    def _by_username(self, username: str) -> Chat | None:
        named = (chat for chat in self.chats.values() if chat.username and chat.username == username)
        return next(named, None)

    def writable_chat(self, reference: str) -> Chat:
        """The chat, when the bot may write there; else Telegram's refusal."""
        chat = self.find_chat(reference)
        person = self.people.get(chat.id)
        if person is not None:
            _check_reachable(person)
        elif not chat.bot_is_member:
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat

    def post(self, chat: Chat, sender: dict[str, Any] | None, content: dict[str, Any]) -> Message:
        """Add a message to a chat; ``sender`` None stands for a channel itself."""
        self._last_message_id += 1
        origin = {"from": sender} if sender else {"sender_chat": self.as_chat(chat.id)}
        message = {
            "message_id": self._last_message_id,
            **origin,
            "chat": self.as_chat(chat.id),
            "date": self.clock.timestamp(),
            **content,
        }
        chat.messages[self._last_message_id] = message
        self.journal.tell("message", chat.id, message=message)
        return message

    def change(self, chat: Chat, message: Message) -> Message:
        """Put an edited message in the place of the old one."""
        edited = {**message, "edit_date": self.clock.timestamp()}
        chat.messages[message["message_id"]] = edited
        self.journal.tell("edited", chat.id, message=edited)
        return edited

    def remove(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        self.journal.tell("deleted", chat.id, message_id=message_id)

    def store_file(self, kind: str, name: str, mime_type: str, content: bytes) -> StoredFile:
        self._last_file += 1
        number = self._last_file
        path = f"{kind}/file_{number}{_suffix(name)}"
        file = StoredFile(f"BQACAgIAAx{number:08d}", f"AgAD{number:06d}", path, name, mime_type, content)
        self.files[file.file_id] = file
        return file

    def open_query(self, user_id: int) -> Query:
        self._last_query += 1
        query = Query(str(4_000_000_000_000 + self._last_query), user_id, self.clock.timestamp())
        self.queries[query.id] = query
        return query


def _check_reachable(person: Person) -> None:
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")


def _suffix(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix}" if stem and dot and suffix.isalnum() else ""


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
