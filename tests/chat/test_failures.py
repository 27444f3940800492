"""What the log says, and does not say."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from bot.chat.failures import Complaint, RedactingFormatter, accept_library_habits, configure_logging, seconds_of

TOKEN = "1234567890:AAF-abcdefghijklmnopqrstuvwxyz_0123"
log = logging.getLogger("tests.failures")


def record(message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("x", logging.INFO, "x.py", 1, message, arguments, None)


@pytest.mark.parametrize(
    ("message", "written"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/getMe", "POST https://api.telegram.org/bot<token>/getMe"),
        (f"{TOKEN} and {TOKEN}", "<token> and <token>"),
        ("at 12:30 person 12345:short", "at 12:30 person 12345:short"),
    ],
)
def test_the_token_is_never_written(message: str, written: str) -> None:
    assert RedactingFormatter("%(message)s").format(record("%s", message)) == written


def test_nor_where_an_exception_repeats_it() -> None:
    try:
        raise ValueError(TOKEN)
    except ValueError as error:
        failed = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "failed", (), (ValueError, error, error.__traceback__)
        )
    assert TOKEN not in RedactingFormatter("%(message)s").format(failed)


def test_a_complaint_is_said_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    complaint = Complaint(log, "away: %s", "back")
    complaint.settled()
    for reason in ("first", "second"):
        complaint.raised(reason)
    complaint.settled()
    complaint.settled()
    complaint.raised("third")
    assert caplog.messages == ["away: first", "back", "away: third"]


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    names = ("httpx", "httpcore", "apscheduler", "tornado.access", "telegram", "aiosqlite")
    before = {name: logging.getLogger(name).level for name in names}
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    for name, kept in before.items():
        logging.getLogger(name).setLevel(kept)


@pytest.mark.usefixtures("_logging_as_before")
@pytest.mark.parametrize("level", ["DEBUG", "INFO", "ERROR"])
def test_libraries_do_not_write_addresses_or_what_people_wrote(level: str) -> None:
    configure_logging(level)
    assert logging.getLogger().level == getattr(logging, level)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("telegram.ext").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("aiosqlite").isEnabledFor(logging.DEBUG)
    assert logging.getLogger("telegram").isEnabledFor(logging.INFO) == (level != "ERROR")


@pytest.mark.parametrize("wait", [3, timedelta(seconds=3)])
@pytest.mark.filterwarnings("default")
def test_the_wait_that_telegram_asks_for_is_in_seconds(wait: int | timedelta) -> None:
    accept_library_habits()
    assert seconds_of(RetryAfter(wait)) == 3.0
