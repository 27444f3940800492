"""Bot API methods that put messages into chats, change them and take them away.

https://core.telegram.org/bots/api#available-methods and #updating-messages
"""

from collections.abc import Callable
from typing import Any

from bot.sandbox import content
from bot.sandbox.formatted_text import utf16_length
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import Chat, Message, World

Method = Callable[[World, Parameters], Any]

DELETABLE_SECONDS = 48 * 3600
MAX_ANSWER = 200
# A press that is older cannot be answered any more.
ANSWERABLE_SECONDS = 150
_ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"}
    | {"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)
_COPIED = ("text", "entities", "caption", "caption_entities", "photo", "document", "location", "venue")
_COPIED_FROM_PEOPLE = ("sticker", "voice", "contact", "video", "audio", "animation")
_CAPTIONED = ("photo", "document", "video", "audio", "animation", "voice")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def send_message(world: World, params: Parameters) -> Message:
    return _send(world, params, content.text_content(params))


def send_photo(world: World, params: Parameters) -> Message:
    return _send(world, params, {**content.photo_content(world, params), **content.caption_content(params)})


def send_document(world: World, params: Parameters) -> Message:
    return _send(world, params, {**content.document_content(world, params), **content.caption_content(params)})


def send_location(world: World, params: Parameters) -> Message:
    return _send(world, params, content.location_content(params))


def send_venue(world: World, params: Parameters) -> Message:
    return _send(world, params, content.venue_content(params))


def _send(world: World, params: Parameters, body: dict[str, Any]) -> Message:
    chat = world.writable_chat(params.text("chat_id"))
    extras = {**_reply(world, chat, params), **_protection(params), **_effect(chat, params)}
    return world.post(chat, _sender(world, chat), {**extras, **body, **content.markup_content(params)})


def _sender(world: World, chat: Chat) -> dict[str, Any] | None:
    return None if chat.kind == "channel" else world.bot


def _protection(params: Parameters) -> dict[str, Any]:
    return {"has_protected_content": True} if params.flag("protect_content") else {}


def _effect(chat: Chat, params: Parameters) -> dict[str, Any]:
    effect = params.text("message_effect_id")
    if not effect:
        return {}
    if chat.kind != "private" or not effect.isdigit():
        raise bad_request("EFFECT_ID_INVALID")
    return {"effect_id": effect}


def _reply(world: World, chat: Chat, params: Parameters) -> dict[str, Any]:
    reply = params.structure("reply_parameters", "reply parameters") or {}
    if not isinstance(reply, dict):
        raise bad_request("can't parse reply parameters JSON object")
    message_id = reply.get("message_id") or params.integer("reply_to_message_id")
    if not message_id:
        return {}
    origin = world.find_chat(str(reply.get("chat_id") or chat.id))
    replied = origin.messages.get(int(message_id))
    if replied is None:
        if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": without_reply(replied)}


def without_reply(message: Message) -> Message:
    """Telegram nests replies one level deep only."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def copy_message(world: World, params: Parameters) -> dict[str, int]:
    """A copy without the link to its original; a caption of its own may stand in."""
    original = _original(world, params, "copy")
    body = {name: original[name] for name in (*_COPIED, *_COPIED_FROM_PEOPLE) if name in original}
    if not body:
        raise bad_request("message can't be copied")
    if "caption" in params.values and any(name in body for name in _CAPTIONED):
        body = {name: value for name, value in body.items() if not name.startswith("caption")}
        body |= content.caption_content(params)
    return {"message_id": _send(world, params, body)["message_id"]}


def forward_message(world: World, params: Parameters) -> Message:
    original = _original(world, params, "forward")
    body = {name: original[name] for name in (*_COPIED, *_COPIED_FROM_PEOPLE) if name in original}
    sender = original.get("from", world.bot)
    return _send(world, params, {"forward_origin": origin_of(sender, original["date"]), **body})


def origin_of(sender: dict[str, Any], date: int) -> dict[str, Any]:
    return {"type": "user", "sender_user": sender, "date": date}


def _original(world: World, params: Parameters, verb: str) -> Message:
    source = world.find_chat(params.text("from_chat_id"))
    original = source.messages.get(params.integer("message_id"))
    if original is None:
        raise bad_request(f"message to {verb} not found")
    if original.get("has_protected_content"):
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return original


def edit_message_text(world: World, params: Parameters) -> Message:
    body = content.text_content(params)
    chat, message = _editable(world, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _replace(world, chat, message, ("text", "entities"), body, params)


def edit_message_caption(world: World, params: Parameters) -> Message:
    body = content.caption_content(params)
    chat, message = _editable(world, params)
    if not any(name in message for name in _CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    return _replace(world, chat, message, ("caption", "caption_entities"), body, params)


def edit_message_reply_markup(world: World, params: Parameters) -> Message:
    chat, message = _editable(world, params)
    return _replace(world, chat, message, (), {}, params)


def _editable(world: World, params: Parameters) -> tuple[Chat, Message]:
    chat = world.find_chat(params.text("chat_id"))
    message_id = params.integer("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    world.writable_chat(params.text("chat_id"))
    if not _own(world, message):
        raise bad_request("message can't be edited")
    return chat, message


def _own(world: World, message: Message) -> bool:
    sender = message.get("from")
    return sender is None or sender["id"] == world.bot["id"]


def _replace(
    world: World, chat: Chat, message: Message, gone: tuple[str, ...], body: dict[str, Any], params: Parameters
) -> Message:
    # An edit without reply_markup takes the buttons away, as Telegram does.
    kept = {name: value for name, value in message.items() if name not in (*gone, "reply_markup", "edit_date")}
    edited = {**kept, **body, **content.markup_content(params)}
    if edited == {name: value for name, value in message.items() if name != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    return world.change(chat, edited)


def delete_message(world: World, params: Parameters) -> bool:
    chat = world.find_chat(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if world.clock.timestamp() - message["date"] >= DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    if chat.kind != "private" and not _own(world, message):
        raise bad_request("message can't be deleted")
    world.remove(chat, message["message_id"])
    return True


def answer_callback_query(world: World, params: Parameters) -> bool:
    """Answer a press. Once: a second answer changes nothing for the person who pressed."""
    query = world.queries.get(params.text("callback_query_id"))
    if query is None or world.clock.timestamp() - query.pressed_at > ANSWERABLE_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if utf16_length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if not query.answered:
        query.answered = True
        alert = params.flag("show_alert")
        world.journal.tell("answer", query.user_id, query_id=query.id, text=text, alert=alert)
    return True


def send_chat_action(world: World, params: Parameters) -> bool:
    chat = world.writable_chat(params.text("chat_id"))
    action = params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.journal.tell("action", chat.id, action=action)
    return True


def send_message_draft(world: World, params: Parameters) -> bool:
    """Show text that is still being written; it is no message and goes away with the next one."""
    chat = world.writable_chat(params.text("chat_id"))
    if chat.kind != "private":
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if not params.integer("draft_id"):
        raise bad_request("RANDOM_ID_INVALID")
    draft = content.text_content(params) if params.has("text") else {"text": ""}
    world.journal.tell("draft", chat.id, **draft)
    return True


def pin_chat_message(world: World, params: Parameters) -> bool:
    chat = world.writable_chat(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    chat.pinned = message["message_id"]
    world.journal.tell("pinned", chat.id, message_id=chat.pinned)
    return True


def unpin_chat_message(world: World, params: Parameters) -> bool:
    chat = world.writable_chat(params.text("chat_id"))
    if chat.pinned is None or params.integer("message_id", chat.pinned) != chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned = None
    world.journal.tell("pinned", chat.id, message_id=None)
    return True


def set_message_reaction(world: World, params: Parameters) -> bool:
    chat = world.find_chat(params.text("chat_id"))
    message_id = params.integer("message_id")
    if message_id not in chat.messages:
        raise bad_request("message to react not found")
    reactions = params.structure("reaction", "reaction types") or []
    if not isinstance(reactions, list) or len(reactions) > 1:
        # A bot without Premium may leave one reaction on a message.
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = [reaction.get("emoji", "") for reaction in reactions]
    chat.reactions[message_id] = emoji
    world.journal.tell("reaction", chat.id, message_id=message_id, reactions=emoji)
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "sendMessageDraft": send_message_draft,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "setMessageReaction": set_message_reaction,
}
