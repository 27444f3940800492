"""Free text: a question, answered or passed on; and the coordinator's side of it."""

from bot.chat.request import Request
from bot.messages import agenda as agenda_messages
from bot.messages import help as help_messages
from bot.messages import questions as messages
from bot.messages.actions import AnswerQuestion, AskThis, DismissQuestion, ForgetAnswer, PassOn
from bot.messages.message import File, utf16_length
from bot.storage import questions

LONGEST_ENTRY = 3000
"""UTF-16 units of YAML that fit into one message; a longer entry comes as a file."""


async def ask(request: Request, text: str) -> None:
    answer, number = await request.services.questions.ask(request.tx, request.person, text, request.now)
    request.say(messages.answer(request.wording, answer, number))
    pin = agenda_messages.pin(request.wording) if answer.pin else None
    if pin is not None:
        request.say(pin)


async def ask_this(request: Request, action: AskThis) -> None:
    """One of the questions that the bot asked back with."""
    if request.press is None or not request.press.caption:
        request.note = help_messages.outdated_button(request.wording)
        return
    await ask(request, request.press.caption)


async def pass_on(request: Request, action: PassOn) -> None:
    service = request.services.questions
    passed = await service.pass_on(request.tx, request.person.id, action.question, request.now)
    request.say(messages.passed_on(request.wording) if passed else messages.cannot_be_passed_on(request.wording))


async def open_questions(request: Request) -> None:
    waiting = await request.services.questions.open_ones(request.tx)
    listed = [(each.number, each.text, each.people) for each in waiting]
    request.show(messages.open_questions(request.wording, listed))


async def answer(request: Request, action: AnswerQuestion) -> None:
    question = await request.services.questions.find_open(request.tx, action.question)
    if question is None:
        request.say(messages.not_open(request.wording))
        return
    await request.expect(f"answer:{question.number}")
    request.say(messages.ask_for_answer(request.wording, question.text))


async def take_answer(request: Request, number: int, text: str) -> None:
    """The coordinator has written the answer."""
    if utf16_length(text) > messages.LONGEST_ANSWER:
        await request.expect(f"answer:{number}")
        request.say(messages.too_long(request.wording))
        return
    service = request.services.questions
    replied = await service.reply(request.tx, number, text, request.person.id, request.now)
    if replied is None:
        request.say(messages.not_open(request.wording))
        return
    fits = utf16_length(replied.entry) <= LONGEST_ENTRY
    request.say(messages.answered(request.wording, replied.people, replied.number, replied.entry if fits else ""))
    if not fits:
        request.say(File("faq.yaml", replied.entry.encode(), messages.entry_caption(request.wording)))


async def forget(request: Request, action: ForgetAnswer) -> None:
    forgotten = await request.services.questions.forget(request.tx, action.answer)
    request.show(messages.forgotten(request.wording) if forgotten else messages.not_open(request.wording))


async def dismiss(request: Request, action: DismissQuestion) -> None:
    service = request.services.questions
    closed = await service.dismiss(request.tx, action.question, request.person.id, request.now)
    request.show(messages.dismissed(request.wording) if closed else messages.not_open(request.wording))


async def behind_reply(request: Request) -> int | None:
    """The open question to whose message a coordinator replies, if it is one."""
    if request.reply_to is None:
        return None
    number = await request.services.questions.question_behind(request.tx, request.person.id, request.reply_to)
    found = None if number is None else await questions.find(request.tx, number)
    return found.number if found is not None and found.state == "open" else None
