"""``parse_mode=HTML``: markup to text and entities, with Telegram's rules and complaints.

https://core.telegram.org/bots/api#html-style. Offsets in complaints are bytes of the UTF-8 source, as
Telegram counts them; hence the parser works on bytes.
"""

import re
from dataclasses import dataclass, field

from bot.sandbox.formatted_text import Entity, FormattedText, in_order, utf16_length
from bot.sandbox.refusals import Refusal, bad_request

_SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = frozenset({*_SIMPLE_TAGS, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"})
_NAMED_CHARACTERS = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_CHARACTER = re.compile(rb"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<decimal>[0-9]+)|(?P<name>[a-zA-Z]+));?")
_TAG_NAME = re.compile(rb"[^\s>]*")
_SPACE = re.compile(rb"\s*")
_ATTRIBUTE_NAME = re.compile(rb"[^\s=>]*")
_TOKEN = re.compile(rb"[A-Za-z0-9.\-]*")
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
_LINK = re.compile(r"(?:https?://)?[^\s/]+\.[^\s/]+(?:[/?#:].*)?|(?:tg|ton|tonsite|mailto|tel):.+", re.IGNORECASE)


@dataclass
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    source_start: int


@dataclass
class _Parser:
    source: bytes
    position: int = 0
    text: str = ""
    length: int = 0  # of the text so far, in UTF-16 units
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def run(self) -> FormattedText:
        while self.position < len(self.source):
            self._step()
        if self.open_tags:
            raise _fault(f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].name}"')
        return FormattedText(self.text, in_order(self.entities))

    def _step(self) -> None:
        if self.source.startswith(b"</", self.position):
            self._end_tag()
        elif self.source.startswith(b"<", self.position):
            self._start_tag()
        elif self.source.startswith(b"&", self.position):
            character = self._character()
            self._append(character or "&")
        else:
            self._append(self._take(re.compile(rb"[^<&]+")).decode())

    def _append(self, text: str) -> None:
        self.text += text
        self.length += utf16_length(text)

    def _take(self, pattern: re.Pattern[bytes]) -> bytes:
        match = pattern.match(self.source, self.position)
        taken = match.group() if match else b""
        self.position += len(taken)
        return taken

    def _at_end(self) -> bool:
        return self.position >= len(self.source)

    def _character(self) -> str:
        """The character that a reference stands for; empty (and one byte on) when it is none."""
        match = _CHARACTER.match(self.source, self.position)
        character = _referenced(match) if match else ""
        self.position = match.end() if match and character else self.position + 1
        return character

    def _start_tag(self) -> None:
        begin = self.position
        self.position += 1
        name = self._take(_TAG_NAME).decode().lower()
        if self._at_end():
            raise _fault(f"Unclosed start tag at byte offset {begin}")
        if name not in _TAGS:
            raise _fault(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _fault(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open_tags.append(_OpenTag(name, attributes, self.length, len(self.text)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._take(_SPACE)
            if self._at_end():
                raise _fault(f'Unclosed start tag "{tag}" at byte offset {begin}')
            if self.source.startswith(b">", self.position):
                self.position += 1
                return attributes
            name = self._take(_ATTRIBUTE_NAME).decode()
            if not name:
                raise _fault(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            attributes[name.lower()] = self._attribute_value(tag, begin)

    def _attribute_value(self, tag: str, begin: int) -> str:
        self._take(_SPACE)
        if not self.source.startswith(b"=", self.position):
            return ""
        self.position += 1
        self._take(_SPACE)
        if self._at_end():
            raise _fault(f'Unclosed start tag "{tag}" at byte offset {begin}')
        quote = self.source[self.position : self.position + 1]
        value = self._quoted(quote) if quote in (b'"', b"'") else self._bare()
        if self._at_end():
            raise _fault(f"Unclosed start tag at byte offset {begin}")
        return value

    def _bare(self) -> str:
        begin = self.position
        token = self._take(_TOKEN).decode().lower()
        if not self._at_end() and self.source[self.position : self.position + 1] not in b" \t\n\r>":
            raise _fault(f"Unexpected end of name token at byte offset {begin}")
        return token

    def _quoted(self, quote: bytes) -> str:
        self.position += 1
        plain = re.compile(rb"[^&" + quote + rb"]+")
        value = ""
        while not self._at_end() and not self.source.startswith(quote, self.position):
            if self.source.startswith(b"&", self.position):
                value += self._character() or "&"
            else:
                value += self._take(plain).decode()
        self.position += 1
        return value

    def _end_tag(self) -> None:
        begin = self.position
        if not self.open_tags:
            raise _fault(f"Unexpected end tag at byte offset {begin}")
        self.position += 2
        name = self._take(_TAG_NAME).decode().lower()
        self._take(_SPACE)
        if not self.source.startswith(b">", self.position):
            raise _fault(f"Unclosed end tag at byte offset {begin}")
        self.position += 1
        tag = self.open_tags.pop()
        if name and name != tag.name:
            raise _fault(f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", found "</{name}>"')
        if self.length > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        place = {"offset": tag.offset, "length": self.length - tag.offset}
        if tag.name in ("pre", "code"):
            self._close_code(tag, place)
            return
        content = _entity_content(tag, self.text[tag.source_start :])
        if content is not None:
            self.entities.append({**content, **place})

    def _close_code(self, tag: _OpenTag, place: dict[str, int]) -> None:
        """``<pre><code class="language-x">`` is one entity; ``<code>`` alone has no language."""
        language = tag.attributes.get("class", "").removeprefix("language-") if tag.name == "code" else ""
        within_pre = bool(self.open_tags) and self.open_tags[-1].name == "pre"
        if tag.name == "code":
            marked = {"language": language} if language and within_pre else {}
            self.entities.append({"type": "code", **place, **marked})
            return
        inner = self.entities[-1] if self.entities else {}
        if inner.get("language") and inner["offset"] == tag.offset and inner["length"] == place["length"]:
            inner["type"] = "pre"
            return
        self.entities = [entity for entity in self.entities if entity["offset"] < tag.offset]
        self.entities.append({"type": "pre", **place})


def parse(source: str) -> FormattedText:
    """Text and entities of HTML markup.

    Raises :class:`Refusal` in Telegram's words: "Bad Request: can't parse entities: …".
    """
    return _Parser(source.encode()).run()


def _fault(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")


def _referenced(match: re.Match[bytes]) -> str:
    if name := match.group("name"):
        return _NAMED_CHARACTERS.get(name, "")
    digits, base = (match.group("hex"), 16) if match.group("hex") else (match.group("decimal"), 10)
    code = int(digits, base)
    if code == 0 or code >= 0x10FFFF or len(digits) >= 8:
        return ""
    if 0xD800 <= code <= 0xDFFF:
        raise bad_request("text contains invalid Unicode characters after decoding HTML entities")
    return chr(code)


def _entity_content(tag: _OpenTag, text: str) -> Entity | None:
    if tag.name in _SIMPLE_TAGS:
        return {"type": _SIMPLE_TAGS[tag.name]}
    if tag.name == "a":
        return _link(tag.attributes.get("href") or text)
    if tag.name == "tg-emoji":
        return _custom_emoji(tag.attributes.get("emoji-id", ""))
    if tag.name == "tg-time":
        return _date_time(tag.attributes)
    return {"type": "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"}


def _link(address: str) -> Entity | None:
    if match := re.fullmatch(r"tg://user\?id=([1-9]\d*)", address):
        return {"type": "text_mention", "user": {"id": int(match.group(1)), "is_bot": False, "first_name": ""}}
    # A link that Telegram cannot read leaves plain text behind, without a word.
    if not _LINK.fullmatch(address):
        return None
    return {"type": "text_link", "url": address if ":" in address else f"http://{address}/"}


def _custom_emoji(emoji_id: str) -> Entity:
    if not emoji_id.isascii() or not emoji_id.isdigit() or int(emoji_id) == 0:
        raise _fault("Invalid custom emoji identifier specified")
    return {"type": "custom_emoji", "custom_emoji_id": emoji_id}


def _date_time(attributes: dict[str, str]) -> Entity:
    unix, layout = attributes.get("unix", ""), attributes.get("format", "")
    if not unix.isascii() or not unix.isdigit():
        raise _fault("Invalid date specified")
    if not _TIME_FORMAT.fullmatch(layout):
        raise _fault("Invalid date format specified")
    entity: Entity = {"type": "date_time", "unix_time": int(unix)}
    return {**entity, "date_time_format": layout} if layout else entity
