"""What Telegram itself shows of the bot: the menu button's commands and the words before the first message."""

import logging
from collections.abc import Coroutine

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands
from telegram.error import TelegramError

from bot.i18n.catalog import DEFAULT_LANGUAGE, available_languages
from bot.messages import help as messages
from bot.messages.wording import Wording, shortened
from bot.services.people import People

log = logging.getLogger(__name__)

SHORT_DESCRIPTION = 120


async def publish(bot: Bot, people: People) -> None:
    """Sets the attendees' commands in every language. A call that fails is logged; the bot runs without it."""
    for language in available_languages():
        wording = Wording(people.event, language)
        # Telegram shows the entry without a language to everybody whose language has none of its own.
        code = None if language == DEFAULT_LANGUAGE else language
        listed = [BotCommand(name, what) for name, what in messages.commands(wording, coordinator=False)]
        title = shortened(wording.of(people.event.title), SHORT_DESCRIPTION)
        await _try("setMyCommands", bot.set_my_commands(listed, BotCommandScopeAllPrivateChats(), code))
        await _try("setMyShortDescription", bot.set_my_short_description(title, code))
    await _try("setChatMenuButton", bot.set_chat_menu_button(menu_button=MenuButtonCommands()))


async def _try(name: str, call: Coroutine[object, object, bool]) -> None:
    try:
        await call
    except TelegramError as error:
        log.warning("%s failed, and the bot goes on without it: %s", name, error.message)
