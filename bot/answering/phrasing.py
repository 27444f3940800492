"""How facts are put into words: the catalogue's phrases under ``answers`` and the reader's formats."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from bot.i18n import formats
from bot.i18n.catalog import Catalog, catalog
from bot.knowledge.event import Event, Session
from bot.knowledge.localized_text import LocalizedText

# One event has few days and names, and most are asked for again and again.
_day = lru_cache(maxsize=1_000)(formats.day)
_short_day = lru_cache(maxsize=1_000)(formats.short_day)
_duration = lru_cache(maxsize=1_000)(formats.duration)
_listing = lru_cache(maxsize=1_000)(formats.listing)
LONGEST_TEXT = 700
"""Characters of prose in one answer: a phone's screen, not a page."""


class Phrasing:
    """Says things about one event in one language."""

    def __init__(self, event: Event, language: str) -> None:
        self.event = event
        self.language = language
        self._catalog: Catalog = catalog(language)

    def __call__(self, key: str, **fields: object) -> str:
        return self._catalog.text(f"answers.{key}", **fields)

    def label(self, key: str) -> str:
        """A label, or nothing where there is none."""
        try:
            return self(key)
        except KeyError:
            return ""

    def of(self, text: LocalizedText | None) -> str:
        return "" if text is None else text.in_language(self.language)

    def joined(self, texts: Sequence[LocalizedText]) -> str:
        """``A and B``; with semicolons where the names hold commas themselves."""
        names = [self.of(text) for text in texts]
        return "; ".join(names) if any("," in name for name in names) else self.listing(names)

    def listing(self, names: Sequence[str]) -> str:
        return _listing(self.language, tuple(names))

    def cut(self, text: str) -> str:
        """Prose cut at the end of a sentence."""
        if len(text) <= LONGEST_TEXT:
            return text
        end = max(text.rfind(mark, 0, LONGEST_TEXT) for mark in (". ", "! ", "? "))
        return text[: end + 1] if end > 0 else text[: LONGEST_TEXT - 1].rstrip() + "…"

    @cached_property
    def zone(self) -> str:
        return formats.place_of_zone(self.language, self.event.sessions[0].start)

    def day(self, moment: datetime) -> str:
        return _day(self.language, moment)

    def short_day(self, moment: datetime) -> str:
        return _short_day(self.language, moment)

    def time(self, moment: datetime) -> str:
        return formats.time(self.language, moment)

    def moment(self, moment: datetime) -> str:
        return formats.moment(self.language, moment)

    def span(self, session: Session) -> str:
        return formats.span(self.language, session.start, session.end)

    def duration(self, length: timedelta) -> str:
        return _duration(self.language, length)

    def relative(self, moment: datetime, now: datetime) -> str:
        """``tomorrow``, ``today, in 25 minutes``, ``in 3 days``; nothing for what is past."""
        if moment <= now:
            return ""
        local = now.astimezone(moment.tzinfo)
        days = (moment.date() - local.date()).days
        if days == 0:
            return self("time.today_in", left=self.duration(moment - now))
        if days == 1:
            return self("time.in_days")
        return self("time.in_time", left=self.duration(timedelta(days=days)))
