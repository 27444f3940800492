"""What goes wrong on the way to Telegram, said once and without the token."""

import logging
import re
import warnings
from datetime import timedelta

from telegram.error import RetryAfter
from telegram.warnings import PTBUserWarning

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")


class RedactingFormatter(logging.Formatter):
    """A formatter that never writes the bot's token, whatever library repeats it in an address."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("<token>", super().format(record))


def configure_logging(level: str) -> None:
    """The log goes to stderr, a line a record."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # These write every request's address, or every run of a job, at INFO.
    for name in ("httpx", "httpcore", "apscheduler", "tornado.access"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    # And these write messages and rows, which hold what people wrote, at DEBUG.
    for name in ("telegram", "aiosqlite"):
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))


def accept_library_habits() -> None:
    """Silences two warnings of python-telegram-bot that advise what we decided against, so that the log stays ours."""
    # Its typed getUpdates drops what it cannot parse, and its sendMessage parses what nobody reads.
    warnings.filterwarnings(
        "ignore", message=".*Bot.(getUpdates|sendMessage|editMessageText).*", category=PTBUserWarning
    )
    # It announces that RetryAfter will tell a timedelta one day; ``seconds_of`` takes both.
    warnings.filterwarnings("ignore", message=".*retry_after.*", category=PTBUserWarning)


def seconds_of(error: RetryAfter) -> float:
    """For how long Telegram wants silence."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


class Complaint:
    """Says that something is wrong once, and once that it is right again."""

    def __init__(self, log: logging.Logger, trouble: str, relief: str) -> None:
        self._log, self._trouble, self._relief = log, trouble, relief
        self._active = False

    def raised(self, reason: object) -> None:
        if not self._active:
            self._log.warning(self._trouble, reason)
        self._active = True

    def settled(self) -> None:
        if self._active:
            self._log.info(self._relief)
        self._active = False
