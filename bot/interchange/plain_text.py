"""Texts from elsewhere, without markup and without characters that no knowledge file may hold."""

import re
from html.parser import HTMLParser

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
_UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_LINES = frozenset(("br", "dd", "div", "dt", "hr", "li", "section", "table", "tr"))
_PARAGRAPHS = frozenset(("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "ul"))
_BLOCK_TAG = re.compile(rf"</?({'|'.join(sorted(_LINES | _PARAGRAPHS))})\b", re.IGNORECASE)
_UNSEEN = frozenset(("script", "style", "head", "title"))


def plain_text(text: str) -> str:
    """The words of a text of several lines; what looks like HTML is taken for it, anything else is kept."""
    words = _without_markup(text) if _MARKUP.search(text) else text
    lines = (" ".join(line.split()) for line in _printable(words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def plain_line(text: str) -> str:
    """The same on one line, for names and titles."""
    return " ".join(plain_text(text).split())


def _printable(text: str) -> str:
    # JSON may hold half a surrogate pair, which is no character.
    text = text.encode("utf-8", "replace").decode()
    unified = re.sub("\r\n?|\x85|\u2028|\u2029", "\n", text).replace("\t", " ")
    return _UNPRINTABLE.sub("", unified)


def _without_markup(text: str) -> str:
    parser = _WordsOnly(keeps_lines=not _BLOCK_TAG.search(text))
    try:
        parser.feed(text)
        parser.close()
    except AssertionError:  # what html.parser does with a malformed <![section
        return re.sub(r"<[^<>]*>", " ", text)
    return "".join(parser.words)


class _WordsOnly(HTMLParser):
    def __init__(self, keeps_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        # Where no tag makes lines, as in Markdown with a bit of HTML, the line ends of the text count.
        self._space = r"[^\S\n]+" if keeps_lines else r"\s+"
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self._break(tag)
        if tag == "li":
            self.words.append("• ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(re.sub(self._space, " ", data))

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.words.append("\n\n")
        elif tag in _LINES and not self._at_line_start():
            self.words.append("\n")

    def _at_line_start(self) -> bool:
        return next((words for words in reversed(self.words) if words.strip(" ")), "\n").endswith("\n")
