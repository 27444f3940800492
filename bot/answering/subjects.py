"""Which sessions of a programme a message speaks of: by words of their titles, tracks, kinds and descriptions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.answering.finding import DETAIL, LABEL, TITLE, Finder, Found
from bot.answering.intents import Intents
from bot.answering.lexicon import Lexicon
from bot.answering.mentions import Kind, Mention
from bot.answering.moments import Moment
from bot.answering.tokens import Message, Token
from bot.knowledge.event import Event

EXPLAINED = (
    *("function", "courtesy", "event", "framing", "session_noun", "whole_event"),
    *("treating", "listing", "money", "money_wanted", "person_noun", "titles"),
)
"""Classes of words that need not stand in what is found."""
OF_THE_PROGRAMME = frozenset({Kind.SPEAKER, Kind.STRANGER, Kind.ROOM, Kind.PLACE, Kind.CONTACT})
"""Names that are no subject of a session."""
NO_NAMES = ("function", "session_noun", "whole_event", "premise", "person_noun")
SESSIONS = ("sessions.",)
OF_SESSIONS = frozenset(
    {
        "time",
        "place",
        "room",
        "end",
        "status",
        "speakers",
        "about",
        "agenda",
        "closing",
        "duration",
        "now",
        "who",
        "title",
    }
)
"""Topics whose cue words may be in a title: "the opening"."""


@dataclass(frozen=True)
class Subject:
    """``sessions`` are ids, the nearest first; ``words`` what they were found by; ``wanted`` the words of the message
    that anything found must hold; ``kind`` tells that a kind of session was named: workshops."""

    sessions: tuple[str, ...] = ()
    words: tuple[Token, ...] = ()
    wanted: tuple[Token, ...] = ()
    kind: bool = False
    exact: bool = False
    """Whether a title was named."""
    missing: tuple[Token, ...] = ()
    """Words beside a title that nothing about the session holds."""
    referred: bool = False
    """Whether it was spoken of before and is only pointed at now."""
    listed: bool = False
    """Whether all that have to do with the words are meant, rather than the one that is called so."""


class Subjects:
    """Finds the sessions that are meant."""

    def __init__(self, event: Event, lexicon: Lexicon, finder: Finder) -> None:
        self._lexicon = lexicon
        self._finder = finder
        self._several = len(event.sessions) > 1
        self._own_name = frozenset(
            stem
            for text in event.title.variants
            for stem in lexicon.stems.of_text(text)
            if self._several and len(finder.in_title(stem, "sessions.")) <= 1
        )
        self._kinds: dict[str, set[str]] = {}
        for session in event.sessions if self._several else ():
            for text in session.kind.variants if session.kind else ():
                for stem in lexicon.stems.of_text(text):
                    self._kinds.setdefault(stem, set()).add(session.id)

    def titles_in(self, message: Message, taken: Collection[int], named: Collection[int]) -> list[Mention]:
        """Runs of words that stand so in a title: they are a name, whatever else they would mean.

        ``taken`` are positions of other names; a run that is wholly ``named`` by a term is that term.
        """
        if not self._several:
            return []
        tokens = message.tokens
        found: list[Mention] = []
        at = 0
        while at < len(tokens) - 1:
            run, last = self._run(tokens, at, taken)
            positions = tuple(range(at, last + 1))
            if run and self._tells(tokens, positions) and not set(positions) <= set(named):
                ids = tuple(sorted(each.removeprefix("sessions.") for each in run))[:8]
                found.append(Mention(Kind.SESSION, ids, positions, exact=True))
                at = last
            at += 1
        return found

    def _run(self, tokens: Sequence[Token], first: int, taken: Collection[int]) -> tuple[frozenset[str], int]:
        run: frozenset[str] = frozenset()
        last = first
        while last + 1 < len(tokens) and last not in taken and last + 1 not in taken:
            pair = self._finder.titles_with(tokens[last].stem, tokens[last + 1].stem)
            narrower = frozenset(each for each in (run & pair if run else pair) if each.startswith(SESSIONS))
            if not narrower:
                break
            run, last = narrower, last + 1
        return run, last

    def _tells(self, tokens: Sequence[Token], positions: Sequence[int]) -> bool:
        """A run tells a title where two of its words carry content."""
        content = [at for at in positions if self._is_word(tokens[at])]
        return len(content) > 1

    def _is_word(self, token: Token) -> bool:
        return len(token.word) > 1 and not token.is_a("function")

    def find(
        self, message: Message, mentions: Sequence[Mention], moments: Sequence[Moment], intents: Intents
    ) -> Subject:
        wanted = self._wanted(message, mentions, moments, intents)
        if not self._several:
            return Subject(wanted=wanted)
        exact = [mention for mention in mentions if mention.kind is Kind.SESSION]
        named = {at for mention in exact for at in mention.positions}
        beside = tuple(token for token in wanted if token.at not in named)
        kinds = self._kinds_in(message, {at for mention in mentions for at in mention.positions})
        listed = self._asks_for_a_list(message)
        if exact:
            ids = self._of_kind(self._narrowed(exact[0].ids, beside), kinds)
            missing = self._missing(ids[0], beside, message, intents)
            return Subject(ids, (), wanted, missing=missing, exact=True, listed=listed)
        words = [token for token in beside if token.stem not in kinds]
        if any(mention.kind in (Kind.ROOM, Kind.PLACE) for mention in mentions):
            # A room that opens names no opening.
            words = [each for each in words if not self._is_verb(message.tokens, each.at)]
            beside = tuple(words)
        soft = self._soft(message, mentions, moments, intents, beside)
        unheld = {at for topic in intents.unheld for at in intents.positions_of[topic]}
        told = [token for token in words if token.at not in unheld]
        for tried in self._tries(words, soft, beside, told):
            found = self._finder.find([token.stem for token in tried], SESSIONS)
            if found and (
                (found[0].least > DETAIL and not self._is_done(message, tried))
                or self._may_be_in_passing(message, tried, intents)
            ):
                ids = tuple(each.source.removeprefix("sessions.") for each in _nearest(found, listed))
                return Subject(self._of_kind(ids, kinds), tuple(tried), wanted, kind=bool(kinds), listed=listed)
        speaker = any(mention.kind is Kind.SPEAKER for mention in mentions)
        if speaker and all(self._lexicon.is_a(stem, "any_session") for stem in kinds):
            kinds = {}
        if kinds and not words:
            ids = tuple(sorted(set.intersection(*kinds.values())))
            return Subject(ids, (), wanted, kind=True, listed=True)
        return Subject(wanted=wanted, listed=listed)

    def _missing(self, session: str, beside: Sequence[Token], message: Message, intents: Intents) -> tuple[Token, ...]:
        """The words beside a title that nothing about its session holds."""
        return tuple(
            token
            for token in beside
            if not token.is_a("edge")
            and self._stands_where_asked(token, message, intents)
            and not self._finder.holds(f"sessions.{session}", token.stem)
        )

    def _stands_where_asked(self, token: Token, message: Message, intents: Intents) -> bool:
        """Whether no other part of the message asks: "washing machine hack, speaker?"."""
        here = next(part for part in message.parts if part.first <= token.at < part.last)
        asking = intents.asking or {at for topic in intents.unheld for at in intents.positions_of[topic]}
        return not asking or any(here.first <= at < here.last for at in asking)

    def _tries(
        self, words: list[Token], soft: list[Token], beside: Sequence[Token], told: list[Token]
    ) -> Iterable[list[Token]]:
        """What to look for, the most telling first. Every word that nothing explains is in it, save those of what is
        asked at every event."""
        yield from (tried for tried in ([*words, *soft], list(beside), words, told) if tried)

    def _wanted(
        self, message: Message, mentions: Sequence[Mention], moments: Sequence[Moment], intents: Intents
    ) -> tuple[Token, ...]:
        """The words that nothing explains but what is found by them."""
        names = {at for mention in mentions if mention.kind in OF_THE_PROGRAMME for at in mention.positions}
        explained = names | {at for moment in moments for at in moment.positions} | intents.asking
        explained |= {at for topic in intents.outweighed for at in intents.positions_of.get(topic, ())}
        explained -= {at for topic in intents.unheld for at in intents.positions_of[topic]}
        unheld = {at for topic in intents.unheld for at in intents.positions_of[topic]}
        return tuple(
            token
            for at, token in enumerate(message.tokens)
            if at not in explained
            and (
                self._is_content(token)
                or self._is_title_held(message.tokens, at)
                or self._is_written_of(message.tokens, at)
                or self._is_measured(message.tokens, at)
                or self._narrows(token, at, unheld)
                or self._is_number_of(message.tokens, at)
            )
        )

    def _is_title_held(self, tokens: Sequence[Token], at: int) -> bool:
        """``Is she a professor`` asks for it; "Professor Urban" does not."""
        named = tokens[at].is_a("titles")
        return at > 0 and named and tokens[at - 1].is_a("article")

    def _is_written_of(self, tokens: Sequence[Token], at: int) -> bool:
        """``My car``: a plain word counts as a noun where the organiser wrote a question or a place of that name."""
        token = tokens[at]
        plain = token.is_a("framing") and not token.is_a("event") and token.word not in self._lexicon.table("ordinals")
        return (
            at > 0
            and plain
            and tokens[at - 1].is_a("noun_before")
            and bool(self._finder.in_title(token.stem, "faq.") or self._finder.in_title(token.stem, "places."))
        )

    def _is_number_of(self, tokens: Sequence[Token], at: int) -> bool:
        """``Hall 7`` is another one than Hall 1."""
        return at > 0 and tokens[at].word.isdigit() and self._is_content(tokens[at - 1])

    def _narrows(self, token: Token, at: int, unheld: Collection[int]) -> bool:
        """Words of what is asked at every event count, whatever else they are said for."""
        names = ("function", "courtesy", "session_noun", "whole_event", "money", "treating", "measured", "person_noun")
        return at in unheld and token.word.isalpha() and not token.is_a(*names)

    def _is_content(self, token: Token) -> bool:
        if not token.word[:1].isalpha() or len(token.word) < 2 or token.word in self._lexicon.table("numbers"):
            return False
        if token.word in self._lexicon.table("ordinals"):
            return False
        if token.stem in self._own_name:
            return False
        return not token.is_a(*EXPLAINED)

    def _is_measured(self, tokens: Sequence[Token], at: int) -> bool:
        """``How fast`` asks for more than the thing itself."""
        return (
            at > 0
            and tokens[at - 1].is_a("measuring")
            and not tokens[at].is_a("function")
            and not tokens[at].is_a("measured")
        )

    def _is_done(self, message: Message, tried: Sequence[Token]) -> bool:
        """``Can I pay``: what somebody does is no title."""
        at = tried[0].at
        asks = message.has("question_word")
        return not asks and len(tried) == 1 and at > 0 and message.tokens[at - 1].is_a("doer")

    def _may_be_in_passing(self, message: Message, tried: Sequence[Token], intents: Intents) -> bool:
        """Whether words that only stand in descriptions may be what a session is about."""
        unheld = {message.tokens[at].stem for topic in intents.unheld for at in intents.positions_of[topic]}
        return (len(tried) > 1 or self._speaks_of_sessions(message)) and not all(each.stem in unheld for each in tried)

    def _speaks_of_sessions(self, message: Message) -> bool:
        names = ("session_noun", "treating", "all_of", "person_question")
        return message.has(*names)

    def _soft(
        self,
        message: Message,
        mentions: Sequence[Mention],
        moments: Sequence[Moment],
        intents: Intents,
        wanted: Sequence[Token],
    ) -> list[Token]:
        """Cue words that are a title where an article makes a noun of them: "the opening"."""
        in_room = any(mention.kind in (Kind.ROOM, Kind.PLACE) for mention in mentions)
        taken = {at for mention in mentions for at in mention.positions}
        taken |= {at for moment in moments for at in moment.positions}
        subject = self._behind_about(message)
        asking = {at for topic in intents.asked - OF_SESSIONS for at in intents.positions_of.get(topic, ())}
        taken |= asking - subject
        tokens = message.tokens
        return [
            token
            for at, token in enumerate(tokens)
            if at not in taken
            and token not in wanted
            and token.word.isalpha()
            and (not at or not in_room)
            and (at in subject or self._is_noun(tokens, at))
            and not token.is_a(*NO_NAMES)
            and token.word not in self._lexicon.table("ordinals")
            and 0 < len(self._finder.in_title(token.stem, "sessions.")) <= 3
        ]

    def _behind_about(self, message: Message) -> set[int]:
        """The positions of what a talk is asked to be about: "who talks about hosting email"."""
        if not message.has("treating", "session_noun"):
            return set()
        found: set[int] = set()
        for part in message.parts:
            words = message.tokens[part.first : part.last]
            first = next((token.at for token in words if token.at > part.first and token.is_a("subject_before")), None)
            found |= set() if first is None else {*range(first + 1, part.last)}
        return found

    def _is_noun(self, tokens: Sequence[Token], at: int) -> bool:
        """``The opening``, "about forms", "opening, when?", "when is closing": no verb."""
        if not at:
            return not tokens[0].is_a("question_word")
        before = tokens[at - 1].stem
        ends = at == len(tokens) - 1 and self._lexicon.is_a(before, "yes_no")
        return ends or self._lexicon.is_a(before, "noun_before", "subject_before")

    def _kinds_in(self, message: Message, named: Collection[int]) -> dict[str, set[str]]:
        return {
            token.stem: self._kinds[token.stem]
            for at, token in enumerate(message.tokens)
            if at not in named and token.stem in self._kinds and not self._is_verb(message.tokens, at)
        }

    def _is_verb(self, tokens: Sequence[Token], at: int) -> bool:
        """``When does it close`` names no closing ceremony."""
        asks_who = any(token.is_a("person_question") for token in tokens)
        speaks = asks_who and tokens[at].is_a("speaking")
        if not speaks and not tokens[at].is_a("edge"):
            return False
        return not self._is_noun(tokens, at)

    def _of_kind(self, ids: tuple[str, ...], kinds: dict[str, set[str]]) -> tuple[str, ...]:
        """Those of the kind that was named, where there are any: "talk" is said of everything."""
        for members in kinds.values():
            ids = tuple(each for each in ids if each in members) or ids
        return ids

    def _narrowed(self, ids: tuple[str, ...], words: Sequence[Token]) -> tuple[str, ...]:
        """Those that hold most of the words beside."""
        held = {id: sum(self._finder.holds(f"sessions.{id}", token.stem) for token in words) for id in ids}
        most = max(held.values())
        return tuple(id for id in ids if held[id] == most)

    def _asks_for_a_list(self, message: Message) -> bool:
        return message.has("listing")


def _nearest(found: Sequence[Found], listed: bool) -> list[Found]:
    """Those whose title holds the words; where a list is asked for, those of the track as well."""
    if listed:
        least = LABEL if any(each.least >= LABEL for each in found) else DETAIL
        return [each for each in found if each.least >= least]
    best = max((each.least, each.nearest) for each in found)
    if best[0] >= TITLE:
        return [each for each in found if each.least >= TITLE]
    return [each for each in found if (each.least, each.nearest) == best]
