"""The event in one reader's language: phrases with their fields made safe, and the names of things."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape

from bot.i18n import formats
from bot.i18n.catalog import catalog
from bot.knowledge.event import Event, Session
from bot.knowledge.localized_text import LocalizedText
from bot.messages.actions import Action, Dismiss, Show
from bot.messages.message import Button, Style, button, utf16_length


class Markup(str):
    """A text that is Telegram's HTML already; every other field of a phrase is escaped."""

    __slots__ = ()


class _Figure(int):
    """A number that chooses the plural form by its value and stands there as the language writes it."""

    _shown: str

    def __new__(cls, value: int, shown: str) -> "_Figure":
        figure = super().__new__(cls, value)
        figure._shown = shown
        return figure

    def __str__(self) -> str:
        return self._shown


class Wording:
    """Says things about ``event`` in ``language``."""

    def __init__(self, event: Event, language: str) -> None:
        self.event = event
        self.language = language
        self._catalog = catalog(language)

    def text(self, key: str, **fields: object) -> Markup:
        """A phrase as markup."""
        fields = self._with_figures(fields)
        safe = {
            name: value if isinstance(value, Markup | int) else escape(str(value), quote=False)
            for name, value in fields.items()
        }
        return Markup(self._catalog.text(key, **safe))

    def own_words(self, text: LocalizedText | None, most: int | None = None) -> Markup:
        """A text of the knowledge file as markup, cut at a word where it is longer than ``most``."""
        words = self.of(text)
        return Markup(escape(words if most is None else shortened(words, most), quote=False))

    def label(self, key: str, **fields: object) -> str:
        """A phrase as plain text, for a button or a note that takes no markup."""
        return self._catalog.text(key, **self._with_figures(fields))

    def _with_figures(self, fields: dict[str, object]) -> dict[str, object]:
        return {
            name: _Figure(value, self.number(value)) if isinstance(value, int) else value
            for name, value in fields.items()
        }

    def of(self, text: LocalizedText | None) -> str:
        """A text of the knowledge file in the reader's language, where it has one."""
        return "" if text is None else text.in_language(self.language)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.event.timezone)

    def day(self, moment: datetime) -> str:
        return formats.day(self.language, self.local(moment))

    def short_day(self, moment: datetime) -> str:
        return formats.short_day(self.language, self.local(moment))

    def time(self, moment: datetime) -> str:
        """The time of day to the minute; ``span`` gives a session's own seconds where it has any."""
        return formats.time(self.language, self._minute(moment))

    def moment(self, moment: datetime) -> str:
        """Day and time, to the minute."""
        return formats.moment(self.language, self._minute(moment))

    def _minute(self, moment: datetime) -> datetime:
        return self.local(moment).replace(second=0, microsecond=0)

    def span(self, session: Session) -> str:
        return formats.span(self.language, session.start, session.end)

    def duration(self, length: timedelta) -> str:
        return formats.duration(self.language, length)

    def number(self, value: int) -> str:
        return formats.number(self.language, value)

    @property
    def zone(self) -> str:
        """The place whose time all times are in."""
        return formats.place_of_zone(self.language, self.event.sessions[0].start)

    def when(self, session: Session) -> Markup:
        return self.text("session.when", day=self.day(session.start), span=self.span(session), zone=self.zone)

    def where(self, session: Session) -> Markup | None:
        """Room and venue, as far as the file knows them."""
        room, venue = self.of(session.room), self.event.venue
        if room and venue:
            return self.text("session.room_and_venue", room=room, venue=self.of(venue.name))
        if room:
            return self.text("session.room", room=room)
        return self.text("session.venue", venue=self.of(venue.name)) if venue else None

    def facts(self, session: Session) -> Markup:
        """When and where, a line each."""
        lines = [self.when(session), self.where(session)]
        return joined(line for line in lines if line)

    def go(self, key: str, action: Action, **fields: object) -> Button:
        """The button that goes on; it begins with ✅ in every language."""
        return button("✅ " + self.label(key, **fields), action, Style.GO)

    def stop(self, key: str = "buttons.not_now", action: Action | None = None) -> Button:
        """The button that stops; it begins with ❌ in every language."""
        return button("❌ " + self.label(key), action or Dismiss(), Style.STOP)

    def screen(self, name: str) -> Button:
        """The button that opens a screen."""
        return button(self.label(f"screens.{name}"), Show(name))


def joined(parts: Iterable[str], separator: str = "\n") -> Markup:
    return Markup(separator.join(parts))


def to_the_minute(length: timedelta) -> timedelta:
    """Rounded to minutes, so that what is said a second late still says "1 hour"; under a minute as it is."""
    seconds = length.total_seconds()
    return timedelta(seconds=round(seconds / 60) * 60) if seconds >= 60 else timedelta(seconds=max(1, round(seconds)))


def shortened(text: str, most: int) -> str:
    """At most ``most`` UTF-16 units, which is how Telegram counts, cut at a word where one ends in the second half."""
    if utf16_length(text) <= most:
        return text
    cut = text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return (cut.rsplit(" ", 1)[0] if " " in cut[len(cut) // 2 :] else cut).rstrip() + "…"
