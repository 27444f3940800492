"""Texts of the file as values: each function returns one, or raises ValueError with what to say of the text.

The words complete a sentence that begins with the text itself: “12x” is no whole number: …
"""

import re
from urllib.parse import urlsplit

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_IDENTIFIER = re.compile(r"[a-z0-9-]+")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s.<>,;]+(\.[^@\s.<>,;]+)+")
_TELEGRAM = re.compile(r"(@|(https?://)?t\.me/)?[A-Za-z][A-Za-z0-9_]{3,31}")
_DEGREES = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]+)?")


def parse_language_code(text: str) -> str:
    return _matching(_LANGUAGE, text, "is no language code, such as en or de")


def parse_identifier(text: str) -> str:
    return _matching(_IDENTIFIER, text, "is no id: use only a-z, 0-9 and -, such as opening-talk")


def parse_email(text: str) -> str:
    return _matching(_EMAIL, text, "is no e-mail address: write it like anna@example.org")


def parse_telegram_name(text: str) -> str:
    return _matching(_TELEGRAM, text, "is no Telegram name: write it like @anna_example")


def parse_web_address(text: str) -> str:
    if not _is_web_address(text):
        raise ValueError("is no web address: write it with https:// in front")
    return text


def parse_whole_number(text: str, most: int) -> int:
    if re.fullmatch(r"-[0-9]+", text):
        raise ValueError("is less than 0")
    if not re.fullmatch(r"[0-9]+", text):
        raise ValueError("is no whole number: write digits only, such as 120")
    if len(text) > len(str(most)) + 9 or int(text) > most:
        raise ValueError(f"is too large: {most} is the most")
    return int(text)


def parse_degrees(text: str, most: int) -> float:
    degrees = float(_matching(_DEGREES, text, "is no number of degrees: write it like 50.8437"))
    if abs(degrees) > most:
        raise ValueError(f"is out of range: it must lie between -{most} and {most}")
    return degrees


def _matching(pattern: re.Pattern[str], text: str, complaint: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(complaint)
    return text


def _is_web_address(text: str) -> bool:
    if re.search(r"\s", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
