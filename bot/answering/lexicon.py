"""What the answerer knows of one language: its words and the phrases that ask for something.

A language is the folder ``lexicons/<code>/``; its TOML files are read as one (see ``lexicons/README.md`` for the
format). Nothing in the code depends on which language it is.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple

from bot.answering.language import WORD, Stems, fold, without_clitic
from bot.answering.patterns import Pattern, PatternReader

LEXICONS = files("bot.answering") / "lexicons"
UNEXPLAINED = "common"
"""The class of words that are spelt right but say nothing about an event."""
MOST_WORDS = 20_000
"""So many words that were typed are remembered."""
GROUPS = ("topics", "unheld", "talk")
"""What the file may answer, what is asked at every event without a field in the file, and what is no question."""


@cache
def lexicon_languages() -> tuple[str, ...]:
    """The codes of the languages that have a lexicon, English first: it is the one to fall back to."""
    codes = {entry.name for entry in LEXICONS.iterdir() if entry.is_dir() and entry.name.isalpha()}
    return ("en", *sorted(codes - {"en"}))


class Word(NamedTuple):
    """A word as it was written, folded, its stem, and the classes that it stands in."""

    text: str
    folded: str
    stem: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Clock:
    """What stands beside a time of day, as folded words."""

    before_noon: frozenset[str]
    after_noon: frozenset[str]
    oclock: frozenset[str]
    attached: frozenset[str]
    at: frozenset[str]
    bounds: frozenset[str]
    since: frozenset[str]
    day_suffixes: frozenset[str]
    quarters: tuple[tuple[tuple[str, ...], int], ...]
    """The words before an hour with the minutes that they add to it: half past, quarter to."""
    digits: re.Pattern[str]
    """``16``, ``16:30``, ``4pm``, with what the language writes between hours and minutes."""

    @cached_property
    def marks(self) -> frozenset[str]:
        """What stands behind an hour."""
        return self.before_noon | self.after_noon | self.oclock

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "Clock":
        names = ("before_noon", "after_noon", "oclock", "attached", "at", "bounds", "since", "day_suffixes")
        quarters = [
            (tuple(phrase.split()), minutes)
            for key, minutes in (("half_past", 30), ("half_to", -30), ("quarter_past", 15), ("quarter_to", -15))
            for phrase in table.get(key, ())
        ]
        separators = re.escape(table.get("separators", ":."))
        digits = re.compile(rf"(\d{{1,2}})(?:[{separators}](\d{{2}}))?([^\W\d_]*)")
        sets = {name: frozenset(table.get(name, ())) for name in names}
        return cls(**sets, quarters=tuple(quarters), digits=digits)


@dataclass(frozen=True)
class Lexicon:
    """One language's words and patterns. Word sets hold stems; tables map a folded word to its meaning."""

    language: str
    stems: Stems
    classes: Mapping[str, frozenset[str]]
    contractions: Mapping[str, tuple[str, ...]]
    clitics: tuple[str, ...]
    tables: Mapping[str, Mapping[str, Any]]
    patterns: tuple[Pattern, ...]
    groups: Mapping[str, str]
    """Topic to the group it stands in."""
    spellings: tuple[str, ...] = field(default=())
    """Words that a misspelt one may be corrected to."""
    meanings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Stem to the stems that it finds besides itself: synonyms, and what a general word comprises."""
    of_one: frozenset[str] = frozenset()
    """Topics that only an event of a single session leaves open."""
    special: frozenset[str] = frozenset()
    """Stems of single things of a kind."""
    _words: dict[str, tuple["Word", ...]] = field(default_factory=dict)
    """What was typed before with the words that it stands for."""

    def words_in(self, typed: str) -> tuple["Word", ...]:
        """The words that something typed between blanks stands for: "what's" is two."""
        words = self._words.get(typed)
        if words is None:
            words = self._unfolded(typed)
            if len(self._words) < MOST_WORDS:
                self._words[typed] = words
        return words

    def _unfolded(self, typed: str) -> tuple["Word", ...]:
        folded = fold(typed)
        plain = folded if folded in self.contractions else folded.replace("'", "")
        if plain in self.contractions:
            return tuple(self.word(each, each) for each in self.contractions[plain])
        bare = without_clitic(typed, self.clitics)
        return (self.word(bare, fold(bare)),)

    def word(self, text: str, folded: str) -> "Word":
        stem = self.stems.of(text)
        return Word(text, folded, stem, self.classes_of(stem))

    def classes_of(self, stem: str) -> frozenset[str]:
        """The names of the classes that a word stands in."""
        return self._classes_of.get(stem, frozenset())

    def is_a(self, stem: str, *names: str) -> bool:
        return not self.classes_of(stem).isdisjoint(names)

    def is_special(self, stem: str) -> bool:
        """Whether a text on its kind need not be about it."""
        return stem in self.special

    def standing_for(self, stem: str) -> frozenset[str]:
        return self.meanings.get(stem, frozenset())

    def words_of(self, text: str) -> tuple[str, ...]:
        """The folded words of a name or a text, without clitics."""
        return tuple(fold(without_clitic(match.group(), self.clitics)) for match in WORD.finditer(text))

    def table(self, name: str) -> Mapping[str, Any]:
        return self.tables.get(name, {})

    @cached_property
    def clock(self) -> Clock:
        return Clock.read(self.table("clock"))

    @cached_property
    def words_of_time(self) -> frozenset[str]:
        """The words that a day or a time of day may begin with, besides figures."""
        tables = ("months", "weekdays", "dayparts", "days", "hours", "numbers")
        return frozenset(word for name in tables for word in self.table(name)) | {
            phrase[0] for phrase, _ in self.clock.quarters
        }

    @cached_property
    def _classes_of(self) -> Mapping[str, frozenset[str]]:
        names: dict[str, set[str]] = {}
        for name, stems in self.classes.items():
            for stem in stems:
                names.setdefault(stem, set()).add(name)
        return {stem: frozenset(held) for stem, held in names.items()}

    @cached_property
    def known(self) -> frozenset[str]:
        """Every stem of the language that stands somewhere in the lexicon: no typo."""
        stems = set().union(*(words for name, words in self.classes.items() if name != UNEXPLAINED))
        for pattern in self.patterns:
            for element in pattern.elements:
                stems |= element or frozenset()
        for table in self.tables.values():
            for phrase in table:
                stems |= set(self.stems.of_text(phrase))
        return frozenset(stems)

    @cached_property
    def words_of_topics(self) -> Mapping[str, frozenset[str]]:
        """Topic to the stems of all that may ask for it."""
        words: dict[str, set[str]] = {}
        for pattern in self.patterns:
            words.setdefault(pattern.topic, set()).update(*(element for element in pattern.elements if element))
        return {topic: frozenset(stems) for topic, stems in words.items()}

    @cached_property
    def explaining(self) -> frozenset[str]:
        """The stems that say what is asked, or nothing at all; a word of what no file holds explains only itself."""
        stems = set().union(*(words for name, words in self.classes.items() if name != UNEXPLAINED))
        for pattern in self.patterns:
            if self.groups[pattern.topic] != "unheld":
                for element in pattern.elements:
                    stems |= element or frozenset()
        return frozenset(stems)

    def patterns_for(self, stems: Iterable[str]) -> list[Pattern]:
        """The patterns that may match: those of which the two most telling words are there."""
        there = dict.fromkeys(stems)
        return [
            pattern
            for stem in there
            for second, pattern in self._index.get(stem, ())
            if second is None or not second.isdisjoint(there)
        ]

    @cached_property
    def _index(self) -> Mapping[str, tuple[tuple[frozenset[str] | None, Pattern], ...]]:
        """Stem to the patterns that cannot match without it, each with the next word that it needs."""
        index: dict[str, list[tuple[frozenset[str] | None, Pattern]]] = {}
        for pattern in self.patterns:
            rarest, *others = sorted((element for element in pattern.elements if element), key=self._commonness)
            for stem in rarest:
                index.setdefault(stem, []).append((others[0] if others else None, pattern))
        return {stem: tuple(patterns) for stem, patterns in index.items()}

    def warm_up(self) -> None:
        """Builds what is built on first use."""
        self._classes_of  # noqa: B018
        self.words_of_time  # noqa: B018
        self.words_of_topics  # noqa: B018
        self.known  # noqa: B018
        self.explaining  # noqa: B018
        self._index  # noqa: B018

    def _commonness(self, element: frozenset[str]) -> int:
        function = self.classes.get("function", frozenset())
        return len(element) + 1000 * len(element & function)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of ``language``, English where there is none."""
    if language not in lexicon_languages():
        language = lexicon_languages()[0]
    return _built(language, _read(language))


@cache
def classes_alone(language: str, *names: str) -> tuple[Stems, frozenset[str]]:
    """The stems of some classes, read without all else: a small part of what a lexicon costs."""
    tree = _read(language)
    stems = _stems(tree)
    phrases = [phrase for name in names for phrase in _phrases(tree["words"].get(name, ()))]
    return stems, frozenset(_stemmed(stems, _contractions(tree), phrases))


def _read(language: str) -> dict[str, Any]:
    """All tables of a language's files; one file may add to a table of another."""
    tree: dict[str, Any] = {}
    for file in sorted((LEXICONS / language).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            _merge(tree, tomllib.loads(file.read_text("utf-8")))
    return tree


def _merge(tree: dict[str, Any], addition: Mapping[str, Any]) -> None:
    for key, value in addition.items():
        if isinstance(value, dict) and isinstance(tree.get(key), dict):
            _merge(tree[key], value)
        elif isinstance(value, list) and isinstance(tree.get(key), list):
            tree[key] = [*tree[key], *value]
        else:
            tree[key] = value


def _built(language: str, tree: Mapping[str, Any]) -> Lexicon:
    stems, contractions = _stems(tree), _contractions(tree)

    def stems_of(phrase: str) -> list[str]:
        return stems.of_text(phrase, contractions)

    classes = {name: _phrases(value) for name, value in tree.get("classes", {}).items()}
    reader = PatternReader(stems_of, classes)
    patterns: list[Pattern] = []
    groups: dict[str, str] = {}
    for group in GROUPS:
        for topic, forms in tree.get(group, {}).items():
            groups[topic] = group
            for strength in ("asks", "names"):
                for written in forms.get(strength, ()):
                    patterns += reader.read(written, topic, strength == "names")
    words = {name: _phrases(value) for name, value in tree.get("words", {}).items()}
    built = Lexicon(
        language=language,
        stems=stems,
        classes={name: frozenset(_stemmed(stems, contractions, phrases)) for name, phrases in words.items()},
        contractions=contractions,
        clitics=tuple(tree.get("clitics", ())),
        tables={name: _folded(table) for name, table in _tables(tree).items()},
        patterns=tuple(patterns),
        groups=groups,
        spellings=_spellings(tree, classes, words),
        meanings=_meanings(stems, tree),
        of_one=frozenset(topic for topic, forms in tree.get("unheld", {}).items() if forms.get("of_one")),
        special=frozenset(stem for kind in tree.get("kinds", {}).values() for stem in stems.of_text(kind["special"])),
    )
    # Now, rather than when the first question comes.
    built.warm_up()
    return built


def _stems(tree: Mapping[str, Any]) -> Stems:
    return Stems(tree.get("stemmer", "prefix:6"), tree.get("clitics", ()), tree.get("whole", "").split())


def _contractions(tree: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {fold(key): tuple(value.split()) for key, value in tree.get("contractions", {}).items()}


def _tables(tree: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {**tree.get("tables", {}), "clock": tree.get("clock", {})}


def _meanings(stems: Stems, tree: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """What each word finds: of synonyms each finds all, of a kind only the general words find the special ones."""
    found: dict[str, frozenset[str]] = {}
    for group in tree.get("synonyms", {}).values():
        alike = frozenset(stems.of_text(group))
        found.update({stem: found.get(stem, frozenset()) | alike for stem in alike})
    for kind in tree.get("kinds", {}).values():
        general = frozenset(stems.of_text(kind["general"]))
        comprised = general | frozenset(stems.of_text(kind["special"]))
        comprised |= {other for stem in comprised for other in found.get(stem, ())}
        found.update({stem: found.get(stem, frozenset()) | comprised for stem in general})
        if kind.get("covers"):
            found.update({stem: found.get(stem, frozenset()) | general for stem in comprised})
    return found


def _phrases(value: str | Iterable[str]) -> list[str]:
    """A list as it is; a text is words with blanks between them."""
    return value.split() if isinstance(value, str) else list(value)


def _stemmed(stems: Stems, contractions: Mapping[str, Sequence[str]], words: Iterable[str]) -> Iterable[str]:
    """The stems of single words. One that stands for several, as "whats" does, never reaches a class."""
    for word in words:
        if len(contractions.get(fold(word).replace("'", ""), ("",))) == 1:
            yield from stems.of_text(word, contractions)


def _folded(table: Mapping[str, Any]) -> dict[str, Any]:
    return {fold(key): value for key, value in table.items()}


def _spellings(
    tree: Mapping[str, Any], classes: Mapping[str, list[str]], words: Mapping[str, list[str]]
) -> tuple[str, ...]:
    """Cue words and function words as they are written, for the correction of typos."""
    phrases = [*words.get("function", ()), *(phrase for value in classes.values() for phrase in value)]
    for forms in (*tree.get("topics", {}).values(), *tree.get("unheld", {}).values()):
        phrases += [*forms.get("asks", ()), *forms.get("names", ())]
    for name in tree.get("spelled_tables", ()):
        phrases += list(tree["tables"][name])
    found: dict[str, None] = {}
    for phrase in phrases:
        for word in fold(phrase).replace("(", " ").replace(")", " ").replace("|", " ").replace("?", " ").split():
            if word.isalpha() and len(word) > 2:
                found[word] = None
    return tuple(found)
