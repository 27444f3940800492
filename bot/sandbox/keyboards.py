"""Inline keyboards, checked as Telegram checks them.

https://core.telegram.org/bots/api#inlinekeyboardbutton
"""

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import bad_request

MAX_BUTTONS = 100
MAX_BUTTONS_IN_ROW = 8
MAX_CALLBACK_DATA_BYTES = 64
MAX_COPIED_TEXT = 256
_ACTIONS = ("callback_data", "url", "copy_text", "web_app", "login_url", "pay", "callback_game")
_ACTIONS_MAYBE_EMPTY = ("switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat")
_STYLES = ("primary", "success", "danger")
# Kinds that change the reader's own keyboard; a message does not carry them back.
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def checked_markup(markup: Any) -> dict[str, Any] | None:
    """The markup a message keeps: an inline keyboard with buttons, else None."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if markup and not any(kind in markup for kind in _OTHER_MARKUPS):
            raise bad_request("can't parse reply keyboard markup JSON object")
        return None
    rows = [row for row in _rows(markup["inline_keyboard"]) if row]
    _check_size(rows)
    return {"inline_keyboard": rows} if rows else None


def _rows(keyboard: Any) -> list[list[dict[str, Any]]]:
    if not isinstance(keyboard, list):
        raise bad_request('can\'t parse inline keyboard: Field "inline_keyboard" must be of type Array')
    for row in keyboard:
        if not isinstance(row, list):
            raise bad_request("can't parse inline keyboard row: Expected an Array")
    return [[_checked_button(button) for button in row] for row in keyboard]


def _check_size(rows: list[list[dict[str, Any]]]) -> None:
    if sum(len(row) for row in rows) > MAX_BUTTONS or any(len(row) > MAX_BUTTONS_IN_ROW for row in rows):
        raise bad_request("reply markup is too long")


def _checked_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: Expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    _check_action(button)
    if button.get("style", "primary") not in _STYLES:
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    return dict(button)


def _check_action(button: dict[str, Any]) -> None:
    actions = [name for name in _ACTIONS if button.get(name)]
    actions += [name for name in _ACTIONS_MAYBE_EMPTY if button.get(name) is not None]
    if "callback_data" in button and not button["callback_data"]:
        raise bad_request("BUTTON_DATA_INVALID")
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action must be specified")
    _check_value(actions[0], button[actions[0]])


def _check_value(action: str, value: Any) -> None:
    if action == "callback_data":
        if not isinstance(value, str) or len(value.encode()) > MAX_CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        _check_url(value)
    elif action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPIED_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_url(url: Any) -> None:
    reason = _trouble_with_url(str(url))
    if reason:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")


def _trouble_with_url(url: str) -> str | None:
    if any(character.isspace() for character in url):
        return "Wrong HTTP URL"
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme in ("tg", "ton", "tonsite"):
        return None
    if parts.scheme not in ("http", "https"):
        return "Unsupported URL protocol"
    if not parts.hostname:
        return "URL host is empty"
    return None if "." in parts.hostname else "Wrong HTTP URL"


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """A message's buttons, row by row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]
