"""Scores the answering on sets of questions, by kind, and how long it takes.

    python -m benchmarks.questions FILE… [--knowledge FILE] [--failures] [--baselines] [--congress] [--bars right=97 …]

A set is one JSON object a line: ``q`` the question, ``kind``, ``answered`` (true, false, or null for either),
``must`` and ``must_not`` (regular expressions for the answer's text), optionally ``now``, ``lang`` and
``conversation``, the name of the chat that it belongs to. A line may also be a whole chat: ``turns``, each of them
such an object, with ``now`` and ``knowledge`` for all. Bars are in per cent and in milliseconds: ``right``,
``wrong``, ``unfounded`` (of what the file does not hold), ``lead`` (points before the best baseline), ``median``,
``p99`` and ``congress`` (p99 with 1,000 sessions). A bar that is missed makes the exit code 1.
"""

import argparse
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.baselines import baselines
from benchmarks.large_congress import QUESTIONS, large_congress
from bot.answering.answer import Answer
from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.knowledge.event import Event
from bot.knowledge.loader import load_event

USUAL_NOW = "2019-10-07T12:00:00+02:00"
VERDICTS = ("right", "wrong fact", "should have known", "should not have answered")
LEAST = frozenset({"right", "lead"})
"""Figures that should be high; of the others the bar is the most."""

Case = Mapping[str, Any]
Result = tuple[Case, Answer, str, float]


def main() -> None:
    arguments = _arguments()
    missed: list[str] = []
    for file in arguments.files:
        cases = read_cases(file, arguments.knowledge)
        results = list(scored(cases))
        report(file.name, results, arguments.failures)
        figures = figures_of(results)
        if arguments.baselines:
            figures["lead"] = figures["right"] - compare(cases)
        missed += _missed(file.name, figures, arguments.bars)
    if arguments.congress:
        missed += _missed("congress", {"congress": time_large_congress()}, arguments.bars)
    for line in missed:
        print(line)
    sys.exit(1 if missed else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge.yaml"))
    parser.add_argument("--failures", action="store_true", help="print each question that failed, with its answer")
    parser.add_argument("--baselines", action="store_true", help="score plain retrieval over the same facts too")
    parser.add_argument("--congress", action="store_true", help="time a made-up congress of 1,000 sessions")
    parser.add_argument("--bars", nargs="*", default=[], type=_bar, metavar="FIGURE=BAR")
    return parser.parse_args()


def _bar(written: str) -> tuple[str, float]:
    name, _, value = written.partition("=")
    return name, float(value)


def _missed(name: str, figures: Mapping[str, float], bars: Sequence[tuple[str, float]]) -> list[str]:
    return [
        f"missed in {name}: {figure} is {figures[figure]:.2f}, the bar is {bar:g}"
        for figure, bar in bars
        if figure in figures and (figures[figure] < bar if figure in LEAST else figures[figure] > bar)
    ]


# -- sets --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One question of a set with the event that it is about."""

    case: Case
    knowledge: Path


def read_cases(file: Path, knowledge: Path) -> list[Asked]:
    """The questions of a set in order, those of a chat one after another."""
    cases: list[Asked] = []
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        path = _knowledge_of(case, file, knowledge)
        for turn in case.get("turns", ()):
            common = {"kind": "conversation", "conversation": case["id"], "now": case.get("now", USUAL_NOW)}
            cases.append(Asked({**common, **turn}, path))
        if "turns" not in case:
            cases.append(Asked(case, path))
    return cases


def _knowledge_of(case: Case, file: Path, usual: Path) -> Path:
    """The knowledge file that a line names, which may stand beside the set; else the usual one."""
    if "knowledge" not in case:
        return usual
    named = Path(case["knowledge"])
    return file.parent / named.name if (file.parent / named.name).exists() else named


@cache
def answerer_for(knowledge: Path) -> Answerer:
    started = time.perf_counter()
    answerer = Answerer(load_event(knowledge))
    print(f"{knowledge.name}: built in {time.perf_counter() - started:.3f} s")
    return answerer


def scored(cases: Sequence[Asked]) -> Iterator[Result]:
    """Each question with its answer, the verdict, and the seconds it took."""
    conversations: dict[str, Conversation] = {}
    for asked in cases:
        case, answerer = asked.case, answerer_for(asked.knowledge)
        chat = case.get("conversation")
        before = conversations.get(chat, Conversation()) if chat else Conversation()
        now = datetime.fromisoformat(case.get("now", USUAL_NOW))
        started = time.perf_counter()
        answer, after = answerer.answer(case["q"], now, case.get("lang", "en"), before)
        seconds = time.perf_counter() - started
        if chat:
            conversations[chat] = after
        yield case, answer, verdict(case, answer), seconds


def verdict(case: Case, answer: Answer) -> str:
    """One of the four figures that count."""
    text = answer.text.replace(case["q"], "")
    clean = not any(re.search(pattern, text, re.IGNORECASE) for pattern in case["must_not"])
    complete = all(re.search(pattern, text, re.IGNORECASE) for pattern in case["must"])
    if case["answered"] is False:
        return "right" if not answer.answered and clean else "should not have answered"
    if case["answered"] is None:
        return "right" if clean and (complete or not answer.answered) else "wrong fact"
    if not answer.answered:
        return "should have known"
    return "right" if clean and complete else "wrong fact"


# -- figures -----------------------------------------------------------------------------------------------------


def figures_of(results: Sequence[Result]) -> dict[str, float]:
    """The figures that have bars."""
    counts = Counter(outcome for _, _, outcome, _ in results)
    unheld = sum(case["answered"] is False for case, _, _, _ in results)
    times = _milliseconds(seconds for _, _, _, seconds in results)
    return {
        "right": 100 * counts["right"] / len(results),
        "wrong": 100 * counts["wrong fact"] / len(results),
        "unfounded": 100 * counts["should not have answered"] / (unheld or 1),
        "median": statistics.median(times),
        "p99": _p99(times),
    }


def _milliseconds(seconds: Iterator[float]) -> list[float]:
    return sorted(1000 * each for each in seconds)


def _p99(times: Sequence[float]) -> float:
    return times[min(len(times) - 1, int(len(times) * 0.99))]


def report(name: str, results: Sequence[Result], failures: bool) -> None:
    figures = figures_of(results)
    unheld = sum(case["answered"] is False for case, _, _, _ in results)
    print(
        f"\n{name}: {len(results)} questions, {figures['right']:.1f} % right, {figures['wrong']:.1f} % wrong facts, "
        f"{figures['unfounded']:.1f} % of {unheld} answered that the file does not hold"
    )
    by_kind = Counter((case["kind"], outcome) for case, _, outcome, _ in results)
    print("  " + " " * 24 + "".join(f"{each:>26}" for each in VERDICTS))
    for kind in sorted({kind for kind, _ in by_kind}):
        print(f"  {kind:24}" + "".join(f"{by_kind[kind, each]:26}" for each in VERDICTS))
    slowest = max(results, key=lambda result: result[3])
    print(
        f"  median {figures['median']:.2f} ms, p99 {figures['p99']:.2f} ms, "
        f"most {1000 * slowest[3]:.2f} ms: {slowest[0]['q'][:60]}"
    )
    for case, answer, outcome, _ in results if failures else ():
        if outcome != "right":
            print(f"  [{outcome}] {case['kind']}: {case['q']}\n      {answer.topics} {answer.text!r}")


def time_large_congress() -> float:
    """The p99 of answers about a congress of 1,000 sessions and 1,500 speakers, in milliseconds."""
    event, now = large_congress(), datetime.fromisoformat("2026-06-05T10:20:00+02:00")
    started = time.perf_counter()
    answerer = Answerer(event)
    built = time.perf_counter() - started
    times: list[float] = []
    for question in QUESTIONS * 5:
        started = time.perf_counter()
        answerer.answer(question, now)
        times.append(1000 * (time.perf_counter() - started))
    p99 = _p99(sorted(times))
    print(
        f"\n1,000 sessions and 1,500 speakers: built in {built:.2f} s, median {statistics.median(times):.2f} ms, "
        f"p99 {p99:.2f} ms, most {max(times):.2f} ms"
    )
    return p99


# -- baselines ---------------------------------------------------------------------------------------------------


def compare(cases: Sequence[Asked]) -> float:
    """The same figures for the plain methods, each at the threshold that does best on this very set: a flattery.
    Gives what the best of them gets right."""
    names = list(baselines(_event(cases[0].knowledge)))
    print("  baselines               " + "".join(f"{each:>26}" for each in VERDICTS))
    best_of_all = 0.0
    for name in names:
        ranked = [(asked.case, *_methods(asked.knowledge)[name](asked.case["q"])) for asked in cases]
        tries = [_at_threshold(ranked, step / 20) for step in range(21)]
        best = max(tries, key=lambda counts: counts["right"])
        print(f"  {name:24}" + "".join(f"{100 * best[each] / len(cases):24.1f} %" for each in VERDICTS))
        best_of_all = max(best_of_all, 100 * best["right"] / len(cases))
    return best_of_all


@cache
def _event(knowledge: Path) -> Event:
    return load_event(knowledge)


@cache
def _methods(knowledge: Path) -> Mapping[str, Any]:
    return baselines(_event(knowledge))


def _at_threshold(ranked: Sequence[tuple[Case, str, float]], least: float) -> Counter[str]:
    return Counter(
        verdict(case, Answer(case["q"], "en", score >= least, text if score >= least else "I do not know."))
        for case, text, score in ranked
    )


if __name__ == "__main__":
    main()
