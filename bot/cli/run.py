"""``agora run``: the bot against Telegram, until it is told to stop."""

import argparse
import asyncio
import logging

from bot.bootstrap import run_bot
from bot.chat.failures import configure_logging
from bot.chat.serving import stop_on_signals
from bot.settings import Settings, read_settings

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Settings come from the environment or from the file .env; see .env.example."


def run(arguments: argparse.Namespace) -> int:
    settings = read_settings()
    configure_logging(settings.log_level)
    if settings.clock_file is not None:
        log.warning("CLOCK_FILE is set: this is a rehearsal, and the bot's clock is not the real one")
    asyncio.run(_run(settings))
    return 0


async def _run(settings: Settings) -> None:
    await run_bot(settings, stop_on_signals())
