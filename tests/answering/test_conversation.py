"""What a message may leave out because it was said before."""

import pytest

from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from tests.builders import NOON


def chat(answerer: Answerer, *questions: str) -> list[str]:
    conversation, texts = Conversation(), []
    for question in questions:
        answer, conversation = answerer.answer(question, NOON, "en", conversation)
        texts.append(answer.text)
    return texts


@pytest.mark.parametrize(
    ("questions", "last"),
    [
        (("who is Wieslaw Urban?", "when does he speak?"), "16:30"),
        (("who is Wieslaw Urban?", "and Kristiina?"), "Lapland"),
        (("who are the speakers?", "where is the second one from?"), "Flemish"),
        (("who are the speakers?", "and the last one?"), "Lapland"),
        (("when is it?", "and where?"), "SQUARE"),
        (("where is it?", "and when exactly?"), "16:30"),
        (("who is Kathleen D'Hondt?", "where is the event?"), "SQUARE"),
        (("what is TIBS?", "and ReConfirm?"), "S3P-Industry"),
    ],
    ids=lambda value: " / ".join(value) if isinstance(value, tuple) else value,
)
def test_a_follow_up_leans_on_what_was_said(sample_answerer: Answerer, questions: tuple[str, ...], last: str) -> None:
    assert last in chat(sample_answerer, *questions)[-1]


def test_a_question_of_its_own_does_not_call_on_the_memory(sample_answerer: Answerer) -> None:
    alone = chat(sample_answerer, "who are the partners?")
    assert chat(sample_answerer, "who is Urban?", "who are the partners?")[-1:] == alone


def test_small_talk_leaves_the_conversation_as_it_was(sample_answerer: Answerer) -> None:
    _, before = sample_answerer.answer("who is Urban?", NOON)
    assert sample_answerer.answer("thanks!", NOON, "en", before)[1] == before
