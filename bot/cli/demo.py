"""``agora demo``: the whole system on this machine, with nothing to set up.

The bot runs as ``agora run`` would, pointed at the stand-in for Telegram, on a temporary database and with a clock
that the page moves.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import webbrowser
from contextlib import AsyncExitStack
from datetime import datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

from pydantic import SecretStr

from bot.attendance import reminders
from bot.bootstrap import run_bot
from bot.chat.failures import configure_logging
from bot.chat.serving import stop_on_signals
from bot.clock import SystemClock
from bot.errors import AgoraError
from bot.i18n import formats
from bot.knowledge.event import Event
from bot.knowledge.loader import load_event
from bot.sandbox import DEFAULT_TOKEN, Person, Sandbox
from bot.settings import Settings

USUAL_PORT = 8642
COORDINATOR = 900
CAST = (
    Person(id=101, first_name="Ada", last_name="Lovelace", language_code="en", role="attendee"),
    Person(id=102, first_name="Jan", last_name="Kowalski", language_code="en", role="attendee"),
    Person(id=COORDINATOR, first_name="Clara", last_name="Coordinator", language_code="en", role="coordinator"),
)
SUGGESTIONS = (
    "/start",
    "When and where is it?",
    "Who speaks?",
    "How do I get there?",
    "/register",
    "What comes after?",
)
COORDINATOR_SUGGESTIONS = ("/start", "/broadcast The doors open ten minutes earlier.", "/stats", "/questions")
ALMOST = timedelta(seconds=5)
"""So long before a reminder's moment the page's jump ends, so that one can watch it arrive."""
MOST_JUMPS = 8


class DemoFault(AgoraError):
    """The demo cannot start."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--knowledge", type=Path, metavar="FILE", help="your own event; default: the sample event")
    parser.add_argument("--port", type=int, metavar="N", help=f"the page's port; default: {USUAL_PORT}, or a free one")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")


def run(arguments: argparse.Namespace) -> int:
    configure_logging("WARNING")
    event_file = arguments.knowledge or sample_event()
    asyncio.run(_demo(load_event(event_file), event_file, arguments.port, not arguments.no_browser))
    return 0


def sample_event() -> Path:
    """The sample event's file: in the wheel inside the package, in a checkout at its top."""
    packaged = Path(str(files("bot"))) / "sample" / "knowledge.yaml"
    return packaged if packaged.exists() else Path(__file__).parents[2] / "knowledge.yaml"


async def _demo(event: Event, event_file: Path, port: int | None, browser: bool) -> None:
    stopping = stop_on_signals()
    async with AsyncExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="agora-demo-")))
        clock_file = folder / "clock.json"
        set_clock(clock_file, day_before(event))
        sandbox = make_sandbox(event, clock_file)
        opened.push_async_callback(sandbox.stop)
        await _start(sandbox, port)
        sys.stdout.write(f"Agora is ready to try at {sandbox.url}/ (Ctrl-C ends it)\n")
        sys.stdout.flush()
        if browser:
            await asyncio.to_thread(webbrowser.open, f"{sandbox.url}/")
        await run_bot(settings_for(sandbox.url, event_file, folder, clock_file), stopping)


def make_sandbox(event: Event, clock_file: Path) -> Sandbox:
    """A Telegram with a cast, at Telegram's own pace."""
    return Sandbox(
        clock_file=clock_file,
        rate_per_second=40,
        people=CAST,
        moments=moments(event),
        suggestions=SUGGESTIONS,
        coordinator_suggestions=COORDINATOR_SUGGESTIONS,
        title=event.title.default,
        timezone=event.timezone.key,
    )


async def _start(sandbox: Sandbox, port: int | None) -> None:
    try:
        await sandbox.start(USUAL_PORT if port is None else port)
    except (OSError, OverflowError) as error:
        if port is not None:
            reason = error.strerror if isinstance(error, OSError) else "no such port"
            raise DemoFault(f"cannot listen on port {port}: {reason}; choose another with --port") from None
        await sandbox.start()


def settings_for(url: str, event_file: Path, folder: Path, clock_file: Path) -> Settings:
    """The settings of a bot in the stand-in's world; nothing of the environment or a .env file gets in."""
    return Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(DEFAULT_TOKEN),
        telegram_api_url=url,
        knowledge_file=event_file,
        database_path=folder / "agora.db",
        coordinator_ids=frozenset({COORDINATOR}),
        log_level="WARNING",
        messages_per_second=30,
        webhook_url=None,
        webhook_secret=None,
        listen="127.0.0.1:0",
        clock_file=clock_file,
    )


def day_before(event: Event) -> datetime:
    """Noon of the day before the first session."""
    first = min(session.start for session in event.sessions)
    return datetime.combine(first.date() - timedelta(days=1), time(12), tzinfo=event.timezone)


def set_clock(clock_file: Path, moment: datetime) -> None:
    """From now on the demo's clock runs from ``moment``."""
    offset = (moment - SystemClock().now()).total_seconds()
    clock_file.write_text(json.dumps({"offset_seconds": offset}), encoding="utf-8")


def moments(event: Event) -> list[tuple[str, str]]:
    """What the page's clock can jump to: just before each reminder, in the order of time."""
    jumps: dict[datetime, str] = {}
    for reminder in reminders.schedule(event):
        day, minute = formats.short_day("en", reminder.due), formats.time("en", reminder.due)
        jumps.setdefault(reminder.due - ALMOST, f"Reminder “{reminder.rule.id}”, {day} {minute}")
    return [(label, moment.isoformat()) for moment, label in list(jumps.items())[:MOST_JUMPS]]
