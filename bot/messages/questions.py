"""Answers, and questions on their way to a coordinator and back."""

from collections.abc import Sequence
from html import escape

from bot.answering.answer import Answer, FollowUp
from bot.messages.actions import AnswerQuestion, AskThis, DismissQuestion, ForgetAnswer, PassOn
from bot.messages.message import Button, Message, button
from bot.messages.wording import Markup, Wording, joined, shortened

SCREENS = {
    FollowUp.MAP: "venue",
    FollowUp.AGENDA: "agenda",
    FollowUp.SPEAKERS: "speakers",
    FollowUp.REGISTER: "register",
    FollowUp.STATUS: "status",
    FollowUp.CANCEL: "cancel",
    FollowUp.REMINDERS: "reminders",
}
LISTED = 10
LONGEST_ANSWER = 3500
"""UTF-16 units that fit into one message beside the question."""


def answer(wording: Wording, given: Answer, question: int | None) -> Message:
    """The fact first, then what one would ask next as buttons. ``question`` is the number under which an
    unanswered one can be passed on."""
    rows: list[tuple[Button, ...]] = [
        (button(shortened(choice, 60), AskThis(index)),) for index, choice in enumerate(given.choices[:8])
    ]
    if question is not None:
        rows.append((button(wording.label("questions.pass_on"), PassOn(question)),))
    screens = [wording.screen(SCREENS[each]) for each in given.follow_ups if each in SCREENS]
    rows += [tuple(screens[index : index + 2]) for index in range(0, len(screens), 2)]
    return Message(Markup(escape(given.text, quote=False)), tuple(rows))


def passed_on(wording: Wording) -> Message:
    return Message(wording.text("questions.passed_on"))


def cannot_be_passed_on(wording: Wording) -> Message:
    return Message(wording.text("questions.cannot_be_passed_on"))


def left_unanswered(wording: Wording, question: str) -> Message:
    """The asker must not wait for what will not come."""
    return Message(wording.text("questions.left_unanswered", question=shortened(question, 300)))


def too_long(wording: Wording) -> Message:
    return Message(wording.text("questions.too_long", most=wording.number(LONGEST_ANSWER)), ((wording.stop(),),))


def for_coordinator(wording: Wording, number: int, text: str) -> Message:
    """A question that only a person can answer."""
    return Message(
        wording.text("questions.new", question=shortened(text, LONGEST_ANSWER)), _question_buttons(wording, number)
    )


def _question_buttons(wording: Wording, number: int) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            button(wording.label("questions.answer"), AnswerQuestion(number)),
            button(wording.label("questions.dismiss"), DismissQuestion(number)),
        ),
    )


def ask_for_answer(wording: Wording, text: str) -> Message:
    return Message(wording.text("questions.ask_for_answer", question=shortened(text, 500)), ((wording.stop(),),))


def answered(wording: Wording, people: int, number: int, entry: str) -> Message:
    """To the coordinator: who gets it, that it is known from now on, and how to keep it; ``entry`` is it as the
    knowledge file would hold it, empty where it comes as a file of its own."""
    parts = [wording.text("questions.answered", count=people)]
    if entry:
        parts += [wording.text("questions.keep_it"), Markup(f"<pre>{escape(entry.rstrip(), quote=False)}</pre>")]
    forget = button(wording.label("questions.forget"), ForgetAnswer(number))
    return Message(joined(parts, "\n\n"), ((forget,), (wording.screen("questions"),)))


def entry_caption(wording: Wording) -> str:
    return wording.label("questions.keep_it")


def forgotten(wording: Wording) -> Message:
    return Message(wording.text("questions.forgotten"), ((wording.screen("questions"),),))


def dismissed(wording: Wording) -> Message:
    return Message(wording.text("questions.dismissed"), ((wording.screen("questions"),),))


def not_open(wording: Wording) -> Message:
    return Message(wording.text("questions.not_open"), ((wording.screen("questions"),),))


def from_coordinator(wording: Wording, question: str, reply: str) -> Message:
    """The coordinator's words, under the question they belong to."""
    return Message(
        wording.text("questions.reply", question=shortened(question, 300), reply=shortened(reply, LONGEST_ANSWER))
    )


def open_questions(wording: Wording, questions: Sequence[tuple[int, str, int]]) -> Message:
    """What waits for an answer, as (number, text, how many ask it), a button each."""
    if not questions:
        return Message(wording.text("questions.none_open"), ((wording.screen("coordinator"),),))
    lines = [wording.text("questions.open", count=len(questions))]
    lines += [
        wording.text("questions.line_of_many", number=number, question=shortened(text, 200), count=people)
        if people > 1
        else wording.text("questions.line", number=number, question=shortened(text, 200))
        for number, text, people in questions[:LISTED]
    ]
    rows = [
        (button(wording.label("questions.answer_number", number=number), AnswerQuestion(number)),)
        for number, _, _ in questions[:LISTED]
    ]
    return Message(joined(lines, "\n\n"), (*rows, (wording.screen("coordinator"),)))
