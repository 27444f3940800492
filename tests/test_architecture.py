"""Holds the code to the map that stands in ``bot/__init__.py``."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"

LAYERS = (
    ("errors",),
    ("clock", "settings"),
    ("knowledge", "i18n"),
    ("answering", "attendance"),
    ("messages", "interchange"),
    ("storage",),
    ("services",),
    ("chat",),
    ("bootstrap",),
    ("cli",),
)
"""A room imports only what stands in a line above its own."""
OUTSIDE_THE_MAP = {"", "__main__"}
"""The package itself, with its version, and ``python -m bot``."""
NARROWER = {"interchange": {"errors", "clock", "settings", "knowledge"}}
"""Rooms that may import less than their place allows."""

THIRD_PARTIES = {
    "telegram": ("bot.chat", "bot.bootstrap"),
    "aiohttp": ("bot.chat.connection",),
    "aiosqlite": ("bot.storage",),
    "sqlite3": ("bot.storage",),
    "yaml": ("bot.knowledge.document", "bot.knowledge.writer"),
    "apscheduler": ("bot.chat.jobs",),
    "tornado": ("bot.chat", "bot.sandbox"),
    "babel": ("bot.i18n", "bot.interchange.assembly"),
    "icalendar": ("bot.interchange",),
    "xlsxwriter": ("bot.interchange",),
}
"""Where each may be imported; everything else of the bot does without."""
CLOCK_READS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time", "dt"}
MAY_READ_THE_CLOCK = ("bot.clock", "bot.sandbox")
MAY_READ_THE_ENVIRONMENT = ("bot.settings",)
MAY_IMPORT_LATE = ("bot.cli.main",)
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
LONGEST_MODULE = 450


@dataclass(frozen=True)
class Import:
    """One name that a module imports, as a dotted path."""

    module: str
    target: str
    line: int
    inside_a_function: bool

    @property
    def room(self) -> str:
        return room_of(self.module)


@dataclass(frozen=True)
class Module:
    name: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source, self.name)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        nodes = list(ast.walk(self.tree))
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        late = {id(node) for function in functions for node in ast.walk(function)}
        statements = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        return tuple(
            Import(self.name, target, node.lineno, id(node) in late)
            for node in statements
            for target in targets(node, self.name)
        )


def targets(node: ast.Import | ast.ImportFrom, module: str) -> list[str]:
    """What an import statement names, in full: ``from bot import storage`` is ``bot.storage``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = ".".join(module.split(".")[: -node.level]) if node.level else ""
    base = ".".join(part for part in (base, node.module) if part)
    return [f"{base}.{alias.name}" for alias in node.names]


def room_of(path: str) -> str:
    """The room of the bot that a dotted path lies in; empty for ``bot`` itself."""
    _, _, rest = path.partition(".")
    return rest.split(".")[0]


def within(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}.") for place in places)


@cache
def modules() -> list[Module]:
    return [Module(name_of(path), path.read_text("utf-8")) for path in sorted(BOT.rglob("*.py"))]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(BOT.parent).with_suffix("").parts).removesuffix(".__init__")


def own_imports(module: Module) -> Iterator[Import]:
    """Imports of the bot's own modules; of the package itself only its version is taken."""
    for each in module.imports:
        if each.target.split(".")[0] == "bot" and each.target != "bot.__version__":
            yield each


ALLOWED = {
    room: {other for layer in LAYERS[:index] for other in layer} for index, layer in enumerate(LAYERS) for room in layer
}


def upward(module: Module) -> list[str]:
    """Imports that go against the map."""
    found = []
    for each in own_imports(module):
        target = room_of(each.target)
        if each.room == target or each.room in OUTSIDE_THE_MAP or "sandbox" in (each.room, target):
            continue
        if target not in NARROWER.get(each.room, ALLOWED[each.room]):
            found.append(f"{each.module}:{each.line} imports {each.target}")
    return found


def sandbox_leaks(module: Module) -> list[str]:
    """Imports across the wall between the bot and the stand-in for Telegram."""
    return [
        f"{each.module}:{each.line} imports {each.target}"
        for each in own_imports(module)
        if (each.room == "sandbox") != (room_of(each.target) == "sandbox") and each.module != "bot.cli.demo"
    ]


def misplaced_third_parties(module: Module) -> list[str]:
    return [
        f"{each.module}:{each.line} imports {each.target}"
        for each in module.imports
        if (top := each.target.split(".")[0]) in THIRD_PARTIES and not within(module.name, THIRD_PARTIES[top])
    ]


def late_imports(module: Module) -> list[str]:
    if module.name in MAY_IMPORT_LATE:
        return []
    late = [
        f"{each.module}:{each.line} imports {each.target} late" for each in module.imports if each.inside_a_function
    ]
    dynamic = [each.line for each in module.imports if each.target.startswith("importlib.import_module")]
    return late + [f"{module.name}:{line} imports by name" for line in dynamic]


def clock_reads(module: Module) -> list[str]:
    """Calls such as ``datetime.now()`` and ``time.time()``, under whatever owner's name of these they are written."""
    if within(module.name, MAY_READ_THE_CLOCK):
        return []
    calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    found = [
        f"{module.name}:{function.lineno} reads the clock"
        for function in calls
        if isinstance(function, ast.Attribute) and function.attr in CLOCK_READS and owner(function) in CLOCK_OWNERS
        if not is_constructor(function)
    ]
    imported = [each for each in module.imports if each.target in ("time.time", "time.time_ns", "time.localtime")]
    return found + [f"{module.name}:{each.line} reads the clock" for each in imported]


def owner(attribute: ast.Attribute) -> str:
    """The last name before the dot: ``datetime`` in ``dt.datetime.now``."""
    value = attribute.value
    return value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""


def is_constructor(function: ast.Attribute) -> bool:
    """``datetime.time(12)`` makes a time of day and reads nothing."""
    return function.attr == "time" and owner(function) in ("datetime", "dt")


def environment_reads(module: Module) -> list[str]:
    if within(module.name, MAY_READ_THE_ENVIRONMENT):
        return []
    names = {"environ", "environb", "getenv"}
    attributes = [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in names and owner(node) == "os"
    ]
    imported = [each.line for each in module.imports if each.target.removeprefix("os.") in names]
    return [f"{module.name}:{line} reads the environment" for line in attributes + imported]


CHECKS = [
    upward,
    sandbox_leaks,
    misplaced_third_parties,
    late_imports,
    clock_reads,
    environment_reads,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_code_keeps_to_the_map(check: object) -> None:
    assert callable(check)
    assert [fault for module in modules() for fault in check(module)] == []


def test_every_room_is_on_the_map() -> None:
    rooms = {room_of(module.name) for module in modules()}
    assert rooms - {"sandbox"} - OUTSIDE_THE_MAP == set(ALLOWED)


def test_no_module_is_a_junk_drawer() -> None:
    parts = {part for module in modules() for part in module.name.split(".")}
    assert parts & JUNK_DRAWERS == set()


def test_no_module_outgrows_a_reader() -> None:
    assert {
        each.name: len(each.source.splitlines()) for each in modules() if each.source.count("\n") > LONGEST_MODULE
    } == {}


@pytest.mark.parametrize(
    ("check", "name", "source"),
    [
        (upward, "bot.knowledge.event", "from bot.storage import people"),
        (upward, "bot.knowledge.event", "import bot.chat.worker"),
        (upward, "bot.knowledge.event", "from bot import i18n"),
        (upward, "bot.attendance.person", "from bot.answering.answer import Answer"),
        (upward, "bot.interchange.tables", "from bot.i18n import formats"),
        (upward, "bot.storage.people", "from ..services import people"),
        (upward, "bot.clock", "from bot.settings import Settings"),
        (upward, "bot.services.people", "def late():\n    from bot.chat import worker"),
        (sandbox_leaks, "bot.chat.worker", "from bot.sandbox import Sandbox"),
        (sandbox_leaks, "bot.sandbox.world", "from bot.clock import Clock"),
        (sandbox_leaks, "bot.cli.run", "import bot.sandbox.server"),
        (misplaced_third_parties, "bot.services.people", "import telegram"),
        (misplaced_third_parties, "bot.cli.run", "from telegram.error import TelegramError"),
        (misplaced_third_parties, "bot.services.reports", "import sqlite3"),
        (misplaced_third_parties, "bot.knowledge.loader", "from yaml import safe_load"),
        (misplaced_third_parties, "bot.chat.worker", "from apscheduler.schedulers.asyncio import AsyncIOScheduler"),
        (misplaced_third_parties, "bot.messages.agenda", "from babel.dates import format_date"),
        (late_imports, "bot.services.people", "def f():\n    import json"),
        (late_imports, "bot.services.people", "class A:\n    async def f(self):\n        from json import loads"),
        (late_imports, "bot.services.people", "from importlib import import_module"),
        (clock_reads, "bot.services.people", "from datetime import datetime\nx = datetime.now()"),
        (clock_reads, "bot.services.people", "import datetime\nx = datetime.datetime.utcnow()"),
        (clock_reads, "bot.services.people", "from datetime import date\nx = date.today()"),
        (clock_reads, "bot.services.people", "import time\nx = time.time()"),
        (clock_reads, "bot.services.people", "from time import time\nx = time()"),
        (environment_reads, "bot.services.people", "import os\nx = os.environ['X']"),
        (environment_reads, "bot.services.people", "import os\nx = os.getenv('X')"),
        (environment_reads, "bot.services.people", "from os import environ"),
    ],
)
def test_a_breach_of_the_map_is_seen(check: object, name: str, source: str) -> None:
    assert callable(check)
    assert len(check(Module(name, source))) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("bot.services.people", "from bot.storage import people\nfrom bot.services.ports import Sent"),
        ("bot.attendance.reminders", "from bot.knowledge.event import Event\nfrom bot.errors import AgoraError"),
        ("bot.cli.demo", "from bot.sandbox import Sandbox"),
        ("bot.sandbox.clock", "import time\nx = time.time()"),
        ("bot.cli.main", "from bot import __version__\ndef f():\n    import json"),
        ("bot.messages.agenda", "def f(wording, moment):\n    return wording.time(moment), clock.now()"),
        ("bot.knowledge.duration", "import datetime\nx = datetime.time(12)"),
    ],
)
def test_what_the_map_allows_is_no_breach(name: str, source: str) -> None:
    assert [fault for check in CHECKS for fault in check(Module(name, source))] == []
