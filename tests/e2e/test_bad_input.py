"""What people get wrong before the bot runs: one clear line each, the right exit code, nothing lost."""

import asyncio
import socket
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.e2e.stage import SAMPLE, Stage, environment_for, staged, text_of

FAULTY = """\
version: 1
event:
  title: Faulty
  timezone: Europe/Brussel
  languages: [en]
  colour: blue
sessions:
  - id: one
    title: One
    start: 2019-10-09T16:30
    end: 2019-10-09T15:00
    speakers: [nobody]
    capacity: -5
  - id: one
    title: Two
    start: 2019-03-31T02:30
reminders:
  - {id: day-before}
  - {id: soon, before: 1 fortnight}
venue:
  name: Here
  coordinates: [95, 4]
registration:
  guests: many
"""


async def agora(folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    environment = environment_for("http://127.0.0.1:9", folder, **settings)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        env={name: value for name, value in environment.items() if value != "UNSET"},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode or 0, output.decode(), errors.decode()


def only_line(errors: str) -> str:
    lines = [line for line in errors.splitlines() if "CLOCK_FILE" not in line]
    assert len(lines) == 1, errors
    return lines[0]


async def test_no_token(tmp_path: Path) -> None:
    code, output, errors = await agora(tmp_path, "run", TELEGRAM_BOT_TOKEN="UNSET")
    assert (code, output) == (2, "")
    assert only_line(errors) == (
        "agora: TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it into the file .env"
    )


async def test_a_token_that_telegram_refuses(tmp_path: Path) -> None:
    async with staged(tmp_path, start=False, TELEGRAM_BOT_TOKEN="1234567:wrong-token-wrong-token-wrong-to") as stage:
        code, output, errors = await stage.agora("run")
    assert (code, output) == (2, "")
    assert "Telegram does not accept TELEGRAM_BOT_TOKEN" in only_line(errors)
    assert "wrong-token" not in errors


async def test_a_knowledge_file_with_ten_faults_is_one_line_for_run_and_all_of_them_for_check(tmp_path: Path) -> None:
    path = tmp_path / "faulty.yaml"
    path.write_text(FAULTY, "utf-8")
    code, output, errors = await agora(tmp_path, "check", str(path))
    assert (code, output) == (1, "")
    lines = errors.splitlines()
    assert len(lines) == 10, errors
    assert all(line.startswith(f"{path}, line ") for line in lines)
    assert f"{path}, line 11, sessions[0].end: 15:00 is before the start, 16:30" in lines
    code, output, errors = await agora(tmp_path, "run", KNOWLEDGE_FILE=str(path))
    assert (code, output) == (2, "")
    assert "(and 9 more: `agora check` names them all)" in only_line(errors)
    assert not (tmp_path / "data").exists()


async def test_a_sound_file_is_said_to_be_sound(tmp_path: Path) -> None:
    code, output, errors = await agora(tmp_path, "check")
    assert (code, errors) == (0, "")
    assert output.startswith(f"{SAMPLE} is sound: ")


@pytest.mark.parametrize("content", [None, b"this is no database at all, but a text that is long enough to be read"])
async def test_a_database_that_cannot_be_used(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "agora.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    code, output, errors = await agora(tmp_path, "run", DATABASE_PATH=str(path))
    assert (code, output) == (2, "")
    assert only_line(errors).startswith(f"agora: the database {path} cannot be used: ")
    assert content is None or path.read_bytes() == content


async def test_a_database_path_that_cannot_be_written(tmp_path: Path) -> None:
    code, _, errors = await agora(tmp_path, "run", DATABASE_PATH="/proc/nowhere/agora.db")
    assert code == 2
    assert only_line(errors).startswith("agora: the database /proc/nowhere/agora.db cannot be written: ")


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "agora.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    code, _, errors = await agora(tmp_path, "run", DATABASE_PATH=str(path))
    assert code == 2
    assert "was written by a newer version of Agora" in only_line(errors)


async def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        async with staged(tmp_path, start=False, WEBHOOK_URL="http://127.0.0.1/x", LISTEN=listen) as stage:
            code, output, errors = await stage.agora("run")
            assert (code, output) == (2, "")
            assert f"agora: cannot listen on {listen}: " in errors
            demo_code, _, demo_errors = await agora(
                tmp_path, "demo", "--no-browser", "--port", str(taken.getsockname()[1])
            )
    assert demo_code == 2
    assert "choose another with --port" in only_line(demo_errors)


async def test_two_bots_on_one_database(stage: Stage) -> None:
    code, _, errors = await stage.agora("run")
    assert code == 2
    assert "another Agora is already running on the database" in errors
    ada = await stage.person(101)
    assert text_of(await ada.ask("/start"))


async def test_an_api_that_is_down_at_start_is_waited_for(tmp_path: Path) -> None:
    async with staged(tmp_path, start=False) as stage:
        await stage.sandbox.stop()
        await stage.bot.start()
        await asyncio.sleep(2)
        assert stage.bot.process is not None
        assert stage.bot.process.returncode is None
        assert stage.bot.log.count("Telegram cannot be reached") == 1
        port = int(stage.environment["TELEGRAM_API_URL"].rsplit(":", 1)[1])
        await stage.sandbox.start(port)
        ada = await stage.person(101)
        assert text_of(await ada.ask("/start"))
        assert await stage.bot.stop() == 0


async def test_an_api_that_is_down_can_be_waited_for_no_longer(tmp_path: Path) -> None:
    async with staged(tmp_path, start=False) as stage:
        await stage.sandbox.stop()
        await stage.bot.start()
        await asyncio.sleep(1.5)
        assert await stage.bot.stop() == 0


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("COORDINATOR_IDS", "me", "COORDINATOR_IDS must be Telegram user ids, separated by commas"),
        ("MESSAGES_PER_SECOND", "0", "MESSAGES_PER_SECOND should be greater than 0"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of"),
        ("TELEGRAM_API_URL", "ftp://x", "TELEGRAM_API_URL must begin with http:// or https://"),
        ("LISTEN", "everywhere", "LISTEN must be host:port"),
    ],
)
async def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, setting: str, value: str, words: str) -> None:
    code, _, errors = await agora(tmp_path, "run", **{setting: value})
    assert code == 2
    assert only_line(errors).startswith(f"agora: {words}")


async def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KNOWLEDGE_FILE=nowhere.yaml\nUNKNOWN=1\n", "utf-8")
    assert (await agora(tmp_path, "check"))[0] == 0
    code, _, errors = await agora(tmp_path, "check", KNOWLEDGE_FILE="UNSET")
    assert code == 1
    assert "nowhere.yaml" in errors


@pytest.mark.parametrize("arguments", [[], ["dance"], ["check", "--loud"], ["export", "--format", "pdf"]])
async def test_a_command_that_is_not_there_is_explained_on_stderr(tmp_path: Path, arguments: list[str]) -> None:
    code, output, errors = await agora(tmp_path, *arguments)
    assert (code, output) == (2, "")
    assert errors.startswith("usage: agora")


@pytest.mark.parametrize("command", ["demo", "run", "check", "ask", "import", "export", "backup"])
async def test_every_command_takes_help(tmp_path: Path, command: str) -> None:
    code, output, errors = await agora(tmp_path, command, "--help")
    assert (code, errors) == (0, "")
    assert output.startswith(f"usage: agora {command}")
