"""Scores the answering on sets of questions, and shows what failed.

    python -m benchmarks.questions FILE… [--knowledge FILE] [--failures] [--baselines]

A set is one JSON object a line: ``q`` the question, ``kind``, ``answered`` (true, false, or null for either),
``must`` and ``must_not`` (regular expressions for the answer's text), optionally ``now``, ``lang``, ``conversation``.
"""

import argparse
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.baselines import baselines
from bot.answering.answer import Answer
from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.knowledge.event import Event
from bot.knowledge.loader import load_event

USUAL_NOW = "2019-10-07T12:00:00+02:00"
VERDICTS = ("right", "wrong answer", "should have known", "should not have answered")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge.yaml"))
    parser.add_argument("--failures", action="store_true", help="print each question that failed, with its answer")
    parser.add_argument("--baselines", action="store_true", help="score plain retrieval over the same facts too")
    arguments = parser.parse_args()
    started = time.perf_counter()
    answerer = Answerer(load_event(arguments.knowledge))
    print(f"built in {time.perf_counter() - started:.3f} s")
    for file in arguments.files:
        report(file, list(scored(answerer, file)), arguments.failures)
        if arguments.baselines:
            compare(file, load_event(arguments.knowledge))


def scored(answerer: Answerer, file: Path) -> Iterator[tuple[Mapping[str, Any], Answer, str, float]]:
    """Each question with its answer, the verdict, and the seconds it took."""
    conversations: dict[str, Conversation] = {}
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        chat = case.get("conversation")
        before = conversations.get(chat, Conversation()) if chat else Conversation()
        now = datetime.fromisoformat(case.get("now", USUAL_NOW))
        started = time.perf_counter()
        answer, after = answerer.answer(case["q"], now, case.get("lang", "en"), before)
        seconds = time.perf_counter() - started
        if chat:
            conversations[chat] = after
        yield case, answer, verdict(case, answer), seconds


def compare(file: Path, event: Event) -> None:
    """The same figures for the plain methods, each at the threshold that does best on this very set: a flattery."""
    cases = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    print(f"  {'baselines':16} {'right':>8} {'wrong':>8} {'silent':>8} {'unfounded':>9}")
    for name, method in baselines(event).items():
        ranked = [(case, *method(case["q"])) for case in cases]
        tries = [_at_threshold(ranked, step / 20) for step in range(20)]
        best = max(tries, key=lambda counts: counts["right"])
        print(f"  {name:16}" + "".join(f" {100 * best[each] / len(cases):6.1f} %" for each in VERDICTS))


def _at_threshold(ranked: list[tuple[Mapping[str, Any], str, float]], least: float) -> Counter[str]:
    return Counter(
        verdict(case, Answer(case["q"], "en", score >= least, text if score >= least else "I do not know."))
        for case, text, score in ranked
    )


def verdict(case: Mapping[str, Any], answer: Answer) -> str:
    """One of the four figures that count."""
    text = answer.text.replace(case["q"], "")
    clean = not any(re.search(pattern, text, re.IGNORECASE) for pattern in case["must_not"])
    complete = all(re.search(pattern, text, re.IGNORECASE) for pattern in case["must"])
    if case["answered"] is False:
        return "right" if not answer.answered and clean else "should not have answered"
    if case["answered"] is None:
        return "right" if clean and (complete or not answer.answered) else "wrong answer"
    if not answer.answered:
        return "should have known"
    return "right" if clean and complete else "wrong answer"


def report(file: Path, results: list[tuple[Mapping[str, Any], Answer, str, float]], failures: bool) -> None:
    counts = Counter(outcome for _, _, outcome, _ in results)
    print(f"\n{file.name}: {len(results)} questions")
    for name in VERDICTS:
        print(f"  {name:26} {counts[name]:5} {100 * counts[name] / len(results):6.1f} %")
    kinds = Counter(case["kind"] for case, _, _, _ in results)
    right = Counter(case["kind"] for case, _, outcome, _ in results if outcome == "right")
    print("  " + ", ".join(f"{kind} {right[kind]}/{number}" for kind, number in sorted(kinds.items())))
    times = sorted(1000 * seconds for _, _, _, seconds in results)
    print(
        f"  median {statistics.median(times):.2f} ms, p99 {times[int(len(times) * 0.99)]:.2f} ms, "
        f"most {times[-1]:.2f} ms"
    )
    for case, answer, outcome, _ in results if failures else ():
        if outcome != "right":
            print(f"  [{outcome}] {case['kind']}: {case['q']}\n      {answer.topics} {answer.text!r}")


if __name__ == "__main__":
    main()
