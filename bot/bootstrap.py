"""The composition root: settings to a running bot. Nothing else builds a collaborator; what is opened here is
closed here, in reverse."""

import asyncio
import logging
from contextlib import AsyncExitStack

from telegram import Bot

from bot.answering.answerer import Answerer
from bot.chat.application import Application
from bot.chat.connection import Connection
from bot.chat.failures import accept_library_habits
from bot.chat.intake import Intake
from bot.chat.jobs import Jobs
from bot.chat.messenger import TelegramMessenger
from bot.chat.request import Services
from bot.chat.serving import Serving, introduce
from bot.chat.worker import Worker
from bot.clock import Clock, MovableClock, SystemClock
from bot.knowledge.event import Event
from bot.knowledge.loader import load_event
from bot.services.broadcasts import Broadcasts
from bot.services.changes import Changes
from bot.services.deliveries import ACKNOWLEDGEMENTS_AT_ONCE, CONCURRENCY, Deliveries
from bot.services.notices import Notices
from bot.services.pace import Pace
from bot.services.people import People
from bot.services.privacy import Privacy
from bot.services.questions import Questions
from bot.services.registrations import Registrations
from bot.services.reminders import Reminders
from bot.settings import Settings, SettingsFault
from bot.storage import outbox
from bot.storage.database import Database

log = logging.getLogger(__name__)

TIMEOUT = 15.0
"""Seconds after which a request counts as lost and is sent again."""


async def run_bot(settings: Settings, stopping: asyncio.Event) -> None:
    """Runs the bot until ``stopping`` is set. Raises an AgoraError for what a person has to mend first."""
    if settings.telegram_bot_token is None:
        raise SettingsFault("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it into the file .env")
    token = settings.telegram_bot_token.get_secret_value()
    clock = choose_clock(settings)
    event = load_event(settings.knowledge_file)
    accept_library_habits()
    async with AsyncExitStack() as opened:
        database = await Database.open(settings.database_path)
        opened.push_async_callback(database.close)
        bot = make_bot(settings, token)
        opened.push_async_callback(bot.shutdown)
        if await introduce(bot, stopping):
            await (await wire(settings, event, clock, database, bot, stopping)).serve()


def choose_clock(settings: Settings) -> Clock:
    """The machine's clock, or the one of a rehearsal."""
    return SystemClock() if settings.clock_file is None else MovableClock(settings.clock_file)


def make_bot(settings: Settings, token: str) -> Bot:
    """python-telegram-bot's side of the network; both addresses, or files would go to Telegram's own server."""
    url = settings.telegram_api_url
    return Bot(
        token,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=Connection(CONCURRENCY + ACKNOWLEDGEMENTS_AT_ONCE, TIMEOUT),
        get_updates_request=Connection(2, TIMEOUT),
    )


async def wire(
    settings: Settings, event: Event, clock: Clock, database: Database, bot: Bot, stopping: asyncio.Event
) -> Serving:
    """Every part, given its collaborators."""
    people = People(event, settings.coordinator_ids)
    registrations = Registrations(event, people)
    services = Services(
        event,
        people,
        Questions(Answerer(event), people),
        registrations,
        Broadcasts(people),
        Privacy(event, registrations),
    )
    async with database.transaction() as tx:
        await registrations.adopt_event(tx, clock.now())
        await Changes(event, people).tell(tx, clock.now())
        repeated = await outbox.recover(tx)
        await people.renew_menus(tx, clock.now())
    await services.questions.learn(database)
    if repeated:
        log.warning("%d messages were on their way when the bot stopped last; they are sent again", repeated)
    pace = Pace(settings.messages_per_second)
    deliveries = Deliveries(database, TelegramMessenger(bot), Notices(event, people), clock, pace)
    worker = Worker(database, Application(services, bot.username), deliveries, clock)
    intake = Intake(worker)
    jobs = Jobs(database, services, Reminders(event), deliveries, clock)
    return Serving(settings, bot, people, deliveries, worker, intake, jobs, stopping)
