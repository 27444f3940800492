"""The control API under ``/sandbox/``: JSON in and out, for the page and for tests."""

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler

from bot.sandbox.faults import KINDS, Fault, Faults
from bot.sandbox.profile import commands_shown
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.visitors import Visitors
from bot.sandbox.world import Person, World

MAX_WAIT_SECONDS = 60.0
_MESSAGE_FIELDS = frozenset(
    {"user_id", "text", "chat_id", "chat_type", "reply_to_message_id", "edit_message_id", "caption"}
    | {"sticker", "photo", "voice", "location", "contact", "document", "forward"}
)
_PRESS_FIELDS = frozenset({"user_id", "message_id", "chat_id", "data", "text", "prefix", "force"})
_PERSON_FIELDS = frozenset({"id", "first_name", "last_name", "username", "language_code", "role", "started"})
_FAULT_FIELDS = frozenset({"kind", "times", "method", "chat_id", "retry_after", "delay_ms"})
_WEATHER_FIELDS = frozenset({"down", "latency_ms", "rate_per_second", "rate_per_chat"})
_PEOPLE_FIELDS = frozenset({"block", "unblock", "deactivate"})


class ControlHandler(RequestHandler):
    """What all control requests share: a JSON body in, refusals and their reason out."""

    def initialize(self, world: World, visitors: Visitors, faults: Faults) -> None:
        self.world = world
        self.visitors = visitors
        self.faults = faults

    def body(self, allowed: frozenset[str] | None = None) -> dict[str, Any]:
        """The request's object; refuses unknown names, which would else be a silent typing error."""
        body = self.any_body()
        if not isinstance(body, dict):
            raise bad_request("a JSON object is needed")
        unknown = set(body) - allowed if allowed is not None else set()
        if unknown:
            raise bad_request(f"unknown: {', '.join(sorted(unknown))}")
        return body

    def any_body(self) -> Any:
        try:
            return json.loads(self.request.body or b"{}")
        except ValueError as fault:
            raise bad_request("the body is no JSON") from fault

    def after(self, name: str = "after") -> int:
        return int(self.get_query_argument(name, "0"))

    def seconds(self) -> float:
        return min(float(self.get_query_argument("timeout", "0")), MAX_WAIT_SECONDS)

    def reply(self, answer: Mapping[str, Any]) -> None:
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(answer))

    def write_error(self, status_code: int, **details: Any) -> None:
        fault = details["exc_info"][1] if "exc_info" in details else None
        self.set_status(status_code)
        self.finish({"ok": False, "description": str(fault or status_code)})

    def _handle_request_exception(self, e: BaseException) -> None:
        # Refusals and wrong values are the caller's affair: an answer, not a traceback in the log.
        if isinstance(e, Refusal | ValueError | TypeError | KeyError) and not self._finished:
            self.send_error(e.code if isinstance(e, Refusal) else 400, exc_info=(type(e), e, None))
            return
        super()._handle_request_exception(e)


class UsersHandler(ControlHandler):
    def get(self) -> None:
        self.reply({"users": [vars(person) for person in self.world.people.values()]})

    def post(self) -> None:
        fields = self.body(_PERSON_FIELDS)
        if not isinstance(fields.get("id"), int) or fields["id"] <= 0 or not fields.get("first_name"):
            raise bad_request("a person needs a positive id and a first_name")
        known = self.world.people.get(fields["id"])
        person = Person(**{"started": known.started if known else False, **fields})
        self.world.add_person(person)
        self.reply(vars(person))


class ChatsHandler(ControlHandler):
    """POST creates a group or channel with the bot in it."""

    def post(self) -> None:
        body = self.body(frozenset({"id", "type", "title", "username"}))
        chat = self.world.group(int(body["id"]), body.get("type"), body.get("title"))
        chat.username = body.get("username")
        self.reply(chat.as_chat())


class ChatHandler(ControlHandler):
    """A chat as it stands now: the messages after an id, or changed after an event."""

    async def get(self, chat_id: str) -> None:
        number, after, changed_after = int(chat_id), self.after(), self.after("changed_after")

        def shown() -> list[dict[str, Any]]:
            return self._messages(number, after, changed_after)

        await self.world.journal.changed.wait_until(lambda: bool(shown()), self.seconds())
        chat = self.world.chats.get(number)
        self.reply(
            {
                "chat": self.world.as_chat(number) if chat else None,
                "pinned": chat.pinned if chat else None,
                "reactions": chat.reactions if chat else {},
                "messages": shown(),
                "last_event": self.world.journal.last_event,
            }
        )

    def _messages(self, chat_id: int, after: int, changed_after: int) -> list[dict[str, Any]]:
        chat = self.world.chats.get(chat_id)
        if chat is None:
            return []
        messages = [message for number, message in chat.messages.items() if number > after]
        if not changed_after:
            return messages
        changed = {
            event.body["message"]["message_id"]
            for event in self.world.journal.events(changed_after, chat_id)
            if "message" in event.body
        }
        return [message for message in messages if message["message_id"] in changed]


class MessagesHandler(ControlHandler):
    def post(self) -> None:
        self.reply(self.visitors.say(**self.body(_MESSAGE_FIELDS)))


class PressesHandler(ControlHandler):
    def post(self) -> None:
        self.reply(self.visitors.press(**self.body(_PRESS_FIELDS)))


class UpdatesHandler(ControlHandler):
    """Raw updates, one or a list, queued as they are."""

    def post(self) -> None:
        body = self.any_body()
        updates = body if isinstance(body, list) else [body]
        if not all(isinstance(update, dict) for update in updates):
            raise bad_request("an update is a JSON object")
        self.reply({"update_ids": [self.world.updates.add_raw(update) for update in updates]})


class CallsHandler(ControlHandler):
    """What the bot asked for; with ``timeout`` it waits for the first such call."""

    async def get(self) -> None:
        after, method = self.after(), self.get_query_argument("method", None)
        journal = self.world.journal
        await journal.changed.wait_until(lambda: bool(journal.calls(after, method)), self.seconds())
        calls = [call.as_json() for call in journal.calls(after, method)]
        self.reply({"calls": calls, "last": journal.last_call})


class EventsHandler(ControlHandler):
    """Events after a number, by long poll or, for ``Accept: text/event-stream``, as a stream."""

    async def get(self) -> None:
        chat = self.get_query_argument("chat_id", None)
        chat_id = int(chat) if chat is not None else None
        if "text/event-stream" in self.request.headers.get("Accept", ""):
            await self._stream(chat_id)
            return
        events = await self.world.journal.wait_for_events(self.after(), chat_id, self.seconds())
        last = self.world.journal.last_event
        self.reply({"events": [event.as_json() for event in events], "last": last})

    async def _stream(self, chat_id: int | None) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        after = int(self.request.headers.get("Last-Event-ID") or self.after())
        with contextlib.suppress(StreamClosedError):
            while True:
                for event in await self.world.journal.wait_for_events(after, chat_id, 15):
                    self.write(f"id: {event.number}\ndata: {json.dumps(event.as_json())}\n\n")
                    after = event.number
                # Also in silence: only a write tells that the reader has gone.
                self.write(": \n\n")
                await self.flush()


class StateHandler(ControlHandler):
    def get(self) -> None:
        commands: dict[str, dict[str, Any]] = {}
        for (scope, language), entries in self.world.commands.items():
            commands.setdefault(scope, {})[language] = entries
        state = {
            "pending_updates": len(self.world.updates.pending()),
            "confirmed_offset": self.world.updates.confirmed_offset,
            "allowed_updates": sorted(self.world.updates.allowed),
            "webhook": {"url": self.world.webhook.url, "last_error": self.world.webhook.last_error},
            "commands": commands,
            "profile": {f"{field}:{language}": text for (field, language), text in self.world.profile.items()},
            "faults": self.faults.as_json(),
            "last_event": self.world.journal.last_event,
            "last_call": self.world.journal.last_call,
        }
        self.reply(state)


class CommandsHandler(ControlHandler):
    """What a person's client shows of the bot: the menu's commands, its name and description."""

    def get(self, user_id: str) -> None:
        person = self.world.person(int(user_id))
        commands = commands_shown(self.world, person.id, person.language_code)
        language = (person.language_code or "")[:2]
        profile = {field: self._in_language(field, language) for field in ("name", "description")}
        self.reply({"commands": commands, **profile})

    def _in_language(self, field: str, language: str) -> str:
        texts = self.world.profile
        return texts.get((field, language)) or texts.get((field, "")) or ""


class FaultsHandler(ControlHandler):
    def get(self) -> None:
        self.reply(self.faults.as_json())

    def post(self) -> None:
        body = self.body(_FAULT_FIELDS | _WEATHER_FIELDS | _PEOPLE_FIELDS)
        self._strike_people(body)
        self._change_weather(body)
        if "kind" in body:
            self._add_fault({name: body[name] for name in _FAULT_FIELDS & set(body)})
        self.reply(self.faults.as_json())

    def delete(self) -> None:
        """Fair weather again; people stay blocked or deactivated."""
        self.faults.clear()
        self.reply(self.faults.as_json())

    def _strike_people(self, body: dict[str, Any]) -> None:
        if "block" in body:
            self.visitors.block(body["block"])
        if "unblock" in body:
            self.visitors.block(body["unblock"], False)
        if "deactivate" in body:
            self.visitors.deactivate(body["deactivate"])

    def _change_weather(self, body: dict[str, Any]) -> None:
        limits = self.faults.limits
        limits.per_second = body.get("rate_per_second", limits.per_second)
        limits.per_chat = body.get("rate_per_chat", limits.per_chat)
        self.faults.latency_ms = body.get("latency_ms", self.faults.latency_ms)
        self.faults.down = body.get("down", self.faults.down)
        if self.faults.down:
            self.world.updates.interrupt()

    def _add_fault(self, fields: dict[str, Any]) -> None:
        fields["kind"] = str(fields["kind"])
        if fields["kind"] not in KINDS:
            raise bad_request(f"a fault's kind is one of {', '.join(KINDS)}")
        self.faults.waiting.append(Fault(**fields))


class ClockHandler(ControlHandler):
    def get(self) -> None:
        clock = self.world.clock
        self.reply({"now": clock.now().isoformat(), "offset_seconds": clock.offset_seconds})

    def post(self) -> None:
        body = self.body(frozenset({"now", "advance_seconds"}))
        if "now" in body:
            moment = datetime.fromisoformat(body["now"])
            self.world.clock.set_now(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        self.world.clock.advance(float(body.get("advance_seconds", 0)))
        self.world.journal.tell("clock")
        self.get()


ROUTES: list[tuple[str, type[ControlHandler]]] = [
    (r"/sandbox/users", UsersHandler),
    (r"/sandbox/chats", ChatsHandler),
    (r"/sandbox/chats/(-?\d+)", ChatHandler),
    (r"/sandbox/messages", MessagesHandler),
    (r"/sandbox/presses", PressesHandler),
    (r"/sandbox/updates", UpdatesHandler),
    (r"/sandbox/calls", CallsHandler),
    (r"/sandbox/events", EventsHandler),
    (r"/sandbox/state", StateHandler),
    (r"/sandbox/commands/(\d+)", CommandsHandler),
    (r"/sandbox/faults", FaultsHandler),
    (r"/sandbox/clock", ClockHandler),
]
