"""The sets of questions: how many are answered rightly, and that every source stands in the file."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.questions import read_cases, scored
from bot.knowledge.event import Event
from tests.answering.conftest import SAMPLE
from tests.answering.paths import exists

FOLDER = Path(__file__).parent
SETS = sorted(FOLDER.glob("questions*.jsonl"))


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_nearly_all_questions_are_answered_rightly_and_hardly_any_wrongly(
    file: Path,
) -> None:
    outcomes = Counter(outcome for _, _, outcome, _ in scored(read_cases(file, SAMPLE)))
    assert outcomes["right"] >= 0.93 * outcomes.total()
    assert outcomes["wrong answer"] <= 0.03 * outcomes.total()


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_every_source_stands_in_the_file_and_every_fact_has_one(file: Path, sample: Event) -> None:
    for case, answer, _, _ in scored(read_cases(file, SAMPLE)):
        assert [path for path in answer.sources if not exists(sample, path)] == [], case["q"]
        assert answer.text.strip()
        if answer.answered and answer.topics not in (("small talk",), ("which session",)):
            assert answer.sources, case["q"]
