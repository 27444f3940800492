"""What tests are made of: one event, its people, a clock that is moved by hand, a network that only takes notes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.attendance.outcomes import AcceptOutcome, CancelOutcome, RefuseOutcome, RegisterOutcome
from bot.attendance.person import Person
from bot.attendance.registration import Registration, Status
from bot.knowledge.event import Contact, Event, RegistrationRules, ReminderRule, Session, Speaker, Venue
from bot.knowledge.localized_text import LocalizedText
from bot.messages.message import Copy, Message, Sendable, from_json, to_json
from bot.messages.wording import Wording
from bot.services.deliveries import Deliveries
from bot.services.notices import Notices
from bot.services.pace import Pace
from bot.services.people import People
from bot.services.ports import Delivery, Sent
from bot.services.registrations import Registrations
from bot.storage import broadcasts, people
from bot.storage.broadcasts import Kind
from bot.storage.database import Database, Row, Transaction

ZONE = ZoneInfo("Europe/Brussels")
COORDINATOR = 900


def at(text: str, zone: ZoneInfo = ZONE) -> datetime:
    """A moment by the event's clock, such as ``2019-10-09 16:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


NOON = at("2019-10-07 12:00")
"""Two days before the event."""
START = at("2019-10-09 16:30")
END = at("2019-10-09 19:00")

DAY_BEFORE = ReminderRule("day-before", before=timedelta(days=1))
HOUR_BEFORE = ReminderRule("hour-before", before=timedelta(hours=1))
FOLLOW_UP = ReminderRule("follow-up", after=timedelta(minutes=10))


def words(text: str) -> LocalizedText:
    return LocalizedText.of(text)


def session(
    id: str = "talk",
    *,
    title: str = "Opening talk",
    start: datetime = START,
    end: datetime | None = END,
    room: str | None = "313",
    speakers: Sequence[str] = (),
    capacity: int | None = 2,
    description: str | None = None,
) -> Session:
    return Session(
        id,
        words(title),
        start,
        end,
        None if room is None else words(room),
        tuple(speakers),
        capacity,
        None if description is None else words(description),
    )


def event(
    *sessions: Session,
    title: str = "Agora Days",
    timezone: ZoneInfo = ZONE,
    venue: Venue | None = Venue(words("Town Hall"), words("Main Square 1"), (50.8437, 4.3562)),  # noqa: B008
    speakers: Sequence[Speaker] = (),
    contact: Contact | None = None,
    registration: RegistrationRules | None = None,
    reminders: Sequence[ReminderRule] = (DAY_BEFORE, HOUR_BEFORE, FOLLOW_UP),
) -> Event:
    """An event of one talk with two seats, unless told otherwise."""
    return Event(
        words(title),
        timezone,
        ("en",),
        sessions or (session(),),
        venue=venue,
        speakers=tuple(speakers),
        contact=contact,
        registration=registration or RegistrationRules(),
        reminders=tuple(reminders),
    )


def person(id: int = 1, name: str | None = None, **more: object) -> Person:
    return Person(id, name or f"Person {id}", **more)  # type: ignore[arg-type]


def registration(
    status: Status = Status.CONFIRMED,
    *,
    number: int = 1,
    person: int | None = 1,
    name: str = "Ada Lovelace",
    session: str = "talk",
    offered_until: datetime | None = None,
    checked_in_at: datetime | None = None,
    position: int | None = None,
) -> Registration:
    confirmed_at = NOON if status is Status.CONFIRMED else None
    return Registration(
        number, person, name, session, status, NOON, confirmed_at, offered_until, checked_in_at, position
    )


def wording(of: Event | None = None, language: str = "en") -> Wording:
    return Wording(of or event(), language)


class MovedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def move(self, length: timedelta) -> datetime:
        self.moment += length
        return self.moment


Judge = Callable[[int, Sendable, int], Delivery]
"""Says what becomes of a message, by chat, content and how many were handed over before it."""


def everything_arrives(chat: int, content: Sendable, before: int) -> Delivery:
    return Sent(1000 + before)


class NotedMessenger:
    """A network that notes what is handed to it, and judges as it is told; nothing gets through a closed ``gate``."""

    def __init__(self, judge: Judge = everything_arrives, seconds: float = 0) -> None:
        self.judge = judge
        self.seconds = seconds
        self.handed_over: list[tuple[int, Sendable]] = []
        self.on_the_wire = 0
        self.most_on_the_wire = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def deliver(self, chat: int, content: Sendable) -> Delivery:
        before = len(self.handed_over)
        self.handed_over.append((chat, content))
        self.on_the_wire += 1
        self.most_on_the_wire = max(self.most_on_the_wire, self.on_the_wire)
        try:
            await self.gate.wait()
            await asyncio.sleep(self.seconds)
        finally:
            self.on_the_wire -= 1
        return self.judge(chat, content, before)

    @property
    def texts(self) -> list[tuple[int, str]]:
        """What was handed over, by chat and text."""
        return [(chat, content.text if isinstance(content, Message) else "") for chat, content in self.handed_over]


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path)
    try:
        yield database
    finally:
        await database.close()


@dataclass
class House:
    """An event at work: a real database, the services on it, and a clock to move."""

    event: Event
    database: Database
    clock: MovedClock

    def __post_init__(self) -> None:
        self.people = People(self.event, frozenset({COORDINATOR}))
        self.registrations = Registrations(self.event, self.people)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def open_doors(self) -> None:
        """What every start does: the knowledge file's sessions are taken over."""
        async with self.database.transaction() as tx:
            await self.registrations.adopt_event(tx, self.now)

    async def meet(self, *persons: Person) -> None:
        async with self.database.transaction() as tx:
            for each in persons:
                await people.save(tx, each)

    async def register(self, *ids: int, session: str = "talk") -> list[Registration]:
        """People who come in that order; what each of them has then."""
        held = []
        async with self.database.transaction() as tx:
            for id in ids:
                somebody = await self.people.meet(tx, person(id))
                outcome = await self.registrations.register(tx, somebody, session, await arrival(tx), self.now)
                held.append(outcome.registration)  # type: ignore[union-attr]
        return held

    async def outcome_of_registering(self, id: int, session: str = "talk") -> RegisterOutcome:
        async with self.database.transaction() as tx:
            somebody = await self.people.meet(tx, person(id))
            return await self.registrations.register(tx, somebody, session, await arrival(tx), self.now)

    async def cancel(self, person: int, number: int) -> CancelOutcome:
        async with self.database.transaction() as tx:
            return await self.registrations.cancel(tx, person, number, self.now)

    async def accept(self, person: int, number: int) -> AcceptOutcome:
        async with self.database.transaction() as tx:
            return await self.registrations.accept(tx, person, number, self.now)

    async def refuse(self, person: int, number: int) -> RefuseOutcome:
        async with self.database.transaction() as tx:
            return await self.registrations.refuse(tx, person, number, self.now)

    async def lapse_offers(self) -> None:
        async with self.database.transaction() as tx:
            await self.registrations.lapse_offers(tx, self.now)

    async def set_capacity(self, capacity: int, session: str = "talk") -> None:
        async with self.database.transaction() as tx:
            await self.registrations.set_capacity(tx, session, capacity, self.now)

    async def announce(
        self, content: Message | Copy, kind: Kind = Kind.ANNOUNCEMENT, original: int | None = None
    ) -> int:
        """A broadcast to everybody registered that is due and queued; its number."""
        async with self.database.transaction() as tx:
            number = await broadcasts.draft(tx, COORDINATOR, to_json(content), self.now, kind, original)
            found = await broadcasts.find(tx, number)
            assert found is not None
            recipients = await broadcasts.recipients_of(tx, found, self.now)
            await broadcasts.begin(tx, number, recipients, None, self.now, scheduled=False)
            await broadcasts.fill(tx, found, self.now, 1000)
        return number

    async def rows(self, sql: str) -> list[tuple[object, ...]]:
        async with self.database.transaction() as tx:
            return [tuple(row) for row in await tx.all(sql)]

    async def statuses(self, session: str = "talk") -> list[tuple[object, ...]]:
        """Every registration of the session, oldest first, as (person, status)."""
        return await self.rows(f"SELECT person, status FROM registrations WHERE session = '{session}' ORDER BY number")

    async def outbox(self) -> list[tuple[object, ...]]:
        """What waits or was sent, as (chat, key, state)."""
        return await self.rows("SELECT chat, key, state FROM outbox ORDER BY number")

    def deliveries(self, messenger: NotedMessenger, per_second: float = 10_000) -> Deliveries:
        notices = Notices(self.event, self.people)
        return Deliveries(self.database, messenger, notices, self.clock, Pace(per_second))


async def arrival(tx: Transaction) -> int:
    """The next place in the order in which Telegram gives us updates."""
    return int(await tx.value("SELECT coalesce(max(arrival), 0) + 1 FROM registrations"))


@asynccontextmanager
async def house(folder: Path, of: Event | None = None, now: datetime = NOON) -> AsyncIterator[House]:
    async with opened(folder / "agora.db") as database:
        built = House(of or event(), database, MovedClock(now))
        await built.open_doors()
        yield built


@asynccontextmanager
async def sending(home: House, messenger: NotedMessenger, per_second: float = 10_000) -> AsyncIterator[Deliveries]:
    """A delivery loop at work; it is stopped as the program stops it."""
    deliveries = home.deliveries(messenger, per_second)
    task = asyncio.create_task(deliveries.run())
    try:
        yield deliveries
    finally:
        deliveries.stop()
        await asyncio.wait_for(task, 5)


async def until_nothing_waits(home: House) -> None:
    async with asyncio.timeout(10):
        while await home.rows("SELECT 1 FROM outbox WHERE state IN ('waiting', 'sending') LIMIT 1"):  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def send_all(home: House, messenger: NotedMessenger, per_second: float = 10_000) -> None:
    async with sending(home, messenger, per_second):
        await until_nothing_waits(home)


def text_in(row: Row) -> str:
    """The text of a message that waits in the outbox."""
    content = from_json(row["content"])
    return content.text if isinstance(content, Message) else ""
