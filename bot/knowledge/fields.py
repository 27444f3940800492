"""Nodes as values. A reader names what it cannot read and returns None, so that every fault is found."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.knowledge import scalars
from bot.knowledge.document import Entry, ListNode, MapNode, Node, RefusedNode, TextNode
from bot.knowledge.duration import parse_duration
from bot.knowledge.fault import Fault, quoted
from bot.knowledge.local_time import parse_moment
from bot.knowledge.localized_text import LocalizedText
from bot.knowledge.references import Mention, suggestion

T = TypeVar("T")
Read = Callable[[Node], T | None]
_NO_TEXT = "must be a text"


class Reader:
    """Turns nodes into values and keeps the faults, the ids defined and the ids referred to."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.zone = ZoneInfo("UTC")
        self.languages: tuple[str, ...] | None = None
        self.defined: defaultdict[str, list[Mention]] = defaultdict(list)
        self.used: defaultdict[str, list[Mention]] = defaultdict(list)

    def fault(self, node: Node, message: str) -> None:
        self.faults.append(Fault(node.line, node.field, message))

    def fields(self, node: Node) -> "Fields | None":
        """The fields of a mapping; None, with a fault, where the node is something else."""
        if isinstance(node, MapNode) and node.entries:
            return Fields(self, node)
        self._wrong_kind(node, "must be a group of fields, each with a name and a colon")
        return None

    def items(self, node: Node, read: Read[T]) -> tuple[T, ...] | None:
        if not isinstance(node, ListNode) or not node.items:
            self._wrong_kind(node, "must be a list: put - before each item, or [brackets] around all")
            return None
        values = [read(item) for item in node.items]
        return tuple(value for value in values if value is not None)

    def text(self, node: Node) -> str | None:
        if isinstance(node, TextNode) and node.text:
            return node.text
        self._wrong_kind(node, _NO_TEXT)
        return None

    def localized(self, node: Node) -> LocalizedText | None:
        """A plain text in the first language, or one text for each language code."""
        if not isinstance(node, MapNode):
            text = self.text(node)
            return None if text is None else self._in_first_language(text)
        return self._by_language(node, self.text)

    def localized_address(self, node: Node) -> LocalizedText | None:
        """A web address, which may differ by language."""
        if not isinstance(node, MapNode):
            address = self.web_address(node)
            return None if address is None else self._in_first_language(address)
        return self._by_language(node, self.web_address)

    def web_address(self, node: Node) -> str | None:
        return self.parsed(node, scalars.parse_web_address)

    def email(self, node: Node) -> str | None:
        return self.parsed(node, scalars.parse_email)

    def telegram(self, node: Node) -> str | None:
        return self.parsed(node, scalars.parse_telegram_name)

    def identifier(self, node: Node) -> str | None:
        return self.parsed(node, scalars.parse_identifier)

    def new_id(self, kind: str) -> Read[str]:
        """Reads an id that must be the only one of its kind."""
        return lambda node: self.defining(kind, node, self.identifier(node))

    def defining(self, kind: str, node: Node, name: str | None) -> str | None:
        """Notes that ``name`` is defined here, so that a second one of its kind is found."""
        return _mentioned(node, name, self.defined[kind])

    def reference(self, kind: str) -> Read[str]:
        """Reads an id that must be defined somewhere in the file."""
        return lambda node: _mentioned(node, self.identifier(node), self.used[kind])

    def whole_number(self, most: int) -> Read[int]:
        """Reads a number from 0 to ``most``."""
        return lambda node: self.parsed(node, lambda text: scalars.parse_whole_number(text, most))

    def degrees(self, most: int) -> Read[float]:
        """Reads an angle from -``most`` to ``most``."""
        return lambda node: self.parsed(node, lambda text: scalars.parse_degrees(text, most))

    def moment(self, node: Node) -> datetime | None:
        return self.parsed(node, lambda text: parse_moment(text, self.zone))

    def duration(self, node: Node) -> timedelta | None:
        return self.parsed(node, parse_duration)

    def parsed(self, node: Node, parse: Callable[[str], T]) -> T | None:
        """What ``parse`` makes of a text; the words of its ValueError become the fault."""
        text = self.text(node)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.fault(node, f"{quoted(text)} {error}")
            return None

    def _in_first_language(self, text: str) -> LocalizedText:
        return LocalizedText.of(text, self.languages[0] if self.languages else "en")

    def _by_language(self, node: MapNode, read: Read[str]) -> LocalizedText | None:
        texts = {entry.key: self._in_language(entry, read) for entry in node.entries}
        if not texts:
            self._wrong_kind(node, _NO_TEXT)
        elif self.languages and self.languages[0] not in texts:
            self.fault(node, f"the text in {self.languages[0]}, the first of event.languages, is missing")
        ordered = ((code, texts.get(code)) for code in self.languages or texts)
        known = tuple((code, text) for code, text in ordered if text is not None)
        return LocalizedText(known) if known else None

    def _in_language(self, entry: Entry, read: Read[str]) -> str | None:
        try:
            scalars.parse_language_code(entry.key)
        except ValueError as error:
            self.fault(entry.value, f"{quoted(entry.key)} {error}")
            return None
        if self.languages and entry.key not in self.languages:
            known = ", ".join(self.languages)
            message = f"event.languages ({known}) does not have {entry.key}: add it there, or remove this text"
            self.faults.append(Fault(entry.line, entry.value.field, message))
            return None
        return read(entry.value)

    def _wrong_kind(self, node: Node, message: str) -> None:
        if isinstance(node, RefusedNode):
            return
        if _is_empty(node):
            message = "is empty: fill it in, or remove it"
        elif message == _NO_TEXT:
            message += ", not a list" if isinstance(node, ListNode) else ", not a group of fields"
        self.fault(node, message)


class Fields:
    """A mapping being read: hands out its fields and, at the end, names the keys that nobody asked for."""

    def __init__(self, reader: Reader, node: MapNode) -> None:
        self.node = node
        self._reader = reader
        self._values = {entry.key: entry.value for entry in node.entries}
        self._asked: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def optional(self, key: str, read: Read[T]) -> T | None:
        self._asked.append(key)
        value = self._values.get(key)
        return None if value is None else read(value)

    def required(self, key: str, read: Read[T], advice: str = "add it") -> T | None:
        if key not in self._values:
            self.fault(key, f"is missing: {advice}")
        return self.optional(key, read)

    def items(self, key: str, read: Read[T]) -> tuple[T, ...]:
        return self.optional(key, lambda node: self._reader.items(node, read)) or ()

    def fault(self, key: str, message: str) -> None:
        """Names a fault of one field; of the whole group where it does not have the field."""
        line = self._values[key].line if key in self._values else self.node.line
        self._reader.faults.append(Fault(line, self.node.field_of(key), message))

    def finish(self) -> None:
        for entry in self._unasked():
            advice = suggestion(entry.key, self._asked) or ": remove it, or check its spelling"
            self._reader.faults.append(Fault(entry.line, entry.value.field, f"there is no field of this name{advice}"))

    def _unasked(self) -> Iterator[Entry]:
        return (entry for entry in self.node.entries if entry.key not in self._asked)


def _mentioned(node: Node, id: str | None, mentions: list[Mention]) -> str | None:
    if id is not None:
        mentions.append(Mention(id, node.line, node.field))
    return id


def _is_empty(node: Node) -> bool:
    match node:
        case TextNode(text=""):
            return True
        case ListNode(items=()) | MapNode(entries=()):
            return True
    return False
