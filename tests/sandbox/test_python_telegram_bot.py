"""The library the bot is built on reads every answer of the stand-in."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.sandbox import Sandbox
from bot.sandbox.sample_media import SAMPLE_PHOTO

from .conftest import ANN


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    made = Bot(sandbox.token, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot")
    async with made:
        yield made


async def test_a_conversation(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.visitors.say(ANN, "/start")
    (started,) = await bot.get_updates(timeout=1)
    assert started.message is not None
    assert started.message.parse_entities([MessageEntity.BOT_COMMAND]) != {}

    markup = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("✅ Go on", callback_data="go"), InlineKeyboardButton("Site", url="https://a.be")],
            [InlineKeyboardButton("Copy", copy_text=CopyTextButton("A1"))],
        ]
    )
    reply = ReplyParameters(started.message.message_id)
    sent = await bot.send_message(
        ANN, "<b>Hi</b> 🎟", parse_mode="HTML", reply_markup=markup, reply_parameters=reply, protect_content=True
    )
    assert (sent.text, sent.text_html, sent.reply_markup) == ("Hi 🎟", "<b>Hi</b> 🎟", markup)

    sandbox.visitors.press(ANN, sent.message_id, prefix="✅")
    (pressed,) = await bot.get_updates(offset=started.update_id + 1)
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "go"
    assert await pressed.callback_query.answer("Done", show_alert=True)
    edited = await bot.edit_message_text("Bye", ANN, sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("Bye", None)
    await bot.edit_message_reply_markup(ANN, sent.message_id, reply_markup=markup)
    assert await bot.delete_message(ANN, sent.message_id)


async def test_media(bot: Bot) -> None:
    photo = await bot.send_photo(ANN, SAMPLE_PHOTO, caption="<i>Ticket</i>", parse_mode="HTML")
    assert (photo.photo[-1].width, photo.photo[-1].height, photo.caption) == (240, 150, "Ticket")
    captioned = await bot.edit_message_caption(ANN, photo.message_id, caption="Used")
    assert not isinstance(captioned, bool)
    assert captioned.caption == "Used"
    document = await bot.send_document(ANN, b"BEGIN:VCALENDAR", filename="a.ics")
    assert document.document is not None
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"BEGIN:VCALENDAR"
    venue = await bot.send_venue(ANN, 50.8, 4.4, "SQUARE", "Mont des Arts")
    assert venue.venue is not None
    assert venue.venue.location.latitude == 50.8
    assert (await bot.send_location(ANN, 1.5, 2.5)).location is not None
    copy = await bot.copy_message(ANN, ANN, document.message_id, caption="Again")
    assert copy.message_id > document.message_id
    assert (await bot.forward_message(ANN, ANN, document.message_id)).forward_origin is not None


async def test_profile(bot: Bot) -> None:
    assert bot.username == "agora_demo_bot"
    commands = [BotCommand("help", "Help")]
    for scope in (None, BotCommandScopeAllPrivateChats(), BotCommandScopeChat(ANN)):
        assert await bot.set_my_commands(commands, scope=scope, language_code="de")
        assert await bot.get_my_commands(scope=scope, language_code="de") == tuple(commands)
        assert await bot.delete_my_commands(scope=scope, language_code="de")
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.get_chat_menu_button(ANN) == MenuButtonCommands()
    assert await bot.set_my_name("Agora")
    assert await bot.set_my_description("All about it")
    assert await bot.set_my_short_description("It")
    assert (await bot.get_my_description()).description == "All about it"
    assert (await bot.get_webhook_info()).url == ""
    assert (await bot.get_chat(ANN)).first_name == "Ann"


async def test_small_signs(bot: Bot, sandbox: Sandbox) -> None:
    message_id = sandbox.visitors.say(ANN, "hello")["message"]["message_id"]
    assert await bot.send_chat_action(ANN, "typing")
    assert await bot.set_message_reaction(ANN, message_id, "👍")
    assert await bot.pin_chat_message(ANN, message_id)
    assert await bot.unpin_chat_message(ANN, message_id)
    assert await bot.send_message_draft(ANN, 1, "Thinking…")


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "location", "contact", "document", "forward"])
async def test_what_people_send_can_be_parsed(bot: Bot, sandbox: Sandbox, kind: str) -> None:
    sandbox.visitors.say(ANN, None, **{kind: True})
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.effective_attachment is not None or kind == "forward"


async def test_blocking_can_be_parsed(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.visitors.block(ANN)
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"


async def test_troubles_are_the_librarys_exceptions(
    bot: Bot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it RetryAfter warns
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "a")
    sandbox.visitors.block(ANN)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ANN, "a")
    sandbox.visitors.block(ANN, False)
    sandbox.faults.limits.per_second = 0
    with pytest.raises(RetryAfter):
        await bot.send_message(ANN, "a")
    sandbox.faults.clear()
    sandbox.faults.down = True
    with pytest.raises(NetworkError):
        await bot.send_message(ANN, "a")


async def test_a_wrong_token_is_noticed(sandbox: Sandbox) -> None:
    stranger = Bot("1:wrong", base_url=f"{sandbox.url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
