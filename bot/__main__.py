"""``python -m bot`` is ``agora``."""

from bot.cli.main import run

if __name__ == "__main__":
    run()
