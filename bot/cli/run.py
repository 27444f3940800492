"""``agora run``: the bot against Telegram, until it is told to stop."""

import argparse
import asyncio

from bot.bootstrap import run_bot
from bot.chat.failures import configure_logging
from bot.settings import read_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Settings come from the environment or from the file .env; see .env.example."


def run(arguments: argparse.Namespace) -> int:
    settings = read_settings()
    configure_logging(settings.log_level)
    asyncio.run(run_bot(settings))
    return 0
