"""Whatever is typed: an answer, no fault, sources that exist and hold what is said, a conversation that survives its
JSON."""

from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.knowledge.event import Event
from tests.answering.conftest import congress
from tests.answering.paths import exists
from tests.answering.stated import unfounded
from tests.builders import NOON

AT_MOST = 0.05
"""Seconds that any message may take."""
VOCABULARY = """
when where who what is the it urban kathleen and or second one tibs room 313 9 16:30 october half past five agora
village not ? , . “ ' free cancelled speak bees tom tomorrow 99:99 31.02. #x
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join))

HOSTILE = [
    "\0" * 4096,
    "?" * 4096,
    "'" * 4096,
    "“”" * 2048,
    "a" * 4096,
    "when " * 800,
    "who is urban and " * 240,
    "😀" * 2048,
    "e\u0301\u0302\u0303" * 1000,
    "\u202emit wann \u200f\u200b" * 200,
    "9" * 4096,
    "9:9:9:9" * 500,
    "²³½٣٤" * 500,
    "ﷺ" * 1000,
    "\ud800",
    "İİı" * 500,
    "{title} %s {0} $x \\n",
    "<b>when</b> & <script>",
]


@pytest.fixture(scope="module")
def congress_event() -> Event:
    return congress()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_gets_an_answer(text: str, sample_answerer: Answerer, sample: Event) -> None:
    _check(sample_answerer, sample, text)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_any_text_gets_an_answer(sample_answerer: Answerer, sample: Event, text: str) -> None:
    _check(sample_answerer, sample, text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, max_size=4))
def test_any_conversation_goes_on(congress_answerer: Answerer, congress_event: Event, texts: list[str]) -> None:
    conversation = Conversation()
    for text in texts:
        answer, conversation = congress_answerer.answer(text, NOON, "en", conversation)
        assert [path for path in answer.sources if not exists(congress_event, path)] == []
        assert unfounded(congress_event, answer, NOON) == []
        assert Conversation.from_json(conversation.to_json()) == conversation


@given(st.one_of(st.none(), st.text(max_size=60)))
def test_any_stored_text_is_a_conversation(text: str | None) -> None:
    assert isinstance(Conversation.from_json(text), Conversation)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_at_once(text: str, sample_answerer: Answerer) -> None:
    started = perf_counter()
    sample_answerer.answer(text, NOON)
    assert perf_counter() - started < AT_MOST


def _check(answerer: Answerer, event: Event, text: str) -> None:
    answer, conversation = answerer.answer(text, NOON, "en")
    assert answer.question == text
    assert answer.text.strip()
    assert len(answer.text) < 4096
    assert unfounded(event, answer, NOON) == []
    assert [path for path in answer.sources if not exists(event, path)] == []
    assert Conversation.from_json(conversation.to_json()) == conversation
