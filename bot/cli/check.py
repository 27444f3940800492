"""``agora check``: every fault of a knowledge file, each with its line and field."""

import argparse
import sys
from pathlib import Path

from bot.knowledge.fault import KnowledgeFault
from bot.knowledge.loader import load_event
from bot.settings import read_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the setting KNOWLEDGE_FILE")


def run(arguments: argparse.Namespace) -> int:
    path = arguments.file or read_settings().knowledge_file
    try:
        event = load_event(path)
    except KnowledgeFault as fault:
        print("\n".join(fault.lines), file=sys.stderr)
        return 1
    print(
        f"{path} is sound: {event.title.default}, {len(event.sessions)} session(s), {len(event.speakers)} speaker(s)."
    )
    return 0
