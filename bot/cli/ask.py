"""``agora ask``: answers on the terminal, from the knowledge file alone."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, nullcontext
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.answering.answer import Answer
from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.clock import Clock, FixedClock, SystemClock
from bot.errors import AgoraError
from bot.knowledge.event import Event
from bot.knowledge.loader import load_event
from bot.knowledge.local_time import EARLIEST_YEAR, LATEST_YEAR
from bot.settings import read_settings


class AskFault(AgoraError):
    """What was asked for on the command line cannot be done."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="?", metavar="QUESTION")
    parser.add_argument("--json", action="store_true", help="print the answer object")
    parser.add_argument("--batch", metavar="FILE", help="one question a line, one JSON object a line; - reads stdin")
    parser.add_argument("--conversation", action="store_true", help="the lines of a batch are one chat")
    parser.add_argument("--language", metavar="CODE", help="the asker's language; default: the event's first")
    parser.add_argument("--now", metavar="ISO8601", help="the clock; without an offset it is the event's local time")
    parser.add_argument("--knowledge", type=Path, metavar="FILE", help="default: the setting KNOWLEDGE_FILE")


def run(arguments: argparse.Namespace) -> int:
    if (arguments.question is None) == (arguments.batch is None):
        raise AskFault("ask one QUESTION, or many with --batch FILE")
    event = load_event(arguments.knowledge or read_settings().knowledge_file)
    answerer, clock = Answerer(event), _clock(arguments.now, event)
    language = arguments.language or event.language
    if arguments.batch is None:
        answer, _ = answerer.answer(arguments.question, clock.now(), language)
        print(_as_line(answer) if arguments.json else answer.text)
        return 0
    with _opened(arguments.batch) as lines:
        for answer in _answers(answerer, lines, clock, language, arguments.conversation):
            print(_as_line(answer), flush=True)
    return 0


def _clock(now: str | None, event: Event) -> Clock:
    if now is None:
        return SystemClock()
    try:
        moment = datetime.fromisoformat(now)
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValueError(now)
    except ValueError:
        raise AskFault(f"--now {now} is no moment; write it like 2019-10-09T16:30 or 2019-10-09T16:30+02:00") from None
    return FixedClock(moment if moment.tzinfo else moment.replace(tzinfo=event.timezone))


def _opened(name: str) -> closing[BinaryIO] | nullcontext[BinaryIO]:
    if name == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return closing(open(name, "rb"))
    except OSError as error:
        raise AskFault(f"{name} cannot be read: {error.strerror or error}") from None


def _answers(
    answerer: Answerer, lines: Iterable[bytes], clock: Clock, language: str, one_chat: bool
) -> Iterator[Answer]:
    conversation = Conversation()
    for line in lines:
        # Whatever the bytes are, there is one answer a line.
        question = line.decode("utf-8", errors="replace").rstrip("\r\n")
        answer, continued = answerer.answer(question, clock.now(), language, conversation)
        if one_chat:
            conversation = continued
        yield answer


def _as_line(answer: Answer) -> str:
    return json.dumps(answer.as_json(), ensure_ascii=False)
