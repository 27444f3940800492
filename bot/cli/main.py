"""``agora``: which command is run, and the one place that turns faults into exit codes."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from bot import __version__
from bot.errors import AgoraError

COMMANDS = {
    "demo": "try everything on this machine: no token, no account, no network",
    "run": "run the bot against Telegram",
    "check": "say what is wrong with a knowledge file",
    "ask": "answer questions on the terminal",
    "import": "turn an existing programme into a knowledge file",
    "export": "print all registrations",
    "backup": "copy the live database",
}
MENDABLE = 2
"""The exit code of a fault that the user can mend."""


def run() -> None:
    """The console script."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Runs one command; its exit code. Faults that a person can mend are a message on stderr and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="agora", description="Agora, an event assistant that lives in a Telegram chat."
    )
    parser.add_argument("--version", action="version", version=f"agora {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    # A command's module is loaded only when it is asked for, so that `agora check` need not wait for Telegram's.
    chosen = next((each for each in arguments if each in COMMANDS), None)
    for name, summary in COMMANDS.items():
        subparser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == chosen:
            module = importlib.import_module(f"bot.cli.{MODULES.get(name, name)}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    parsed = parser.parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except AgoraError as error:
        print(f"agora: {error}", file=sys.stderr)
        return MENDABLE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output, such as `head`, has seen enough; Python must not complain at its own exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


MODULES = {"import": "import_"}
"""Commands whose names Python keeps for itself."""
