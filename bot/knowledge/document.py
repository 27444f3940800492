"""YAML text to nodes that know their line and their field. It knows YAML's rules and none of the event's.

Every scalar stays text: YAML's own guesses would turn ``16:30`` into 990 and ``no`` into False. What makes
YAML surprising or dangerous (aliases, tags, several documents, endless nesting) is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from bot.knowledge.fault import Fault, KnowledgeFault, quoted

LARGEST_FILE = 5_000_000
DEEPEST_NESTING = 20

# libyaml reads ten times as fast and places its marks the same; a slim machine may lack it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN_NOTHING = ("", "~", "null")


@dataclass(frozen=True, slots=True)
class TextNode:
    line: int
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class ListNode:
    line: int
    field: str
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key: value`` of a mapping."""

    line: int
    key: str
    value: "Node"


@dataclass(frozen=True, slots=True)
class MapNode:
    line: int
    field: str
    entries: tuple[Entry, ...]

    def field_of(self, key: str) -> str:
        return f"{self.field}.{key}" if self.field else key


@dataclass(frozen=True, slots=True)
class RefusedNode:
    """Something whose fault is named already, so that nothing more need be said about it."""

    line: int
    field: str


Node = TextNode | ListNode | MapNode | RefusedNode


@dataclass(frozen=True)
class Document:
    root: MapNode
    faults: tuple[Fault, ...]


def read_document(source: str | bytes, file_name: str = "knowledge.yaml") -> Document:
    """The file's nodes and the faults of form found on the way; raises where nothing can be read."""
    text = _decoded(source, file_name)
    _refuse_unreadable(text, file_name)
    builder = _Builder()
    try:
        root = builder.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        raise KnowledgeFault([*builder.faults, _syntax_fault(error, text)], file_name) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise KnowledgeFault([Fault(1, "", "this is not a YAML text")], file_name) from error
    if root is None:
        raise KnowledgeFault(builder.faults, file_name)
    return Document(root, tuple(builder.faults))


def _decoded(source: str | bytes, file_name: str) -> str:
    if len(source) > LARGEST_FILE:
        message = f"the file is larger than {LARGEST_FILE // 1_000_000} MB: is it the right one?"
        raise KnowledgeFault([Fault(0, "", message)], file_name)
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        fault = Fault(line, "", "this is not UTF-8: save the file with the encoding UTF-8")
        raise KnowledgeFault([fault], file_name) from error


def _refuse_unreadable(text: str, file_name: str) -> None:
    found = _UNPRINTABLE.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        message = f"the invisible character U+{ord(found.group()):04X} has no place here: remove it"
        raise KnowledgeFault([Fault(line, "", message)], file_name)
    if not text.strip():
        message = "the file is empty: start with version: 1, event: and sessions:"
        raise KnowledgeFault([Fault(1, "", message)], file_name)


class _Builder:
    """Builds nodes from the parser's events, so that aliases are never expanded nor tags obeyed."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def document(self, events: Iterator[yaml.Event]) -> MapNode | None:
        contents = (e for e in events if not isinstance(e, yaml.StreamStartEvent | yaml.DocumentStartEvent))
        root = self._node(next(contents), contents, "", 0)
        for event in contents:
            if isinstance(event, yaml.NodeEvent):
                self._fault(event, "", "a second document begins here: keep one, without --- lines")
                return None
        if isinstance(root, MapNode):
            return root
        self.faults.append(Fault(root.line, "", "the file must begin with a field, such as version: 1"))
        return None

    def _fault(self, event: yaml.Event, field: str, message: str) -> None:
        self.faults.append(Fault(_line(event), field, message))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], field: str, depth: int) -> Node:
        node = self._unchecked(event, events, field, depth)
        if getattr(event, "anchor", None) is not None:
            self._fault(event, field, "a text cannot begin with & or *: put it in quotes")
        elif getattr(event, "tag", None) not in (None, "!"):
            self._fault(event, field, "a text cannot begin with !: put it in quotes")
        elif depth > DEEPEST_NESTING:
            self._fault(event, field, "this is nested too deeply: check the indentation")
        else:
            return node
        return RefusedNode(_line(event), field)

    def _unchecked(self, event: yaml.Event, events: Iterator[yaml.Event], field: str, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            nothing = not event.style and event.value in _PLAIN_NOTHING
            return TextNode(_line(event), field, "" if nothing else event.value.strip())
        if depth > DEEPEST_NESTING:
            _skip_children(event, events)
        elif isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, events, field, depth)
        elif isinstance(event, yaml.MappingStartEvent):
            return self._map(event, events, field, depth)
        return RefusedNode(_line(event), field)

    def _list(self, start: yaml.Event, events: Iterator[yaml.Event], field: str, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, f"{field}[{len(items)}]", depth + 1))
        return ListNode(_line(start), field, tuple(items))

    def _map(self, start: yaml.Event, events: Iterator[yaml.Event], field: str, depth: int) -> MapNode:
        node = MapNode(_line(start), field, ())
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, field, depth + 1)
            name = key.text if isinstance(key, TextNode) else ""
            value_field = node.field_of(_field_name(name))
            value = self._node(next(events), events, value_field, depth + 1)
            if not name:
                self._fault(event, field, "the name of a field is missing before the colon")
            elif name in entries:
                message = f"is given twice, first in line {entries[name].line}: keep one"
                self._fault(event, value_field, message)
            else:
                entries[name] = Entry(key.line, name, value)
        return MapNode(node.line, field, tuple(entries.values()))


def _field_name(key: str) -> str:
    return key if re.fullmatch(r"[\w-]{1,40}", key) else quoted(key)


def _skip_children(event: yaml.Event, events: Iterator[yaml.Event]) -> None:
    depth = 1 if isinstance(event, yaml.CollectionStartEvent) else 0
    while depth:
        following = next(events)
        depth += isinstance(following, yaml.CollectionStartEvent)
        depth -= isinstance(following, yaml.CollectionEndEvent)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


# What the two YAML parsers say, and what helps somebody who has never heard of either.
_SYNTAX_ADVICE = (
    ("mapping values are not allowed", "there is one colon too many: put a text with a colon in quotes"),
    ("quoted scalar", "a quotation mark is not closed"),
    ("flow (sequence|mapping|node)|expected ',' or", "a bracket is not closed, or a comma is missing"),
    ("expected ':'", "a colon is missing after the name of a field"),
    ("alias|anchor", "a text cannot begin with & or *: put it in quotes"),
    ("cannot start any token", "a text cannot begin with this character: put it in quotes"),
    (
        "block mapping|block collection|did not find expected key|indent",
        "the indentation does not fit the lines above",
    ),
)
_OTHER_ADVICE = "this is not valid YAML: check colons, quotation marks and indentation"


def _syntax_fault(error: yaml.MarkedYAMLError, text: str) -> Fault:
    words = f"{error.context} {error.problem}"
    advice = next((advice for sign, advice in _SYNTAX_ADVICE if re.search(sign, words)), _OTHER_ADVICE)
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    # An opening bracket or quotation mark without its partner is best looked for where it opens.
    line = marks[-1 if "not closed" in advice else 0].line + 1 if marks else 1
    if re.match(" *\t", "".join(text.split("\n")[line - 1 : line])):
        advice = "a tab stands at the beginning of the line: indent with spaces only"
    return Fault(line, "", advice)
