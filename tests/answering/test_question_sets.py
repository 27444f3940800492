"""The sets of questions: how many are answered rightly, and that every source stands in the file."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from benchmarks.questions import USUAL_NOW, Result, figures_of, read_cases, scored
from bot.knowledge.event import Event
from bot.knowledge.loader import load_event
from tests.answering.conftest import SAMPLE
from tests.answering.paths import exists
from tests.answering.stated import unfounded

FOLDER = Path(__file__).parent
CONGRESS, FETE = FOLDER / "sets" / "congress.yaml", FOLDER / "sets" / "fete.yaml"

# File, the event that it asks about, and in per cent: at least right, at most wrong facts. Only ever raise them.
BARS = [
    ("questions.jsonl", SAMPLE, 98.5, 0.7),
    ("questions_held_back.jsonl", SAMPLE, 97.5, 1),
    ("sets/gosmart_a.jsonl", SAMPLE, 96.5, 1),
    ("sets/gosmart_b.jsonl", SAMPLE, 96, 1.5),
    ("sets/gosmart_c.jsonl", SAMPLE, 97, 1.5),
    ("sets/congress_a.jsonl", CONGRESS, 95, 1),
    ("sets/congress_b.jsonl", CONGRESS, 95, 1),
    ("sets/congress_c.jsonl", CONGRESS, 93, 2),
    ("sets/fete_a.jsonl", FETE, 94, 2),
    ("sets/conversations.jsonl", SAMPLE, 95, 4),
]
ASKED_BACK = "which session"


@cache
def results_of(file: str, knowledge: Path) -> Sequence[Result]:
    return tuple(scored(read_cases(FOLDER / file, knowledge)))


@pytest.mark.parametrize(("file", "knowledge", "right", "wrong"), BARS, ids=[bar[0] for bar in BARS])
def test_nearly_all_questions_are_answered_rightly_and_hardly_any_wrongly(
    file: str, knowledge: Path, right: float, wrong: float
) -> None:
    figures = figures_of(results_of(file, knowledge))
    assert figures["right"] >= right
    assert figures["wrong"] <= wrong


@pytest.mark.parametrize(("file", "knowledge"), [bar[:2] for bar in BARS if "conversations" not in bar[0]])
def test_every_source_stands_in_the_file_and_every_fact_has_one(file: str, knowledge: Path) -> None:
    event: Event = load_event(knowledge)
    for case, answer, _, _ in results_of(file, knowledge):
        assert [path for path in answer.sources if not exists(event, path)] == [], case["q"]
        assert answer.text.strip()
        if answer.answered and answer.topics not in (("small talk",), (ASKED_BACK,)):
            assert answer.sources, case["q"]


@pytest.mark.parametrize(("file", "knowledge"), [bar[:2] for bar in BARS if "conversations" not in bar[0]])
def test_every_name_number_and_time_is_held_by_the_sources(file: str, knowledge: Path) -> None:
    event: Event = load_event(knowledge)
    for case, answer, _, _ in results_of(file, knowledge):
        now = datetime.fromisoformat(case.get("now", USUAL_NOW))
        assert unfounded(event, answer, now) == [], (case["q"], answer.text)
