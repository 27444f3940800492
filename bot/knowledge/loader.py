"""The knowledge file as an Event, or every fault in it at once. Which fields there are is written here."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.knowledge.document import ListNode, Node, read_document
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
from bot.knowledge.fault import Fault, KnowledgeFault, quoted
from bot.knowledge.fields import Fields, Reader
from bot.knowledge.localized_text import LocalizedText
from bot.knowledge.references import dangling, doubles, suggestion
from bot.knowledge.scalars import parse_language_code

LARGEST_CAPACITY = 1_000_000
MOST_GUESTS = 100


def load_event(path: Path) -> Event:
    """The event in the file; KnowledgeFault with all that is wrong where it is not sound."""
    try:
        source = path.read_bytes()
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be read"
        message = f"{reason}: set KNOWLEDGE_FILE or name another one"
        raise KnowledgeFault([Fault(0, "", message)], str(path)) from error
    return parse_event(source, str(path))


def parse_event(source: str | bytes, file_name: str = "knowledge.yaml") -> Event:
    """The event in a knowledge file's text; KnowledgeFault with all that is wrong where it is not sound."""
    document = read_document(source, file_name)
    reader = Reader()
    event = _EventReader(reader).event(Fields(reader, document.root))
    faults = [*document.faults, *reader.faults, *_cross_faults(reader)]
    if faults or event is None:
        raise KnowledgeFault(faults, file_name)
    return event


def _cross_faults(reader: Reader) -> list[Fault]:
    faults = [fault for mentions in reader.defined.values() for fault in doubles(mentions)]
    for kind, used in reader.used.items():
        faults += dangling(used, {mention.id for mention in reader.defined[kind]}, kind)
    return faults


class _EventReader:
    """One method for each group of fields, in the order of the file."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def event(self, top: Fields) -> Event | None:
        top.required("version", self._version, "begin the file with version: 1")
        about = top.required("event", self._about, "add event: with title, timezone and languages")
        venue = top.optional("venue", self._venue)
        sessions = top.required("sessions", lambda node: self.reader.items(node, self._session), "add at least one")
        speakers = top.items("speakers", self._speaker)
        places = top.items("places", self._place)
        glossary = top.items("glossary", self._glossary_entry)
        faq = top.items("faq", self._faq_entry)
        registration = top.optional("registration", self._registration) or RegistrationRules()
        reminders = top.items("reminders", self._reminder)
        top.finish()
        if about is None or sessions is None:
            return None
        return replace(
            about,
            venue=venue,
            sessions=sessions,
            speakers=speakers,
            places=places,
            glossary=glossary,
            faq=faq,
            registration=registration,
            reminders=reminders,
        )

    def _version(self, node: Node) -> int | None:
        text = self.reader.text(node)
        if text is not None and text != "1":
            self.reader.fault(node, f"{quoted(text)} is not known here: this program reads version 1")
        return 1

    def _about(self, node: Node) -> Event | None:
        """What stands under ``event``; the zone and the languages first, for everything else needs them."""
        fields = self.reader.fields(node)
        if fields is None:
            return None
        zone = fields.required("timezone", self._zone, "add one, such as Europe/Brussels")
        self.reader.zone = zone or self.reader.zone
        languages = fields.required("languages", self._languages, "list those of this file's texts, such as [en]")
        self.reader.languages = languages
        localized = self.reader.localized
        title = fields.required("title", localized)
        event = Event(
            title=title or LocalizedText.of("?"),
            timezone=self.reader.zone,
            languages=languages or ("en",),
            sessions=(),
            description=fields.optional("description", localized),
            series=fields.optional("series", localized),
            audience=fields.optional("audience", localized),
            price=fields.optional("price", localized),
            website=fields.optional("website", self.reader.localized_address),
            hashtags=fields.items("hashtags", self.reader.text),
            organisers=fields.items("organisers", localized),
            partners=fields.items("partners", localized),
            contact=fields.optional("contact", self._contact),
        )
        fields.finish()
        return event

    def _zone(self, node: Node) -> ZoneInfo | None:
        return self.reader.parsed(node, _parse_zone)

    def _languages(self, node: Node) -> tuple[str, ...] | None:
        languages = self.reader.items(node, self._new_language)
        return tuple(dict.fromkeys(languages)) if languages else None

    def _new_language(self, node: Node) -> str | None:
        code = self.reader.parsed(node, parse_language_code)
        return self.reader.defining("language", node, code)

    def _contact(self, node: Node) -> Contact | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        name = fields.required("name", self.reader.text)
        contact = Contact(
            name=name or "?",
            role=fields.optional("role", self.reader.localized),
            email=fields.optional("email", self.reader.email),
            phone=fields.optional("phone", self.reader.text),
            telegram=fields.optional("telegram", self.reader.telegram),
        )
        fields.finish()
        return contact

    def _venue(self, node: Node) -> Venue | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        name = fields.required("name", self.reader.localized)
        address = fields.optional("address", self.reader.localized)
        coordinates = fields.optional("coordinates", self._coordinates)
        fields.finish()
        return Venue(name, address, coordinates) if name else None

    def _coordinates(self, node: Node) -> tuple[float, float] | None:
        if not isinstance(node, ListNode) or len(node.items) != 2:
            self.reader.fault(node, "must be latitude and longitude, such as [50.8437, 4.3562]")
            return None
        latitude = self.reader.degrees(90)(node.items[0])
        longitude = self.reader.degrees(180)(node.items[1])
        return None if latitude is None or longitude is None else (latitude, longitude)

    def _session(self, node: Node) -> Session | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        localized = self.reader.localized
        id = fields.required("id", self.reader.new_id("session"), "give each session one, such as opening-talk")
        title = fields.required("title", localized)
        start = fields.required("start", self.reader.moment, "write it like 2019-10-09T16:30")
        end = fields.optional("end", self.reader.moment)
        details = partial(
            Session,
            end=end,
            room=fields.optional("room", localized),
            speakers=fields.items("speakers", self.reader.reference("speaker")),
            capacity=fields.optional("capacity", self.reader.whole_number(LARGEST_CAPACITY)),
            description=fields.optional("description", localized),
            track=fields.optional("track", localized),
            kind=fields.optional("kind", localized),
            language=fields.optional("language", localized),
        )
        fields.finish()
        if start and end and end.astimezone(UTC) <= start.astimezone(UTC):
            fields.fault("end", _order_message(start, end))
        return details(id, title, start) if id and title and start else None

    def _speaker(self, node: Node) -> Speaker | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        id = fields.required("id", self.reader.new_id("speaker"), "give each speaker one, such as anna-example")
        name = fields.required("name", self.reader.text)
        details = partial(
            Speaker,
            affiliation=fields.optional("affiliation", self.reader.localized),
            role=fields.optional("role", self.reader.localized),
            bio=fields.optional("bio", self.reader.localized),
            also_known_as=fields.items("also_known_as", self.reader.text),
        )
        fields.finish()
        return details(id, name) if id and name else None

    def _place(self, node: Node) -> Place | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        id = fields.required("id", self.reader.new_id("place"))
        name = fields.required("name", self.reader.localized)
        description = fields.optional("description", self.reader.localized)
        fields.finish()
        return Place(id, name, description) if id and name else None

    def _glossary_entry(self, node: Node) -> GlossaryEntry | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        term = fields.required("term", self._new_term)
        also = fields.items("also", self.reader.text)
        meaning = fields.required("meaning", self.reader.localized)
        fields.finish()
        return GlossaryEntry(term, meaning, also) if term and meaning else None

    def _new_term(self, node: Node) -> str | None:
        return self.reader.defining("term", node, self.reader.text(node))

    def _faq_entry(self, node: Node) -> FaqEntry | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        id = fields.required("id", self.reader.new_id("faq"))
        questions = fields.required("questions", lambda node: self.reader.items(node, self.reader.localized))
        answer = fields.required("answer", self.reader.localized)
        fields.finish()
        return FaqEntry(id, questions, answer) if id and questions and answer else None

    def _registration(self, node: Node) -> RegistrationRules | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        opens = fields.optional("opens", self.reader.moment)
        closes = fields.optional("closes", self.reader.moment)
        usual = RegistrationRules()
        guests = fields.optional("guests", self.reader.whole_number(MOST_GUESTS))
        offer_hold = fields.optional("offer_hold", self.reader.duration)
        erase_after = fields.optional("erase_after", self.reader.duration)
        rules = RegistrationRules(
            opens=opens,
            closes=closes,
            note=fields.optional("note", self.reader.localized),
            website=fields.optional("website", self.reader.web_address),
            guests=usual.guests if guests is None else guests,
            offer_hold=usual.offer_hold if offer_hold is None else offer_hold,
            erase_after=usual.erase_after if erase_after is None else erase_after,
        )
        fields.finish()
        if opens and closes and closes.astimezone(UTC) <= opens.astimezone(UTC):
            fields.fault("closes", f"{closes:%Y-%m-%d %H:%M} is not after opens, {opens:%Y-%m-%d %H:%M}")
        return rules

    def _reminder(self, node: Node) -> ReminderRule | None:
        fields = self.reader.fields(node)
        if fields is None:
            return None
        id = fields.required("id", self.reader.new_id("reminder"))
        before = fields.optional("before", self.reader.duration)
        after = fields.optional("after", self.reader.duration)
        text = fields.optional("text", self.reader.localized)
        fields.finish()
        if "before" in fields and "after" in fields:
            fields.fault("after", "before stands here too: keep one of the two")
        elif "before" not in fields and "after" not in fields:
            fields.fault("before", "is missing: say when, such as before: 1 day or after: 10 minutes")
        return ReminderRule(id, before, after, text) if id else None


def _order_message(start: datetime, end: datetime) -> str:
    form = "%H:%M" if start.date() == end.date() else "%Y-%m-%d %H:%M"
    if start == end:
        return f"{end:{form}} is the start too: write a later end, or leave it out"
    return f"{end:{form}} is before the start, {start:{form}}"


def _parse_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        advice = suggestion(name, available_timezones())
        raise ValueError(f"is no time zone{advice or ': write it like Europe/Brussels'}") from None
