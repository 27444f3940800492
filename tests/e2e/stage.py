"""The stage for end-to-end tests: the real bot process, the stand-in for Telegram over real HTTP, SQLite on disk."""

import asyncio
import csv
import io
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox import DEFAULT_TOKEN, Sandbox

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "knowledge.yaml"
COORDINATOR = 900
PATIENCE = 15.0
"""Seconds after which an answer that has not come counts as missing."""


class BotProcess:
    """``python -m bot run``, with its log."""

    def __init__(self, environment: dict[str, str], log: Path, folder: Path) -> None:
        self._environment = environment
        self._log = log
        self._folder = folder
        self._runs_before = 0
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._runs_before = self._runs
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self._environment, stderr=log, cwd=self._folder
            )

    async def running(self) -> None:
        """Returns once the bot that was started last says that it runs."""
        await eventually(lambda: self._runs > self._runs_before)

    @property
    def _runs(self) -> int:
        return self.log.count("running, by")

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends the signal and waits; the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), 12)

    async def kill(self) -> None:
        await self.stop(signal.SIGKILL)

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8") if self._log.exists() else ""

    @property
    def complaints(self) -> list[str]:
        """Lines of the log that speak of a fault."""
        return [line for line in self.log.splitlines() if " ERROR " in line or "Traceback" in line]


class Stage:
    """Telegram, the bot, and hands to play with them."""

    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient, folder: Path, environment: dict[str, str]) -> None:
        self.sandbox = sandbox
        self.client = client
        self.folder = folder
        self.environment = environment
        self.bot = BotProcess(environment, folder / "bot.log", folder)

    @property
    def database_path(self) -> Path:
        return Path(self.environment["DATABASE_PATH"])

    async def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        answer = await self.client.get(f"/sandbox/{path}", params=parameters)
        return _body(answer)

    async def post(self, path: str, body: Any) -> dict[str, Any]:
        return _body(await self.client.post(f"/sandbox/{path}", json=body))

    async def person(self, id: int, first_name: str = "Ada", **more: Any) -> "Visitor":
        await self.post("users", {"id": id, "first_name": first_name, "language_code": "en", **more})
        return Visitor(self, id)

    async def coordinator(self) -> "Visitor":
        return await self.person(COORDINATOR, "Clara")

    async def set_clock(self, moment: datetime) -> None:
        await self.post("clock", {"now": moment.isoformat()})

    async def trouble(self, **fault: Any) -> None:
        await self.post("faults", fault)

    async def fair_weather(self) -> None:
        await self.client.delete("/sandbox/faults")

    async def calls(self, method: str) -> list[dict[str, Any]]:
        return list((await self.get("calls", method=method))["calls"])

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the database holds, read beside the running bot."""
        connection = sqlite3.connect(f"file:{self.database_path}?mode=ro", uri=True)
        try:
            return connection.execute(sql, parameters).fetchall()
        finally:
            connection.close()

    async def export(self) -> list[dict[str, str]]:
        """``agora export`` beside the running bot."""
        code, output, _ = await self.agora("export")
        assert code == 0
        return list(csv.DictReader(io.StringIO(output, newline="")))

    async def agora(self, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
        """Runs another command of the program in the bot's environment: exit code, stdout, stderr."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            env=self.environment,
            cwd=self.folder,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await asyncio.wait_for(process.communicate(stdin.encode()), 60)
        return process.returncode or 0, output.decode(), errors.decode()


class Visitor:
    """Somebody with a phone."""

    def __init__(self, stage: Stage, id: int) -> None:
        self.stage = stage
        self.id = id

    async def say(self, text: str | None = None, **more: Any) -> dict[str, Any]:
        """Writes a message; the message as sent. Does not wait for an answer."""
        body = {"user_id": self.id, **more} if text is None else {"user_id": self.id, "text": text, **more}
        return dict((await self.stage.post("messages", body))["message"])

    async def ask(self, text: str | None = None, **more: Any) -> dict[str, Any]:
        """Writes a message; the bot's first answer to it."""
        sent = await self.say(text, **more)
        return await self.message_after(sent["message_id"])

    async def message_after(self, message_id: int) -> dict[str, Any]:
        found = await self._poll(after=message_id)
        return next(each for each in found if is_from_bot(each))

    async def press(self, message: dict[str, Any], caption: str) -> dict[str, Any]:
        """Presses the button that begins with ``caption``; what the chat shows anew or changed afterwards."""
        before = (await self.stage.get("state"))["last_event"]
        await self.tap(message, caption)
        found = await self._poll(changed_after=before)
        return found[0]

    async def tap(self, message: dict[str, Any], caption: str) -> None:
        """Presses without waiting, what the message showed when it was read: it may have changed since."""
        body = {
            "user_id": self.id,
            "message_id": message["message_id"],
            "data": data_of(message, caption),
            "force": True,
        }
        await self.stage.post("presses", body)

    async def forge(self, message_id: int, data: str) -> str:
        """Presses a button that the bot never made; what the callback's answer says."""
        before = (await self.stage.get("state"))["last_call"]
        body = {"user_id": self.id, "message_id": message_id, "data": data, "force": True}
        await self.stage.post("presses", body)
        calls = await self.stage.get("calls", method="answerCallbackQuery", after=before, timeout=PATIENCE)
        return str(calls["calls"][0]["params"].get("text", ""))

    async def _poll(self, **parameters: Any) -> list[dict[str, Any]]:
        async with asyncio.timeout(PATIENCE):
            while True:
                chat = await self.stage.get(f"chats/{self.id}", timeout=PATIENCE, **parameters)
                found = [each for each in chat["messages"] if is_from_bot(each)]
                if found:
                    return found
                await asyncio.sleep(0.02)

    async def messages(self) -> list[dict[str, Any]]:
        return list((await self.stage.get(f"chats/{self.id}"))["messages"])

    async def heard(self) -> list[str]:
        """All texts of the bot that stand in the chat."""
        return [text_of(each) for each in await self.messages() if is_from_bot(each)]

    async def hears(self, words: str, times: int = 1) -> None:
        """Waits until the bot has said it so often."""

        async def said() -> bool:
            return sum(words in text for text in await self.heard()) >= times

        await eventually(said)

    async def register(self) -> dict[str, Any]:
        """The whole way to a seat or a place in the queue; the last message."""
        return await self.press(await self.ask("/register"), "✅")


def is_from_bot(message: dict[str, Any]) -> bool:
    return bool(message.get("from", {}).get("is_bot"))


def text_of(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")


def captions(message: dict[str, Any]) -> list[str]:
    """The captions of a message's buttons, in order."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def data_of(message: dict[str, Any], caption: str) -> str:
    """The payload of the first button whose caption begins so."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return next(str(button["callback_data"]) for row in rows for button in row if button["text"].startswith(caption))


async def eventually(condition: Callable[[], bool | Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Waits for something outside this process to become true."""
    async with asyncio.timeout(seconds):
        while True:
            answer = condition()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.02)


def _body(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def environment_for(url: str, folder: Path, **settings: str) -> dict[str, str]:
    """The bot's environment: nothing of the developer's own, but what the machine needs."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT", "LANG")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "TELEGRAM_BOT_TOKEN": DEFAULT_TOKEN,
        "TELEGRAM_API_URL": url,
        "KNOWLEDGE_FILE": str(SAMPLE),
        "DATABASE_PATH": str(folder / "data" / "agora.db"),
        "COORDINATOR_IDS": str(COORDINATOR),
        "CLOCK_FILE": str(folder / "clock.json"),
        "MESSAGES_PER_SECOND": "1000",
        **settings,
    }


@asynccontextmanager
async def staged(folder: Path, *, start: bool = True, **settings: str) -> AsyncIterator[Stage]:
    """A stage, with the bot running on it unless ``start`` is false; two days before the sample event."""
    sandbox = Sandbox(clock_file=folder / "clock.json", webhook_retry_seconds=0.2)
    url = await sandbox.start()
    environment = environment_for(url, folder, **settings)
    limits = httpx.Limits(max_connections=None)  # a crowd holds hundreds of long polls open
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        stage = Stage(sandbox, client, folder, environment)
        await stage.set_clock(datetime.fromisoformat("2019-10-07T12:00:00+02:00"))
        try:
            if start:
                await stage.bot.start()
                await stage.bot.running()
            yield stage
        finally:
            if stage.bot.process is not None and stage.bot.process.returncode is None:
                await stage.bot.kill()
            await sandbox.stop()
