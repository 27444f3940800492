"""Facts about places: the venue, the rooms, where to go afterwards."""

from collections.abc import Sequence

from bot.answering.answer import FollowUp
from bot.answering.statements import Statement, Teller
from bot.knowledge.event import Session


class PlaceFacts(Teller):
    """Statements about places."""

    def place(self, sessions: Sequence[Session]) -> Statement:
        venue = self.event.venue
        if venue is None:
            return self.room(sessions[0]) if len(sessions) == 1 and sessions[0].room else self.unheld("venue")
        text, sources = self._venue(), ["venue.name"]
        if venue.address:
            sources.append("venue.address")
        if len(sessions) == 1 and sessions[0].room:
            text = self.say("place.with_room", place=text, room=self.say.of(sessions[0].room))
            sources.append(f"sessions.{sessions[0].id}.room")
        else:
            text = self.say("place.plain", place=text)
        return Statement("place", text, tuple(sources), (FollowUp.MAP,), pin=venue.coordinates is not None)

    def _venue(self) -> str:
        venue = self.event.venue
        assert venue is not None
        if venue.address is None:
            return self.say.of(venue.name)
        return self.say("place.venue_address", name=self.say.of(venue.name), address=self.say.of(venue.address))

    def room(self, session: Session) -> Statement:
        source, room = f"sessions.{session.id}.room", self.say.of(session.room)
        venue = self.event.venue
        if not room:
            if venue is None:
                return self.unheld("room")
            return Statement("room", self.say("place.no_room", place=self._venue()), ("venue.name",), known=False)
        if venue is None:
            return Statement("room", self.say("place.room_only", room=room), (source,))
        key = "place.session_room" if self._named(session) else "place.room"
        text = self.say(key, room=room, venue=self.say.of(venue.name), title=self.say.of(session.title))
        return Statement("room", text, (source, "venue.name"), (FollowUp.MAP,))

    def described_place(self, id: str) -> Statement:
        place = next(each for each in self.event.places if each.id == id)
        if place.description is None:
            return self.unheld_detail(self.say.of(place.name))
        text = self.say("place.described", name=self.say.of(place.name), text=self.say.of(place.description))
        return Statement("place", text, (f"places.{id}",))

    def way_to_place(self, id: str) -> Statement:
        """Where another place is: the file only says what it is."""
        described = self.described_place(id)
        if not described.known:
            return described
        name = self.say.of(next(each.name for each in self.event.places if each.id == id))
        text = self.say("place.way_unknown", name=name, described=described.text)
        return Statement("place", text, described.sources, known=False)

    def after(self) -> Statement | None:
        """What comes afterwards, where the file has a place for it."""
        follow_ups = [rule for rule in self.event.reminders if rule.after is not None]
        for place in self.event.places:
            named = any(
                place.id in rule.id or place.name.default in (rule.text.default if rule.text else "")
                for rule in follow_ups
            )
            if named or len(self.event.places) == 1:
                statement = self.described_place(place.id)
                return Statement("after", statement.text, statement.sources, known=statement.known)
        return None
