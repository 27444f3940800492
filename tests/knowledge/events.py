"""Events as hypothesis draws them: anything that the knowledge file can hold."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.knowledge.event import (
    Contact,
    Event,
    FaqEntry,
    GlossaryEntry,
    Place,
    RegistrationRules,
    ReminderRule,
    Session,
    Speaker,
    Venue,
)
from bot.knowledge.localized_text import LocalizedText

ZONES = ("UTC", "Europe/Brussels", "Europe/Dublin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
AWKWARD = ("16:30", "no", "null", "~", "", "313", "# x", "a: b", "- a", "'", '"', "|", "&a *b", "!x", "1e3", "=", "<<")

ids = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)
durations = st.integers(0, 3600 * 24 * 3000).map(lambda seconds: timedelta(seconds=seconds))
_any_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
_words = st.lists(st.text("abc –é:#'\"", min_size=1, max_size=9), min_size=8, max_size=40).map(" ".join)
texts = st.one_of(st.sampled_from(AWKWARD), _any_text, _words).map(str.strip).filter(bool)
addresses = st.sampled_from(["https://example.org", "http://example.org/a?b=c#d", "https://example.org:8080/é"])


def localized(languages: tuple[str, ...]) -> SearchStrategy[LocalizedText]:
    """Texts in the first language and in any of the others, in the order of the event's list."""

    def build(chosen: set[str], wordings: list[str]) -> LocalizedText:
        present = [code for code in languages if code in chosen or code == languages[0]]
        return LocalizedText(tuple(zip(present, wordings, strict=False)))

    several = st.lists(texts, min_size=len(languages), max_size=len(languages))
    return st.builds(build, st.sets(st.sampled_from(languages)), several)


def moments(zone: ZoneInfo) -> SearchStrategy[datetime]:
    """Moments that exist in the zone, those of a repeated hour included."""
    spread = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
    change = datetime(2025, 10, 25, 20, tzinfo=UTC)
    near_change = st.integers(0, 12 * 60).map(lambda minutes: change + timedelta(minutes=minutes))
    return st.one_of(spread, near_change).map(lambda moment: moment.astimezone(zone))


@st.composite
def sessions(
    draw: st.DrawFn, id: str, zone: ZoneInfo, words: SearchStrategy[LocalizedText], speakers: list[str]
) -> Session:
    start = draw(moments(zone))
    length = draw(st.none() | st.integers(1, 3000))
    return Session(
        id=id,
        title=draw(words),
        start=start,
        end=None if length is None else (start.astimezone(UTC) + timedelta(minutes=length)).astimezone(zone),
        room=draw(st.none() | words),
        speakers=tuple(draw(st.lists(st.sampled_from(speakers), unique=True))) if speakers else (),
        capacity=draw(st.none() | st.integers(0, 1_000_000)),
        description=draw(st.none() | words),
        track=draw(st.none() | words),
        kind=draw(st.none() | words),
        language=draw(st.none() | words),
    )


def speakers(id: str, words: SearchStrategy[LocalizedText]) -> SearchStrategy[Speaker]:
    names = st.lists(texts, max_size=2).map(tuple)
    some = st.none() | words
    return st.builds(Speaker, st.just(id), texts, affiliation=some, role=some, bio=some, also_known_as=names)


def reminders(id: str, words: SearchStrategy[LocalizedText]) -> SearchStrategy[ReminderRule]:
    text = st.none() | words
    return st.builds(ReminderRule, st.just(id), before=durations, text=text) | st.builds(
        ReminderRule, st.just(id), after=durations, text=text
    )


@st.composite
def registrations(draw: st.DrawFn, zone: ZoneInfo, words: SearchStrategy[LocalizedText]) -> RegistrationRules:
    opens, length = draw(st.none() | moments(zone)), draw(st.none() | st.integers(1, 10**6))
    start = (opens or datetime(2025, 1, 1, tzinfo=UTC)).astimezone(UTC)
    return RegistrationRules(
        opens=opens,
        closes=None if length is None else (start + timedelta(minutes=length)).astimezone(zone),
        note=draw(st.none() | words),
        website=draw(st.none() | addresses),
        guests=draw(st.integers(0, 100)),
        offer_hold=draw(durations),
        erase_after=draw(durations),
    )


@st.composite
def events(draw: st.DrawFn) -> Event:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    languages = tuple(draw(st.lists(st.sampled_from(["en", "de", "mt", "pt-BR"]), min_size=1, unique=True)))
    words = localized(languages)
    some, lists = st.none() | words, st.lists(words, max_size=2).map(tuple)

    def unique_ids(least: int = 0) -> list[str]:
        return draw(st.lists(ids, min_size=least, max_size=3, unique=True))

    speaker_ids, degrees = unique_ids(), st.floats(-90, 90)
    return Event(
        title=draw(words),
        timezone=zone,
        languages=languages,
        sessions=tuple(draw(sessions(id, zone, words, speaker_ids)) for id in unique_ids(1)),
        description=draw(some),
        series=draw(some),
        audience=draw(some),
        price=draw(some),
        website=draw(st.none() | addresses.map(lambda address: LocalizedText.of(address, languages[0]))),
        hashtags=tuple(draw(st.lists(texts, max_size=2))),
        organisers=draw(lists),
        partners=draw(lists),
        contact=draw(st.none() | st.builds(Contact, texts, some, st.just("a@b.eu") | st.none(), st.none() | texts)),
        venue=draw(st.none() | st.builds(Venue, words, some, st.none() | st.tuples(degrees, degrees))),
        speakers=tuple(draw(speakers(id, words)) for id in speaker_ids),
        places=tuple(Place(id, draw(words), draw(some)) for id in unique_ids()),
        glossary=tuple(
            GlossaryEntry(term, draw(words), tuple(draw(st.lists(texts, max_size=2))))
            for term in draw(st.lists(texts, max_size=2, unique=True))
        ),
        faq=tuple(
            FaqEntry(id, tuple(draw(st.lists(words, min_size=1, max_size=3))), draw(words)) for id in unique_ids()
        ),
        registration=draw(registrations(zone, words)),
        reminders=tuple(draw(reminders(id, words)) for id in unique_ids()),
    )
