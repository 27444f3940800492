"""Announcements by a coordinator."""

import re
from datetime import UTC, datetime

from bot.attendance.audience import Who
from bot.chat.request import Request
from bot.knowledge.typed_time import read_moment
from bot.messages import broadcasts as messages
from bot.messages import help as help_messages
from bot.messages.actions import (
    AimAt,
    AimAtLanguage,
    AimAtSession,
    AskForText,
    AskForTime,
    AskToWithdraw,
    ChooseAudience,
    ChooseLanguageAimedAt,
    ChooseSessionAimedAt,
    DropBroadcast,
    ListUnreached,
    Schedule,
    SendBroadcast,
    ShowBroadcast,
    StopBroadcast,
    TestBroadcast,
)
from bot.messages.message import TEXT_LIMIT, Copy, File, Message, Part, utf16_length
from bot.services.broadcasts import Draft
from bot.storage.broadcasts import Kind

CAPTION_LIMIT = 1024
"""The longest caption that Telegram takes, in UTF-16 units."""
BROADCAST_CAPTION = re.compile(r"/broadcast(@\w+)?(\s+|$)", re.IGNORECASE)
"""A photo or file may carry the command as its caption."""
FARTHEST = datetime(2199, 1, 1, tzinfo=UTC)


def without_command(caption: str) -> str:
    """What a caption says besides the command; the command itself has no formatting."""
    return BROADCAST_CAPTION.sub("", caption, count=1)


async def broadcast(request: Request) -> None:
    """With a text, or in reply to any message: a preview. With neither: what to write."""
    if request.reply_to is not None and not request.arguments:
        await preview(request, Copy(request.person.id, request.reply_to, request.reply_part))
    elif request.arguments:
        await preview(request, Message(request.arguments, verbatim=True))
    else:
        await request.expect("broadcast")
        waiting = await request.services.broadcasts.scheduled(request.tx, request.now)
        moments = [(each.number, each.due_at or request.now) for each in waiting]
        request.show(messages.how_to(request.wording, moments))


async def preview(request: Request, content: Message | Copy) -> None:
    """Exactly what would go out, and the question under it."""
    if isinstance(content, Message) and utf16_length(content.text) > TEXT_LIMIT:
        request.say(messages.too_long(request.wording, TEXT_LIMIT))
        return
    service = request.services.broadcasts
    draft = await service.draft(request.tx, request.person.id, content, request.now)
    request.say(content)
    request.say(_question(request, draft))


def _question(request: Request, draft: Draft) -> Message:
    found = draft.broadcast
    if found.kind is Kind.CORRECTION:
        return messages.ask_to_correct(request.wording, found.number, draft.recipients)
    return messages.ask(request.wording, found.number, draft.recipients, found.audience)


async def _draft(request: Request, number: int) -> Draft | None:
    """The draft that a button is about; where there is none any more, the press is told so."""
    draft = await request.services.broadcasts.find_draft(request.tx, number, request.person.id, request.now)
    if draft is None:
        request.note = messages.already_decided(request.wording)
    return draft


async def show(request: Request, action: ShowBroadcast) -> None:
    """Back to the question, or to what waits for its moment."""
    service = request.services.broadcasts
    draft = await service.find_draft(request.tx, action.broadcast, request.person.id, request.now)
    if draft is not None:
        request.show(_question(request, draft))
        return
    waiting = await service.scheduled(request.tx, request.now)
    found = next((each for each in waiting if each.number == action.broadcast), None)
    if found is None or found.due_at is None:
        request.note = messages.already_decided(request.wording)
        return
    request.show(messages.waits(request.wording, found.number, found.due_at, found.audience))


async def choose_audience(request: Request, action: ChooseAudience) -> None:
    draft = await _draft(request, action.broadcast)
    if draft is not None:
        await _show_audience(request, draft)


async def _show_audience(request: Request, draft: Draft) -> None:
    service, audience = request.services.broadcasts, draft.broadcast.audience
    counts = await service.audience_counts(request.tx, audience)
    languages = await service.languages(request.tx)
    request.show(messages.choose_audience(request.wording, draft.broadcast.number, audience, counts, languages))


async def aim_at(request: Request, action: AimAt) -> None:
    who = next((each for each in Who if each.value == action.who), None)
    if who is None:
        request.note = help_messages.outdated_button(request.wording)
        return
    await _aim(request, action.broadcast, who=who)


async def choose_session(request: Request, action: ChooseSessionAimedAt) -> None:
    if await _draft(request, action.broadcast) is not None:
        sessions = sorted(request.event.registrable_sessions, key=lambda session: session.start)
        request.show(messages.choose_session(request.wording, action.broadcast, sessions, action.page))


async def aim_at_session(request: Request, action: AimAtSession) -> None:
    session = request.services.session(action.session)
    await _aim(request, action.broadcast, session=session.id if session else None)


async def choose_language(request: Request, action: ChooseLanguageAimedAt) -> None:
    if await _draft(request, action.broadcast) is not None:
        languages = await request.services.broadcasts.languages(request.tx)
        request.show(messages.choose_language(request.wording, action.broadcast, languages))


async def aim_at_language(request: Request, action: AimAtLanguage) -> None:
    await _aim(request, action.broadcast, language=action.language or None)


async def _aim(request: Request, number: int, **chosen: Who | str | None) -> None:
    draft = await request.services.broadcasts.aim(request.tx, number, request.person.id, request.now, **chosen)
    if draft is None:
        request.note = messages.already_decided(request.wording)
        return
    await _show_audience(request, draft)


async def test(request: Request, action: TestBroadcast) -> None:
    """The announcement as everybody would get it, to the coordinator alone."""
    service = request.services.broadcasts
    found = await service.find(request.tx, action.broadcast)
    content = None if found is None else service.content_of(found)
    if content is None:
        request.note = messages.already_decided(request.wording)
        return
    request.say(content)
    request.note = messages.tested(request.wording)


async def send(request: Request, action: SendBroadcast) -> None:
    service = request.services.broadcasts
    shown_in = request.press.message_id if request.press else None
    draft = await service.send(request.tx, action.broadcast, request.person.id, shown_in, request.now)
    if draft is None:
        request.note = messages.already_decided(request.wording)
        return
    request.show(await service.countdown(request.tx, draft.broadcast, request.now))


async def ask_for_time(request: Request, action: AskForTime) -> None:
    if await _draft(request, action.broadcast) is not None:
        await _ask_for_time(request, action.broadcast)


async def _ask_for_time(request: Request, number: int, fault: str = "") -> None:
    await request.expect(f"schedule:{number}")
    moments = request.services.broadcasts.proposed_moments(request.now)
    request.show(messages.ask_for_time(request.wording, number, moments, fault))


async def take_time(request: Request, number: int, text: str) -> None:
    """The coordinator has written a moment."""
    at = read_moment(text, request.now, request.event.timezone)
    if at is None or at <= request.now:
        await _ask_for_time(request, number, "unclear" if at is None else "past")
        return
    draft = await request.services.broadcasts.find_draft(request.tx, number, request.person.id, request.now)
    if draft is not None:
        audience = draft.broadcast.audience
        request.say(messages.ask_to_schedule(request.wording, number, at, draft.recipients, audience))


async def schedule(request: Request, action: Schedule) -> None:
    service = request.services.broadcasts
    shown_in = request.press.message_id if request.press else None
    at = datetime.fromtimestamp(min(action.at, FARTHEST.timestamp()), UTC) if action.at > 0 else request.now
    if at <= request.now and await _draft(request, action.broadcast) is not None:
        await _ask_for_time(request, action.broadcast, "past")
        return
    draft = await service.schedule(request.tx, action.broadcast, request.person.id, shown_in, at, request.now)
    if draft is None:
        request.note = messages.already_decided(request.wording)
        return
    request.show(messages.waits(request.wording, draft.broadcast.number, at, draft.broadcast.audience))


async def stop(request: Request, action: StopBroadcast) -> None:
    """What is on its way arrives; the report follows by itself."""
    stopped = await request.services.broadcasts.stop(request.tx, action.broadcast, request.now)
    request.note = messages.stopping(request.wording) if stopped else messages.already_decided(request.wording)


async def drop(request: Request, action: DropBroadcast) -> None:
    kind = await request.services.broadcasts.drop(request.tx, action.broadcast, request.person.id)
    if kind is None:
        request.note = messages.already_decided(request.wording)
    else:
        request.show(messages.dropped(request.wording, kind.value))


async def ask_for_text(request: Request, action: AskForText) -> None:
    found = await request.services.broadcasts.find(request.tx, action.broadcast)
    if found is None or request.services.broadcasts.part_of(found) is Part.NONE:
        request.note = help_messages.outdated_button(request.wording)
        return
    await request.expect(f"correct:{action.broadcast}")
    request.say(messages.ask_for_text(request.wording))


async def take_text(request: Request, number: int, text: str) -> None:
    """The coordinator has written what the copies shall say."""
    service = request.services.broadcasts
    found = await service.find(request.tx, number)
    limit = CAPTION_LIMIT if found is not None and service.part_of(found) is Part.CAPTION else TEXT_LIMIT
    if utf16_length(text) > limit:
        await request.expect(f"correct:{number}")
        request.say(messages.too_long(request.wording, limit))
        return
    draft = await service.correct(request.tx, number, request.person.id, request.html, request.now)
    if draft is not None:
        request.say(Message(request.html))
        request.say(_question(request, draft))


async def ask_to_withdraw(request: Request, action: AskToWithdraw) -> None:
    service = request.services.broadcasts
    draft = await service.withdraw(request.tx, action.broadcast, request.person.id, request.now)
    if draft is None:
        request.note = help_messages.outdated_button(request.wording)
        return
    too_old = await service.copies_of(request.tx, action.broadcast) - draft.recipients
    request.say(messages.ask_to_withdraw(request.wording, draft.broadcast.number, draft.recipients, max(0, too_old)))


async def list_unreached(request: Request, action: ListUnreached) -> None:
    content, people = await request.services.broadcasts.unreached(request.tx, action.broadcast, request.person.id)
    request.say(File("not-reached.xlsx", content, messages.unreached_caption(request.wording, people)))


async def source_edited(request: Request, caption: str) -> bool:
    """A message that was to be sent to everybody, or was sent, has changed: what was previewed is no longer what
    would arrive, and what has arrived is no longer what it says. ``caption`` is what a photo or file would say now."""
    if request.message_id is None:
        return False
    service, source = request.services.broadcasts, Copy(request.person.id, request.message_id)
    if await service.drop_drafts_of(request.tx, request.person.id, source):
        request.say(messages.source_edited(request.wording))
        return True
    sent = await service.sent_copies_of(request.tx, request.person.id, source)
    if sent is None or not request.html:
        return sent is not None
    if await service.rewrite(request.tx, sent, caption, request.now):
        request.say(messages.source_waits(request.wording))
        return True
    words = without_command(request.html)
    draft = await service.correct(request.tx, sent.number, request.person.id, words, request.now)
    if draft is not None:
        copies = max(draft.recipients, sent.recipients if sent.state == "sending" else 0)
        request.say(messages.source_changed(request.wording, draft.broadcast.number, copies))
    return True
