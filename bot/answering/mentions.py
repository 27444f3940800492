"""Names in a message: which speaker, session, room, place, term or organisation somebody means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.answering.language import WORD, fold, without_clitic
from bot.answering.lexicon import Lexicon
from bot.answering.tokens import Message, Token
from bot.knowledge.event import Event


class Kind(StrEnum):
    SPEAKER = "speakers"
    SESSION = "sessions"
    ROOM = "rooms"
    PLACE = "places"
    TERM = "glossary"
    ORGANISER = "organisers"
    PARTNER = "partners"
    CONTACT = "contact"
    AFFILIATION = "affiliations"
    """A word that tells one organisation from the others."""
    INSTITUTION = "institutions"
    """A word of organisations in general: university, council."""
    STRANGER = "strangers"
    """Name words of several people that fit none of them together."""


OPAQUE = frozenset({Kind.SPEAKER, Kind.STRANGER, Kind.CONTACT, Kind.PLACE, Kind.TERM, Kind.ROOM})


@dataclass(frozen=True, slots=True)
class Mention:
    """One name that was found. ``ids`` are the entities it may mean; several make it ambiguous."""

    kind: Kind
    ids: tuple[str, ...]
    positions: tuple[int, ...]
    exact: bool = False
    """Whether the words stand so in the name."""

    @property
    def is_opaque(self) -> bool:
        """Whether its words mean nothing but the name; those of an organisation still say something."""
        return self.exact or self.kind in OPAQUE

    @property
    def entity(self) -> str:
        """The source path of an unambiguous mention."""
        return f"{self.kind.value}.{self.ids[0]}"


class Names:
    """All names of one event, ready to be found in messages of one language."""

    def __init__(self, event: Event, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._phrases: dict[tuple[str, ...], list[tuple[Kind, str]]] = {}
        self._lengths: dict[str, set[int]] = {}
        """How many words the names have that begin with a word."""
        self._people: dict[str, set[str]] = {}
        self._affiliations: dict[str, set[str]] = {}
        self._institutions: dict[str, set[str]] = {}
        self._prose_pairs: set[tuple[str, str]] = set()
        self._read(event)

    def _read(self, event: Event) -> None:
        for speaker in event.speakers:
            for name in (speaker.name, *speaker.also_known_as):
                self._add_person(speaker.id, name)
            if speaker.affiliation:
                for text in speaker.affiliation.variants:
                    self._add_affiliation(speaker.id, text)
        for session in event.sessions:
            if session.room:
                # "Hall 1" is typed as "hall1" too.
                joined = [text.replace(" ", "") for text in session.room.variants]
                self._add_phrases(Kind.ROOM, session.room.default, (*session.room.variants, *joined))
        for place in event.places:
            self._add_phrases(Kind.PLACE, place.id, place.name.variants)
        for entry in event.glossary:
            self._add_phrases(Kind.TERM, entry.term, (entry.term, *entry.also))
        for kind, listed in ((Kind.ORGANISER, event.organisers), (Kind.PARTNER, event.partners)):
            for number, organisation in enumerate(listed):
                for text in organisation.variants:
                    self._add_organisation(kind, str(number), text)
        if event.contact:
            words = self._lexicon.words_of(event.contact.name)
            self._add_phrases(Kind.CONTACT, "contact", (event.contact.name, *words))
        for text in _prose(event):
            self._prose_pairs.update(pairwise(self._lexicon.words_of(text)))

    def _add_person(self, speaker: str, name: str) -> None:
        for match in WORD.finditer(name):
            word = match.group()
            self._people.setdefault(fold(without_clitic(word, self._lexicon.clitics)), set()).add(speaker)
            # "D’Hondt" is typed as "Hondt" too.
            tail = fold(word).rpartition("'")[2]
            if len(tail) > 3:
                self._people.setdefault(tail, set()).add(speaker)

    def _add_affiliation(self, speaker: str, text: str) -> None:
        for word in self._lexicon.words_of(text):
            stem = self._lexicon.stems.of(word)
            if self._lexicon.is_a(stem, "institution"):
                self._institutions.setdefault(stem, set()).add(speaker)
            elif len(word) > 3 and not self._lexicon.is_a(stem, "function", "framing"):
                self._affiliations.setdefault(stem, set()).add(speaker)

    def _add_phrases(self, kind: Kind, id: str, names: Iterable[str]) -> None:
        for name in names:
            words = self._lexicon.words_of(name)
            if words:
                stems = tuple(self._lexicon.stems.of(word) for word in words)
                unfolded = tuple(self._lexicon.stems.of_text(name, self._lexicon.contractions))
                for key in dict.fromkeys((words, stems, unfolded) if len(words) > 1 else (words,)):
                    self._lengths.setdefault(key[0], set()).add(len(key))
                    entries = self._phrases.setdefault(key, [])
                    if (kind, id) not in entries:
                        entries.append((kind, id))

    def _add_organisation(self, kind: Kind, id: str, text: str) -> None:
        head = text.split(",")[0]
        self._add_phrases(kind, id, (head,))
        for word in self._lexicon.words_of(head.rpartition("–")[2]):
            if len(word) > 3 and self._lexicon.stems.of(word) not in self._lexicon.known:
                self._add_phrases(kind, id, (word,))

    @property
    def words(self) -> frozenset[str]:
        """Every word that stands in a name."""
        named = {word for phrase in self._phrases for word in phrase}
        return frozenset(named | set(self._people))

    def find(self, message: Message) -> tuple[Mention, ...]:
        """The mentions in a message, longest names first, each word used once."""
        tokens = message.tokens
        taken: set[int] = set()
        found: list[Mention] = []
        for search in (self._phrases_in, self._people_in, self._affiliations_in):
            for mention in search(tokens, taken):
                if not taken & set(mention.positions):
                    taken |= set(mention.positions)
                    found.append(mention)
        return tuple(sorted(found, key=lambda mention: mention.positions))

    def _phrases_in(self, tokens: Sequence[Token], taken: set[int]) -> list[Mention]:
        words = tuple(token.word for token in tokens)
        stems = tuple(token.stem for token in tokens)
        found = [
            self._phrase(entries, first, length)
            for first, token in enumerate(tokens)
            for length in self._lengths.get(token.word, set()) | self._lengths.get(token.stem, set())
            if first + length <= len(tokens)
            and (entries := self._entries(words, stems, first, length))
            and not (length == 1 and self._is_plain_word(token))
        ]
        return sorted(found, key=lambda mention: (-len(mention.positions), mention.positions))

    def _entries(
        self, words: tuple[str, ...], stems: tuple[str, ...], first: int, length: int
    ) -> list[tuple[Kind, str]] | None:
        """What the words from ``first`` on name, if they are a name of that length."""
        ends = first + length
        return self._phrases.get(words[first:ends]) or self._phrases.get(stems[first:ends])

    def _phrase(self, entries: list[tuple[Kind, str]], first: int, length: int) -> Mention:
        kind = entries[0][0]
        return Mention(kind, tuple(id for each, id in entries if each is kind), tuple(range(first, first + length)))

    def _is_plain_word(self, token: Token) -> bool:
        return token.is_a("function") or len(token.word) < 2

    def _people_in(self, tokens: Sequence[Token], taken: set[int]) -> list[Mention]:
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            run = at
            while run < len(tokens) and run not in taken and self._name_word(tokens[run]):
                run += 1
            if run > at and not (run == at + 1 and self._is_prose(tokens, at)):
                words = [self._name_word(token) or "" for token in tokens[at:run]]
                found.append(self._person(words, tuple(range(at, run))))
            at = max(run, at + 1)
        return found

    def _name_word(self, token: Token) -> str | None:
        """The name that a word is, bare of an ending ("kathleens")."""
        if token.word in self._people:
            return token.word
        return token.stem if token.stem in self._people and token.stem not in self._lexicon.known else None

    def _person(self, words: Sequence[str], positions: tuple[int, ...]) -> Mention:
        fitting = set.intersection(*(self._people[word] for word in words))
        if not fitting:
            return Mention(Kind.STRANGER, (), positions)
        return Mention(Kind.SPEAKER, tuple(sorted(fitting)), positions)

    def _is_prose(self, tokens: Sequence[Token], at: int) -> bool:
        """``urban policy`` is no speaker called Urban."""
        before = tokens[at - 1].word if at else ""
        after = tokens[at + 1].word if at + 1 < len(tokens) else ""
        word = tokens[at].word
        return (word, after) in self._prose_pairs or (
            (before, word) in self._prose_pairs and not self._lexicon.is_a(before, "function")
        )

    def _affiliations_in(self, tokens: Sequence[Token], taken: set[int]) -> list[Mention]:
        found: list[Mention] = []
        for kind, index in ((Kind.AFFILIATION, self._affiliations), (Kind.INSTITUTION, self._institutions)):
            for at, token in enumerate(tokens):
                # An organisation that the file names in one language is asked for in another.
                stems = (token.stem, *self._lexicon.standing_for(token.stem))
                speakers = {speaker for stem in stems for speaker in index.get(stem, ())}
                if speakers and at not in taken:
                    found.append(Mention(kind, tuple(sorted(speakers)), (at,)))
        return found


def _prose(event: Event) -> Iterable[str]:
    texts = [event.description, event.audience, *(session.description for session in event.sessions)]
    texts += [session.title for session in event.sessions]
    texts += [entry.meaning for entry in event.glossary]
    for text in texts:
        if text:
            yield from text.variants
