"""Bot API methods about the bot itself: who it is, its commands and menus, and the chats it sits in.

https://core.telegram.org/bots/api#setmycommands and its neighbours
"""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.world import World

Method = Callable[[World, Parameters], Any]

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
    | {"chat", "chat_administrators", "chat_member"}
)
# The order in which Telegram looks for the commands of a private chat; in each, the language first.
# https://core.telegram.org/bots/api#determining-list-of-commands
_SEARCHED = ("chat:{chat_id}", "all_private_chats", "default")
_PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_CAPABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}


def get_me(world: World, params: Parameters) -> dict[str, Any]:
    return {**world.bot, **_CAPABILITIES}


def set_my_commands(world: World, params: Parameters) -> bool:
    commands = params.structure("commands", "commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_scope(world, params), _language(params)] = [_checked_command(entry) for entry in commands]
    world.journal.tell("commands")
    return True


def _checked_command(entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(entry.get("command", "")).removeprefix("/"), str(entry.get("description", ""))
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description.strip():
        raise bad_request("command description must be non-empty")
    if len(description) > MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def get_my_commands(world: World, params: Parameters) -> list[dict[str, str]]:
    return world.commands.get((_scope(world, params), _language(params)), [])


def delete_my_commands(world: World, params: Parameters) -> bool:
    world.commands.pop((_scope(world, params), _language(params)), None)
    world.journal.tell("commands")
    return True


def _scope(world: World, params: Parameters) -> str:
    scope = params.structure("scope", "bot command scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if not kind.startswith("chat"):
        return str(kind)
    chat = world.find_chat(str(scope.get("chat_id", "")))
    return f"{kind}:{chat.id}"


def _language(params: Parameters) -> str:
    code = params.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("LANGUAGE_CODE_INVALID")
    return code


def commands_shown(world: World, chat_id: int, language_code: str | None) -> list[dict[str, str]]:
    """The commands that a private chat's menu button lists, by Telegram's order of search."""
    language = (language_code or "")[:2]
    for pattern in _SEARCHED:
        scope = pattern.format(chat_id=chat_id)
        for code in (language, ""):
            if commands := world.commands.get((scope, code)):
                return commands
    return []


def set_chat_menu_button(world: World, params: Parameters) -> bool:
    chat_id = world.find_chat(params.text("chat_id")).id if params.has("chat_id") else None
    button = params.structure("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse menu button: Unsupported type specified")
    world.menu_buttons[chat_id] = button
    return True


def get_chat_menu_button(world: World, params: Parameters) -> dict[str, Any]:
    chat_id = world.find_chat(params.text("chat_id")).id if params.has("chat_id") else None
    default = world.menu_buttons.get(None, {"type": "default"})
    return world.menu_buttons.get(chat_id, default)


def _setter(field: str) -> Method:
    def set_field(world: World, params: Parameters) -> bool:
        text = params.text(field)
        if len(text) > _PROFILE_LIMITS[field]:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        world.profile[field, _language(params)] = text
        world.journal.tell("profile")
        return True

    return set_field


def _getter(field: str) -> Method:
    def get_field(world: World, params: Parameters) -> dict[str, str]:
        default = str(world.bot["first_name"]) if field == "name" else ""
        general = world.profile.get((field, "")) or default
        return {field: world.profile.get((field, _language(params))) or general}

    return get_field


def get_chat(world: World, params: Parameters) -> dict[str, Any]:
    chat = world.find_chat(params.text("chat_id"))
    if not chat.bot_is_member:
        raise Refusal(403, f"Forbidden: bot is not a member of the {chat.kind} chat")
    pinned = {"pinned_message": chat.messages[chat.pinned]} if chat.pinned in chat.messages else {}
    extras = {"accent_color_id": chat.id % 7, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    return {**world.as_chat(chat.id), **extras, **pinned}


_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def leave_chat(world: World, params: Parameters) -> bool:
    chat = world.find_chat(params.text("chat_id"))
    if chat.kind == "private":
        raise bad_request("can't leave private chats" if chat.id in world.people else "chat not found")
    if not chat.bot_is_member:
        raise Refusal(403, f"Forbidden: bot is not a member of the {chat.kind} chat")
    chat.bot_is_member = False
    return True


def get_file(world: World, params: Parameters) -> dict[str, Any]:
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.file_unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "getChat": get_chat,
    "leaveChat": leave_chat,
    "getFile": get_file,
}
