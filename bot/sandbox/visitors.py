"""What people do in their chats, turned into updates as Telegram would send them to the bot."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.content import photo_sizes
from bot.sandbox.formatted_text import FormattedText, with_found_entities
from bot.sandbox.keyboards import buttons_of
from bot.sandbox.messages import origin_of, without_reply
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.sample_media import SAMPLE_PHOTO, SAMPLE_STICKER
from bot.sandbox.world import Chat, Message, Person, World

Answer = dict[str, Any]

_SAMPLE_PLACE = {"latitude": 50.8437, "longitude": 4.3562}
_CHAT_INSTANCE = "-1234567890123456789"


class Visitors:
    """The hands of the people in the world. Refusals are :class:`Refusal`, as the control API answers them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def say(self, user_id: int, text: str | None = None, **more: Any) -> Answer:
        """Write a message; returns its ``update_id`` (None when the bot did not ask for it) and ``message``.

        ``more``: ``chat_id`` of a group or channel, ``reply_to_message_id``, ``edit_message_id``, or instead of
        a text one of ``sticker``, ``photo``, ``voice``, ``location``, ``contact``, ``document``, ``forward``: true
        for a sample, or an object with the fields that matter.
        """
        person = self._world.person(user_id)
        chat = self._chat(person, more.get("chat_id"), more.get("chat_type"))
        body = _text_body(text) if text is not None else self._media(person, more)
        if more.get("edit_message_id") is not None:
            return self._edit(person, chat, int(more["edit_message_id"]), body)
        reply = self._reply(chat, more.get("reply_to_message_id"))
        sender = None if chat.kind == "channel" else person.as_user()
        message = self._world.post(chat, sender, {**reply, **body})
        kind = "channel_post" if chat.kind == "channel" else "message"
        return {"update_id": self._world.updates.add(kind, message), "message": message}

    def _chat(self, person: Person, chat_id: Any, kind: str | None) -> Chat:
        if chat_id is not None and int(chat_id) != person.id:
            return self._world.group(int(chat_id), kind)
        if person.deactivated:
            raise bad_request("this person's account is deactivated")
        if person.blocked:
            raise bad_request("this person has blocked the bot")
        person.started = True
        return self._world.chats[person.id]

    def _edit(self, person: Person, chat: Chat, message_id: int, body: dict[str, Any]) -> Answer:
        message = chat.messages.get(message_id)
        if message is None or message.get("from", {}).get("id", person.id) != person.id:
            raise bad_request("no message of this person to edit")
        kept = {name: value for name, value in message.items() if name not in ("text", "entities")}
        edited = self._world.change(chat, {**kept, **body})
        kind = "edited_channel_post" if chat.kind == "channel" else "edited_message"
        return {"update_id": self._world.updates.add(kind, edited), "message": edited}

    def _reply(self, chat: Chat, message_id: Any) -> dict[str, Any]:
        if message_id is None:
            return {}
        replied = chat.messages.get(int(message_id))
        if replied is None:
            raise bad_request("message to be replied not found")
        return {"reply_to_message": without_reply(replied)}

    def _media(self, person: Person, more: dict[str, Any]) -> dict[str, Any]:
        builders: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "sticker": self._sticker,
            "photo": self._photo,
            "voice": self._voice,
            "document": self._document,
            "location": _location,
            "contact": lambda given: _contact(person, given),
            "forward": lambda given: self._forward(person, given),
        }
        for name, build in builders.items():
            if more.get(name):
                given = more[name] if isinstance(more[name], dict) else {}
                return {**build(given), **_caption_body(more.get("caption"))}
        raise bad_request("nothing to send: a text or one kind of media is needed")

    def _sticker(self, given: dict[str, Any]) -> dict[str, Any]:
        file = self._world.store_file("stickers", "sticker.svg", "image/svg+xml", SAMPLE_STICKER)
        sticker = {
            "file_id": file.file_id,
            "file_unique_id": file.file_unique_id,
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👋",
        }
        return {"sticker": {**sticker, **given}}

    def _photo(self, given: dict[str, Any]) -> dict[str, Any]:
        file = self._world.store_file("photos", "photo.png", "image/png", SAMPLE_PHOTO)
        return {"photo": photo_sizes(file)}

    def _voice(self, given: dict[str, Any]) -> dict[str, Any]:
        file = self._world.store_file("voice", "voice.oga", "audio/ogg", b"OggS")
        voice = {"file_id": file.file_id, "file_unique_id": file.file_unique_id, "duration": 3}
        return {"voice": {**voice, "mime_type": "audio/ogg", **given}}

    def _document(self, given: dict[str, Any]) -> dict[str, Any]:
        name, mime_type = given.get("file_name", "notes.txt"), given.get("mime_type", "text/plain")
        content = str(given.get("content", "Notes.\n")).encode()
        file = self._world.store_file("documents", name, mime_type, content)
        reference = {"file_id": file.file_id, "file_unique_id": file.file_unique_id, "file_size": len(content)}
        return {"document": {**reference, "file_name": name, "mime_type": mime_type}}

    def _forward(self, person: Person, given: dict[str, Any]) -> dict[str, Any]:
        origin = origin_of(person.as_user(), self._world.clock.timestamp())
        return {"forward_origin": given.get("origin", origin), **_text_body(given.get("text", "Forwarded text"))}

    def press(
        self,
        user_id: int,
        message_id: int,
        *,
        chat_id: int | None = None,
        data: str | None = None,
        text: str | None = None,
        prefix: str | None = None,
        force: bool = False,
    ) -> Answer:
        """Press the button with this data, caption, or beginning of a caption; returns ``update_id`` and query.

        Only what stands on the message can be pressed, unless ``force``: then ``data`` goes out as it is.
        """
        person = self._world.person(user_id)
        chat = self._chat(person, chat_id, None)
        message = chat.messages.get(message_id)
        pressed = data if force else _pressable_data(message, data, text, prefix)
        query = self._world.open_query(chat.id)
        inaccessible = {"chat": self._world.as_chat(chat.id), "message_id": message_id, "date": 0}
        body = {
            "id": query.id,
            "from": person.as_user(),
            "message": message or inaccessible,
            "chat_instance": _CHAT_INSTANCE,
            "data": pressed or "",
        }
        return {"update_id": self._world.updates.add("callback_query", body), "callback_query": body}

    def block(self, user_id: int, blocked: bool = True) -> None:
        """Block the bot or let it in again; the bot hears of it as ``my_chat_member``."""
        person = self._world.person(user_id)
        if person.blocked == blocked:
            return
        person.blocked = blocked
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        self._world.updates.add("my_chat_member", self._membership(person, was, now))
        self._world.journal.tell("people", user_id)

    def _membership(self, person: Person, was: str, now: str) -> dict[str, Any]:
        until = {"until_date": 0}
        return {
            "chat": person.as_chat(),
            "from": person.as_user(),
            "date": self._world.clock.timestamp(),
            "old_chat_member": {"user": self._world.bot, "status": was, **(until if was == "kicked" else {})},
            "new_chat_member": {"user": self._world.bot, "status": now, **(until if now == "kicked" else {})},
        }

    def deactivate(self, user_id: int) -> None:
        self._world.person(user_id).deactivated = True
        self._world.journal.tell("people", user_id)


def _text_body(text: str) -> dict[str, Any]:
    formatted = with_found_entities(FormattedText(text))
    body: dict[str, Any] = {"text": text}
    return {**body, "entities": list(formatted.entities)} if formatted.entities else body


def _caption_body(caption: str | None) -> dict[str, Any]:
    return {"caption": caption} if caption else {}


def _location(given: dict[str, Any]) -> dict[str, Any]:
    return {"location": {**_SAMPLE_PLACE, **given}}


def _contact(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    own = {"phone_number": "+3220000000", "first_name": person.first_name, "user_id": person.id}
    return {"contact": {**own, **given}}


def _pressable_data(message: Message | None, data: str | None, text: str | None, prefix: str | None) -> str:
    if message is None:
        raise Refusal(400, "no such message in this chat")
    for button in buttons_of(message):
        if _chosen(button, data, text, prefix):
            if "callback_data" not in button:
                raise Refusal(400, f"the button {button['text']!r} opens or copies something; it sends nothing")
            return str(button["callback_data"])
    captions = [button["text"] for button in buttons_of(message)]
    raise Refusal(400, f"no such button on message {message['message_id']}; there are {captions}")


def _chosen(button: dict[str, Any], data: str | None, text: str | None, prefix: str | None) -> bool:
    if data is not None:
        return button.get("callback_data") == data
    if text is not None:
        return bool(button["text"] == text)
    return prefix is not None and str(button["text"]).startswith(prefix)
