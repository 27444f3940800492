"""``agora import``: a programme that exists already, as a knowledge file on stdout."""

import argparse
import sys
from pathlib import Path

from bot.interchange.importing import import_file
from bot.knowledge.writer import write_event


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        type=Path,
        metavar="SOURCE",
        help="frab or pretalx schedule.xml or schedule.json, or an iCalendar file",
    )


def run(arguments: argparse.Namespace) -> int:
    imported = import_file(arguments.source)
    for warning in imported.warnings:
        print(f"agora: {warning}", file=sys.stderr)
    sys.stdout.write(write_event(imported.event))
    return 0
