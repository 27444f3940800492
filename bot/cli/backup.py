"""``agora backup``: a consistent copy of the database while the bot runs."""

import argparse
from pathlib import Path

from bot.settings import read_settings
from bot.storage.backup import copy_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="where the copy goes")


def run(arguments: argparse.Namespace) -> int:
    copy_database(read_settings().database_path, arguments.file)
    return 0
