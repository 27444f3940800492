"""``agora export``: all registrations on stdout, whether the bot runs or not."""

import argparse
import sys
from contextlib import closing
from datetime import UTC, tzinfo

from bot.knowledge.fault import KnowledgeFault
from bot.knowledge.loader import load_event
from bot.services import exports
from bot.settings import Settings, read_settings
from bot.storage.database import open_read_only
from bot.storage.registrations import export_from


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=exports.FORMATS, default="csv", help="default: csv")


def run(arguments: argparse.Namespace) -> int:
    settings = read_settings()
    with closing(open_read_only(settings.database_path)) as connection:
        rows = exports.rows(export_from(connection), _zone(settings))
    sys.stdout.buffer.write(exports.table(arguments.format, rows))
    sys.stdout.buffer.flush()
    return 0


def _zone(settings: Settings) -> tzinfo:
    try:
        return load_event(settings.knowledge_file).timezone
    except KnowledgeFault as fault:
        # The registrations are worth having all the same, on the day when the file is broken above all.
        print(f"agora: {fault}; times are given in UTC", file=sys.stderr)
        return UTC
