"""``python -m bot.sandbox --port N``: the stand-in alone, until it is interrupted."""

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from bot.sandbox.server import DEFAULT_TOKEN, Sandbox


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--clock-file", type=Path)
    parser.add_argument("--rate", type=int, help="messages per second before 429")
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    sandbox = Sandbox(token=options.token, clock_file=options.clock_file, rate_per_second=options.rate)
    url = await sandbox.start(options.port)
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await sandbox.stop()


def main() -> int:
    try:
        asyncio.run(_serve(_options()))
    except OSError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    return 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
