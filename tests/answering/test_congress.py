"""Events with many sessions: by subject, room, hour, day and speaker; asking back where it is not clear."""

import pytest

from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from tests.answering.conftest import large_event
from tests.builders import at

FIRST_DAY = "2019-10-09 09:30"


def said(answerer: Answerer, question: str, now: str = FIRST_DAY, before: Conversation = Conversation()) -> str:  # noqa: B008
    return answerer.answer(question, at(now), "en", before)[0].text


@pytest.mark.parametrize(
    ("question", "held", "not_held"),
    [
        ("when is the talk on bees", ["14:00"], ["10:30"]),
        ("which room is the whales talk in", ["Aula"], ["Studio"]),
        ("where is blowing glass", ["Studio"], []),
        ("who talks about sourdough", ["Tom Yeast"], ["Tom Stone"]),
        ("who speaks about offshore wind", ["Lea North"], ["Ada"]),
        ("when does omar ink speak", ["10:30", "10 October"], ["9 October"]),
        ("when is noor sea on", ["10:30", "whales"], ["bees"]),
        ("what is on in the studio at 14:00", ["Blowing glass"], ["bees"]),
        ("what's on in the library at 2 pm today", ["Memory safety"], ["glass"]),
        ("what's next", ["sourdough", "maps"], ["Opening"]),
        ("what is on now", ["Opening"], ["sourdough"]),
        ("what's on tomorrow", ["wind", "whales", "clay"], ["bees"]),
        ("what is on tomorrow morning", ["wind", "whales"], ["clay", "bees"]),
        ("when does it start and when does it end", ["9 October", "10 October"], []),
        ("who is eva lund", ["Institute of Lund"], ["Ada"]),
        ("how many sessions are there", ["12"], []),
        ("how many speakers are there", ["10"], []),
        ("how long is the glass session", ["2 hours"], []),
    ],
)
def test_the_programme_is_answered_from(
    congress_answerer: Answerer, question: str, held: list[str], not_held: list[str]
) -> None:
    text = said(congress_answerer, question)
    assert [word for word in held if word not in text] == [], text
    assert [word for word in not_held if word in text] == [], text


@pytest.mark.parametrize("question", ["when does anna speak", "who is tom"])
def test_a_shared_first_name_is_asked_back(congress_answerer: Answerer, question: str) -> None:
    answer, _ = congress_answerer.answer(question, at(FIRST_DAY))
    assert len(answer.choices) == 2


def test_name_words_of_two_people_fit_nobody(congress_answerer: Answerer) -> None:
    assert said(congress_answerer, "is ada stone speaking").startswith("No")


def test_which_room_without_a_session_is_asked_back(congress_answerer: Answerer) -> None:
    answer, _ = congress_answerer.answer("which room is it in", at(FIRST_DAY))
    assert answer.topics == ("which session",)
    assert answer.choices


def test_a_follow_up_stays_with_the_session(congress_answerer: Answerer) -> None:
    _, conversation = congress_answerer.answer("when is the whales talk", at(FIRST_DAY))
    assert "Aula" in said(congress_answerer, "and in which room is it?", before=conversation)


def test_a_large_event_is_answered_from() -> None:
    answerer = Answerer(large_event())
    assert "Room 17" in said(answerer, "which room is subject137 in")
    assert "Sur1234" in said(answerer, "who is sur1234")
