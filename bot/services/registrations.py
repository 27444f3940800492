"""Taking, queueing for, offering and giving back seats. Every decision and its row stand in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from bot.attendance import seating
from bot.attendance.outcomes import (
    Accepted,
    AcceptOutcome,
    AlreadyRegistered,
    Cancelled,
    CancelOutcome,
    NoSuchSession,
    NothingThere,
    Refused,
    RefuseOutcome,
    Registered,
    RegisterOutcome,
    TooLate,
)
from bot.attendance.person import Person
from bot.attendance.registration import Registration, Status
from bot.knowledge.event import Event, Session
from bot.messages import registrations as messages
from bot.messages.message import OfferDue, to_json
from bot.services.people import People
from bot.storage import outbox, registrations
from bot.storage.database import Transaction


@dataclass(frozen=True)
class Registrations:
    event: Event
    people: People

    async def register(
        self, tx: Transaction, person: Person, session_id: str, arrival: int, now: datetime
    ) -> RegisterOutcome:
        """A seat, or the end of the queue. ``arrival`` orders the queue. Registering twice changes nothing."""
        session = self.event.sessions_by_id.get(session_id)
        if session is None or not session.takes_registrations:
            return NoSuchSession()
        existing = await registrations.active(tx, person.id, session_id)
        if existing is not None:
            return AlreadyRegistered(existing)
        hindrance = seating.registration_window(self.event.registration, session, now)
        if hindrance is not None:
            return hindrance
        status = seating.status_on_arrival(await registrations.seats(tx, session_id))
        number = await registrations.add(tx, person.id, person.name, session_id, status, arrival, now)
        return Registered(await self._certain(tx, number))

    async def cancel(self, tx: Transaction, person: int, number: int, now: datetime) -> CancelOutcome:
        """Gives a registration back and offers a freed seat to the next in line; not once the session has begun."""
        registration = await self._own(tx, person, number)
        if registration is None or registration.status is Status.CANCELLED:
            return NothingThere(registration.session if registration else None)
        session = self.event.sessions_by_id.get(registration.session)
        if session is not None and now >= session.start:
            return TooLate(registration)
        await self.release(tx, registration, now)
        return Cancelled(registration)

    async def accept(self, tx: Transaction, person: int, number: int, now: datetime) -> AcceptOutcome:
        """Takes an offered seat, as long as the offer stands."""
        registration = await self._own(tx, person, number)
        if registration is None or registration.status in (Status.CANCELLED, Status.WAITLISTED):
            return NothingThere(registration.session if registration else None)
        if registration.status is Status.CONFIRMED:
            return AlreadyRegistered(registration)
        if registration.offered_until is not None and registration.offered_until <= now:
            await self.lapse(tx, registration, now)
            return NothingThere(registration.session)
        await registrations.confirm(tx, number, now)
        return Accepted(await self._certain(tx, number))

    async def refuse(self, tx: Transaction, person: int, number: int, now: datetime) -> RefuseOutcome:
        """Passes an offered seat on."""
        registration = await self._own(tx, person, number)
        if registration is None or registration.status in (Status.CANCELLED, Status.WAITLISTED):
            return NothingThere(registration.session if registration else None)
        if registration.status is Status.CONFIRMED:
            return AlreadyRegistered(registration)
        await self.release(tx, registration, now)
        return Refused(registration)

    async def release(self, tx: Transaction, registration: Registration, now: datetime) -> None:
        """Cancels whatever the registration holds; a freed seat goes into the queue at once."""
        await registrations.cancel(tx, registration.number, now)
        await outbox.withdraw(tx, _offer_key(registration.number), "cancelled", now)
        await self.serve_queue(tx, registration.session, now)

    async def serve_queue(self, tx: Transaction, session_id: str, now: datetime) -> None:
        """Offers every free seat to the next in line, one message each; nobody else hears anything."""
        session = self.event.sessions_by_id.get(session_id)
        if session is None or not session.takes_registrations:
            return
        for _ in range(seating.offers_due(await registrations.seats(tx, session_id))):
            await self._offer_next(tx, session, now)

    async def _offer_next(self, tx: Transaction, session: Session, now: datetime) -> None:
        until = seating.offered_until(self.event.registration, session, now)
        chosen = await registrations.next_in_line(tx, session.id)
        if until is None or chosen is None:
            return
        await registrations.offer(tx, chosen.number, until)
        if chosen.person is not None:
            content = to_json(OfferDue(chosen.number))
            await outbox.notify(tx, _offer_key(chosen.number), chosen.person, content, now, until)

    async def lapse_offers(self, tx: Transaction, now: datetime) -> None:
        """Ends the offers whose time is over: one word to those who let them lapse, an offer to the next."""
        for registration in await registrations.lapsed_offers(tx, now):
            await self.lapse(tx, registration, now)

    async def lapse(self, tx: Transaction, registration: Registration, now: datetime) -> None:
        await self.release(tx, registration, now)
        session = self.event.sessions_by_id.get(registration.session)
        if registration.person is not None and session is not None:
            wording = await self.people.wording_of(tx, registration.person)
            content = to_json(messages.lapsed(wording, session, now))
            await outbox.notify(tx, f"lapsed:{registration.number}", registration.person, content, now)

    async def set_capacity(self, tx: Transaction, session_id: str, capacity: int, now: datetime) -> None:
        """A new number of seats. More of them serve the queue first; fewer take nobody's seat away."""
        await registrations.set_capacity(tx, session_id, capacity)
        await self.serve_queue(tx, session_id, now)

    async def adopt_event(self, tx: Transaction, now: datetime) -> None:
        """Takes over sessions and capacities from the knowledge file, as at every start."""
        await registrations.adopt_sessions(tx, ((each.id, each.capacity) for each in self.event.sessions))
        for session in self.event.registrable_sessions:
            await self.serve_queue(tx, session.id, now)

    async def _own(self, tx: Transaction, person: int, number: int) -> Registration | None:
        registration = await registrations.find(tx, number)
        return registration if registration is not None and registration.person == person else None

    async def _certain(self, tx: Transaction, number: int) -> Registration:
        registration = await registrations.find(tx, number)
        if registration is None:
            raise LookupError(f"registration {number} was written in this transaction and is not there")
        return registration


def _offer_key(number: int) -> str:
    return f"offer:{number}"
