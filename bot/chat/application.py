"""Which handler an update goes to. An update is worked off inside one transaction: what it changes and what is
said about it are written together or not at all; saying it is the delivery loop's work."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatType

from bot.attendance.person import Person, display_name
from bot.chat.handlers import agenda, broadcasts, home, privacy, questions, registrations, reminders, reports
from bot.chat.request import Press, Request, Services
from bot.messages import actions
from bot.messages import help as help_messages
from bot.messages.actions import Action, unpack
from bot.messages.help import COORDINATOR_COMMANDS
from bot.messages.message import Copy, Part, to_json
from bot.storage import outbox, people
from bot.storage.database import Transaction
from bot.storage.outbox import Item

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The kinds of update that the bot asks Telegram for."""
FORWARDED_QUESTION = 200
"""A forwarded text up to so many characters is taken for a question, a longer one for a post."""

Handler = Callable[[Request], Awaitable[None]]

SCREENS: dict[str, Handler] = {
    "start": home.start,
    "help": home.help_screen,
    "agenda": agenda.agenda,
    "speakers": agenda.speakers,
    "venue": agenda.venue,
    "register": registrations.register,
    "cancel": registrations.cancel,
    "status": registrations.status,
    "reminders": reminders.reminders,
    "language": home.language,
    "privacy": privacy.privacy,
    "delete_my_data": privacy.ask_to_delete,
}
PAGED: dict[str, Callable[[Request, int], Awaitable[None]]] = {
    "agenda": agenda.agenda,
    "register": registrations.register,
}
COORDINATOR_SCREENS: dict[str, Handler] = {
    "coordinator": home.coordinator,
    "broadcast": broadcasts.broadcast,
    "stats": reports.stats,
    "questions": questions.open_questions,
    "checkin": reports.check_in_dialogue,
    "export": reports.choose_export,
    "capacity": reports.capacity,
}
PRESSES: dict[type[Action], Callable[[Request, Any], Awaitable[None]]] = {
    actions.ShowSession: agenda.session,
    actions.AskToRegister: registrations.ask_to_register,
    actions.Register: registrations.confirm,
    actions.AskToCancel: registrations.ask_to_cancel,
    actions.Cancel: registrations.confirm_cancel,
    actions.AcceptOffer: registrations.accept,
    actions.RefuseOffer: registrations.refuse,
    actions.Dismiss: lambda request, _: home.dismiss(request),
    actions.ToggleReminder: reminders.toggle,
    actions.ChooseLead: reminders.choose_lead,
    actions.ChooseLanguage: home.choose_language,
    actions.SendMyData: lambda request, _: privacy.send_data(request),
    actions.DeleteMyData: lambda request, _: privacy.delete(request),
    actions.AskThis: questions.ask_this,
    actions.PassOn: questions.pass_on,
}
COORDINATOR_PRESSES: dict[type[Action], Callable[[Request, Any], Awaitable[None]]] = {
    actions.AnswerQuestion: questions.answer,
    actions.DismissQuestion: questions.dismiss,
    actions.ForgetAnswer: questions.forget,
    actions.SendBroadcast: broadcasts.send,
    actions.DropBroadcast: broadcasts.drop,
    actions.ShowBroadcast: broadcasts.show,
    actions.ChooseAudience: broadcasts.choose_audience,
    actions.AimAt: broadcasts.aim_at,
    actions.ChooseSessionAimedAt: broadcasts.choose_session,
    actions.AimAtSession: broadcasts.aim_at_session,
    actions.ChooseLanguageAimedAt: broadcasts.choose_language,
    actions.AimAtLanguage: broadcasts.aim_at_language,
    actions.TestBroadcast: broadcasts.test,
    actions.AskForTime: broadcasts.ask_for_time,
    actions.Schedule: broadcasts.schedule,
    actions.StopBroadcast: broadcasts.stop,
    actions.AskForText: broadcasts.ask_for_text,
    actions.AskToWithdraw: broadcasts.ask_to_withdraw,
    actions.ListUnreached: broadcasts.list_unreached,
    actions.Export: reports.export,
    actions.AskForCapacity: reports.ask_for_capacity,
    actions.SetCapacity: reports.set_capacity,
    actions.CheckIn: reports.check_in,
    actions.UndoCheckIn: reports.undo_check_in,
}


@dataclass(frozen=True)
class Application:
    """``username`` is the bot's own, for the pointer in groups."""

    services: Services
    username: str

    async def handle(self, tx: Transaction, arrival: int, raw: dict[str, Any], now: datetime) -> list[Item]:
        """Does what the update asks for; the replies, queued. Raises for an update that cannot be understood."""
        # What we did not ask for is not even parsed: a kind of update that is new tomorrow cannot hurt today.
        update = Update.de_json({name: raw[name] for name in ("update_id", *UPDATES) if name in raw}, None)
        if update.callback_query is not None:
            return await self._press(tx, arrival, update.callback_query, now)
        if update.my_chat_member is not None:
            await self._membership(tx, update.my_chat_member, now)
            return []
        message = update.message or update.edited_message
        if message is None or message.from_user is None or message.from_user.is_bot:
            return []
        if message.chat.type != ChatType.PRIVATE:
            return await self._group(tx, message, now)
        return await self._private(tx, arrival, message, update.edited_message is not None, now)

    async def _private(
        self, tx: Transaction, arrival: int, message: Message, edited: bool, now: datetime
    ) -> list[Item]:
        if not _is_from_a_person(message) or message.from_user is None:
            return []
        request = await self._request(tx, arrival, message.from_user, now)
        request.message_id = message.message_id
        if request.is_coordinator:
            request.part = _part(message)
            request.html = message.text_html if message.text else message.caption_html
        if message.reply_to_message is not None:
            request.reply_to = message.reply_to_message.message_id
            request.reply_part = _part(message.reply_to_message)
        await _answer_message(request, message, edited)
        return await _queue(request)

    async def _press(self, tx: Transaction, arrival: int, query: CallbackQuery, now: datetime) -> list[Item]:
        request = await self._request(tx, arrival, query.from_user, now)
        request.press = Press(query.id, query.message.message_id if query.message else None, _caption(query))
        action = unpack(query.data)
        if query.message is not None and query.message.chat.type != ChatType.PRIVATE:
            action = None
        await request.expect_nothing()
        await _act(request, action)
        return await _queue(request)

    async def _request(self, tx: Transaction, arrival: int, user: User, now: datetime) -> Request:
        name = display_name(user.first_name, user.last_name, user.username)
        seen = Person(user.id, name, user.username, user.language_code)
        person = await self.services.people.meet(tx, seen)
        return Request(tx, self.services, person, now, arrival)

    async def _membership(self, tx: Transaction, change: ChatMemberUpdated, now: datetime) -> None:
        if change.chat.type != ChatType.PRIVATE:
            return
        if change.new_chat_member.status == ChatMember.BANNED:
            await people.mark_unreachable(tx, change.chat.id, now)
        else:
            await people.mark_reachable(tx, change.chat.id)

    async def _group(self, tx: Transaction, message: Message, now: datetime) -> list[Item]:
        is_group = message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
        if not is_group or not await people.greet_group(tx, message.chat.id, now):
            return []
        wording = self.services.people.wording_for(None)
        pointer = help_messages.group_pointer(wording, self.username)
        return [await outbox.reply(tx, message.chat.id, to_json(pointer), now, None)]

    async def apologise(self, tx: Transaction, person: int, now: datetime) -> Item:
        """Tells somebody that their last message could not be worked off."""
        wording = await self.services.people.wording_of(tx, person)
        return await outbox.reply(tx, person, to_json(help_messages.apology(wording)), now, None)


async def _queue(request: Request) -> list[Item]:
    return [
        await outbox.say(request.tx, request.person.id, content, request.now, expires)
        for content, expires in request.replies()
    ]


def _is_from_a_person(message: Message) -> bool:
    # What Telegram itself notes in a chat (a message pinned, a timer set) has none of these.
    return bool(message.text or message.effective_attachment or message.caption or message.dice or message.story)


def _part(message: Message) -> Part:
    """Which of its words could be changed in a copy."""
    if message.text:
        return Part.TEXT
    captioned = message.photo or message.video or message.animation or message.document or message.audio
    return Part.CAPTION if captioned or message.voice else Part.NONE


def _caption(query: CallbackQuery) -> str | None:
    """The pressed button's own words, as Telegram sends them back with the message."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    rows = markup.inline_keyboard if markup else ()
    return next((button.text for row in rows for button in row if button.callback_data == query.data), None)


async def _answer_message(request: Request, message: Message, edited: bool) -> None:
    text = message.text
    if edited:
        # An edited command was carried out when it was first sent; an edited question is a better question.
        if request.is_coordinator and await broadcasts.source_edited(
            request, broadcasts.without_command(message.caption or "")
        ):
            return
        if text and not text.startswith("/"):
            await questions.ask(request, text)
        return
    if text and text.startswith("/"):
        await _command(request, text)
        return
    if await _continued_dialogue(request, text):
        return
    if request.is_coordinator and message.caption and broadcasts.BROADCAST_CAPTION.match(message.caption):
        words = broadcasts.without_command(message.caption)
        await broadcasts.preview(request, Copy(request.person.id, message.message_id, request.part, words))
        return
    if not text or (message.forward_origin is not None and len(text) > FORWARDED_QUESTION):
        await home.only_text(request)
        return
    await questions.ask(request, text)


async def _command(request: Request, text: str) -> None:
    await request.expect_nothing()
    head, *rest = text.split(maxsplit=1)
    name = head[1:].partition("@")[0].lower()
    request.arguments = rest[0].strip() if rest else ""
    if name == "start" and request.arguments in SCREENS:
        name = request.arguments
    handler = _screen(request, name) if name in help_messages.ATTENDEE_COMMANDS + COORDINATOR_COMMANDS else None
    if handler is None:
        request.say(help_messages.unknown_command(request.wording, head))
        return
    await handler(request)


def _screen(request: Request, name: str) -> Handler | None:
    if request.is_coordinator and name in COORDINATOR_SCREENS:
        return COORDINATOR_SCREENS[name]
    return SCREENS.get(name)


async def _act(request: Request, action: Action | None) -> None:
    if isinstance(action, actions.Show):
        handler = _screen(request, action.screen)
        if action.screen in PAGED and action.page:
            await PAGED[action.screen](request, max(0, action.page))
            return
        if handler is not None:
            await handler(request)
            return
    elif action is not None:
        handlers = PRESSES | COORDINATOR_PRESSES if request.is_coordinator else PRESSES
        if type(action) in handlers:
            await handlers[type(action)](request, action)
            return
    request.note = help_messages.outdated_button(request.wording)


async def _continued_dialogue(request: Request, text: str | None) -> bool:
    """Whether the text was what a coordinator's dialogue waits for, or a reply to somebody's question."""
    if not request.is_coordinator:
        return False
    question = await questions.behind_reply(request)
    if question is not None and text:
        await questions.take_answer(request, question, text)
        return True
    awaited = await people.awaited_text(request.tx, request.person.id, request.now)
    kind, _, subject = (awaited or "").partition(":")
    if kind == "broadcast" and request.message_id is not None:
        await request.expect_nothing()
        await broadcasts.preview(request, Copy(request.person.id, request.message_id, request.part))
    elif kind == "answer" and text:
        await request.expect_nothing()
        await questions.take_answer(request, int(subject), text)
    elif kind == "schedule" and text:
        await request.expect_nothing()
        await broadcasts.take_time(request, int(subject), text)
    elif kind == "correct" and text:
        await request.expect_nothing()
        await broadcasts.take_text(request, int(subject), text)
    elif kind == "capacity" and text:
        await request.expect_nothing()
        await reports.take_capacity(request, subject, text)
    elif kind == "checkin" and text:
        await reports.find_at_the_door(request, text)
    else:
        return False
    return True
