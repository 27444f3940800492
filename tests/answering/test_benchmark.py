"""The command that scores sets of questions: verdicts, whole chats, bars."""

import json
from pathlib import Path

import pytest

from benchmarks.questions import figures_of, read_cases, scored, verdict
from bot.answering.answer import Answer
from tests.answering.conftest import SAMPLE


@pytest.mark.parametrize(
    ("expected", "answered", "text", "outcome"),
    [
        (True, True, "at noon", "right"),
        (True, True, "at nine", "wrong fact"),
        (True, True, "at noon in the cellar", "wrong fact"),
        (True, False, "I do not know", "should have known"),
        (False, False, "I do not know", "right"),
        (False, True, "at noon", "should not have answered"),
        (None, False, "I do not know", "right"),
        (None, True, "at nine", "wrong fact"),
    ],
)
def test_a_verdict(expected: bool | None, answered: bool, text: str, outcome: str) -> None:
    case = {"q": "when?", "answered": expected, "must": ["noon"], "must_not": ["cellar"]}
    assert verdict(case, Answer("when?", "en", answered, text)) == outcome


def test_the_turns_of_a_chat_follow_one_another(tmp_path: Path) -> None:
    turns = [
        {"q": "who is Urban?", "answered": True, "must": ["Bialystok"], "must_not": []},
        {"q": "and Kathleen?", "answered": True, "must": ["Flemish"], "must_not": ["Bialystok"]},
    ]
    file = tmp_path / "chats.jsonl"
    file.write_text(json.dumps({"id": "one", "knowledge": str(SAMPLE), "turns": turns}), "utf-8")
    results = list(scored(read_cases(file, Path("nowhere.yaml"))))
    assert [outcome for _, _, outcome, _ in results] == ["right", "right"]
    assert figures_of(results)["right"] == 100
