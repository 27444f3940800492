"""Everything that one event's file can say, in one language."""

from bot.answering.content_facts import ContentFacts
from bot.answering.people_facts import PeopleFacts
from bot.answering.seat_facts import SeatFacts
from bot.answering.time_facts import TimeFacts


class Facts(TimeFacts, ContentFacts, PeopleFacts, SeatFacts):
    """All groups of facts together, places among the content."""
