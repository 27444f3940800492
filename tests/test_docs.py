"""The documentation keeps up with the program."""

import re
from pathlib import Path

from bot.cli.main import COMMANDS
from bot.messages.help import ATTENDEE_COMMANDS, COORDINATOR_COMMANDS
from bot.settings import Settings
from bot.storage.migrations import released

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
FOR_REHEARSALS_ONLY = {"clock_file"}
SETTINGS = sorted(name.upper() for name in set(Settings.model_fields) - FOR_REHEARSALS_ONLY)


def documentation() -> str:
    pages = [README, *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(page.read_text("utf-8") for page in pages)


def test_every_setting_is_in_the_example_file() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert sorted(line.partition("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)) == SETTINGS


def test_the_example_file_names_the_defaults() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    written = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=.", line))
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert written == {name: str(defaults[name]) for name in written}


def test_every_setting_is_in_the_readmes_table() -> None:
    rows = [line.split("|")[1] for line in README.read_text("utf-8").splitlines() if line.startswith("|")]
    assert [name for name in SETTINGS if not any(name in row for row in rows)] == []


def test_every_command_of_the_terminal_is_documented() -> None:
    text = documentation()
    assert [name for name in COMMANDS if not re.search(rf"\bagora {name}\b", text)] == []


def test_every_command_of_the_chat_is_documented() -> None:
    text = documentation()
    commands = ATTENDEE_COMMANDS + COORDINATOR_COMMANDS
    assert [name for name in commands if not re.search(rf"/{name}\b", text)] == []


def test_migrations_are_numbered_from_one() -> None:
    numbers = [number for number, _ in released()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == len(list((ROOT / "migrations").iterdir()))
