"""First words, help, languages."""

from dataclasses import replace

from bot.chat.request import Request
from bot.i18n.catalog import available_languages
from bot.messages import help as messages
from bot.messages.actions import ChooseLanguage
from bot.messages.message import Commands
from bot.storage import people


async def start(request: Request) -> None:
    request.show(messages.welcome(request.wording, request.is_coordinator))
    if request.is_coordinator and request.press is None:
        # At the bot's start a coordinator who had never written could not be given their commands.
        request.say(menu(request))


async def help_screen(request: Request) -> None:
    request.show(messages.help_text(request.wording, request.is_coordinator))


async def coordinator(request: Request) -> None:
    request.show(messages.coordinator_menu(request.wording))


async def language(request: Request) -> None:
    request.show(messages.languages(request.wording))


async def choose_language(request: Request, action: ChooseLanguage) -> None:
    if action.language not in available_languages():
        request.note = messages.outdated_button(request.wording)
        return
    await people.choose_language(request.tx, request.person.id, action.language)
    request.speak(replace(request.person, language=action.language))
    request.show(messages.language_chosen(request.wording, request.is_coordinator))
    request.say(menu(request))


def menu(request: Request) -> Commands:
    """The commands that this chat's menu button lists."""
    return Commands(messages.commands(request.wording, request.is_coordinator))


async def dismiss(request: Request) -> None:
    """❌ in any dialogue: nothing is changed."""
    request.show(messages.left_alone(request.wording))


async def only_text(request: Request) -> None:
    request.say(messages.only_text(request.wording, request.is_coordinator))
