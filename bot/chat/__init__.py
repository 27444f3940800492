"""The Telegram door: the only room that knows python-telegram-bot."""
