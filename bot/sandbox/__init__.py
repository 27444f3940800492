"""The demo's world: a stand-in for Telegram's Bot API, with a page to chat in.

It imports nothing of the bot and speaks HTTP with it, so the bot cannot tell it from the real thing; the same
stand-in is the double of all end-to-end tests. Strict where Telegram is strict; what it leaves out is listed in
``bot_api``. Groups deliver all their messages, as to a bot with privacy mode off.
"""

from bot.sandbox.server import DEFAULT_TOKEN, DEFAULT_USERNAME, Sandbox
from bot.sandbox.world import Person

__all__ = ["DEFAULT_TOKEN", "DEFAULT_USERNAME", "Person", "Sandbox"]
