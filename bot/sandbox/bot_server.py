"""The Bot API over HTTP: parameters from query, form, JSON or multipart; faults put on the wire."""

import asyncio
import contextlib
import json
import socket
import struct
from typing import Any

from tornado.web import RequestHandler

from bot.sandbox.bot_api import NAMES, BotApi, note, status_of
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.journal import Call
from bot.sandbox.parameters import Parameters, Upload
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import World


class MethodHandler(RequestHandler):
    """``/bot<token>/<method>``, GET and POST alike."""

    def initialize(self, world: World, api: BotApi, faults: Faults) -> None:
        self._world = world
        self._api = api
        self._faults = faults
        self._work: asyncio.Task[dict[str, Any]] | None = None

    def on_connection_close(self) -> None:
        # A bot that gave up its poll must not take updates, nor conflict with its next one.
        if self._work is not None:
            self._work.cancel()

    async def get(self, token: str, method: str) -> None:
        await self._serve(token, method)

    async def post(self, token: str, method: str) -> None:
        await self._serve(token, method)

    async def _serve(self, token: str, method: str) -> None:
        try:
            params = _parameters(self)
        except UnicodeDecodeError:
            self._write_answer(bad_request("strings must be encoded in UTF-8").answer())
            return
        except ValueError:
            self._write_answer(bad_request("can't parse request body as JSON").answer())
            return
        name = NAMES.get(method.lower(), method)
        call = self._world.journal.open_call(name, params.for_journal())
        fault = self._faults.next_for(name, params)
        if self._faults.down or (fault is not None and fault.kind == "drop_before"):
            note(call, None, "down" if self._faults.down else "drop_before")
            self._drop_line()
            return
        await self._slow_down(fault)
        await self._answer(call, fault, token, params)

    async def _slow_down(self, fault: Fault | None) -> None:
        delay = self._faults.latency_ms + (fault.delay_ms if fault is not None else 0)
        if delay:
            await asyncio.sleep(delay / 1000)

    async def _answer(self, call: Call, fault: Fault | None, token: str, params: Parameters) -> None:
        refusal = fault.refusal() if fault is not None else None
        if refusal is not None:
            answer: dict[str, Any] | None = refusal.answer()
        else:
            answer = await self._processed(token, call.method, params)
        lost = self._faults.down or (fault is not None and fault.kind == "drop_after")
        note(call, answer, fault.kind if fault is not None else None)
        if answer is None or lost:
            self._drop_line()
        else:
            self._write_answer(answer)

    async def _processed(self, token: str, method: str, params: Parameters) -> dict[str, Any] | None:
        """The API's answer; None when the caller went away first."""
        self._work = asyncio.ensure_future(self._api.answer(token, method, params))
        with contextlib.suppress(asyncio.CancelledError):
            return await self._work
        return None

    def _write_answer(self, answer: dict[str, Any]) -> None:
        self.set_status(status_of(answer), answer.get("description"))
        self.set_header("Content-Type", "application/json")
        if retry_after := answer.get("parameters", {}).get("retry_after"):
            self.set_header("Retry-After", str(retry_after))
        self.finish(json.dumps(answer))

    def _drop_line(self) -> None:
        """Close without an answer, so that the client sees a reset rather than an orderly end."""
        if self.request.connection is None or self._finished:
            return
        stream = self.detach()
        if stream.socket is not None:
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()


class FileHandler(RequestHandler):
    """``/file/bot<token>/<path>``: what ``getFile`` pointed at."""

    def initialize(self, world: World) -> None:
        self._world = world

    def get(self, token: str, path: str) -> None:
        found = next((file for file in self._world.files.values() if file.path == path), None)
        if token != self._world.token or found is None:
            self.set_status(404)
            self.finish({"ok": False, "error_code": 404, "description": "Not Found"})
            return
        self.set_header("Content-Type", "application/octet-stream")
        self.finish(found.content)


def _parameters(handler: RequestHandler) -> Parameters:
    """All parameters of a request. Raises ValueError for a JSON body that is none."""
    request = handler.request
    values: dict[str, Any] = {name: given[-1].decode() for name, given in request.arguments.items() if given}
    if request.headers.get("Content-Type", "").startswith("application/json") and request.body:
        body = json.loads(request.body)
        if not isinstance(body, dict):
            raise ValueError("a JSON object is needed")
        values |= body
    uploads = {
        name: Upload(files[0].filename or name, files[0].body, files[0].content_type or "")
        for name, files in request.files.items()
        if files
    }
    return Parameters(values, uploads)
