"""Phrase and language to text, with the plural forms that the language has.

A locale is the folder ``locales/<language>/``; its TOML files are read as one. A phrase is a string, or a table
of CLDR plural categories (``one``, ``few``, ``many``, ``other`` …) chosen by the field ``count``. Fields stand in
braces: ``{count}``. The phrase ``none`` under ``[status]`` is called ``status.none``.
"""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale

DEFAULT_LANGUAGE = "en"
LOCALES = files("bot.i18n") / "locales"


@cache
def available_languages() -> tuple[str, ...]:
    """The codes of the languages that the bot speaks, English first."""
    codes = {entry.name for entry in LOCALES.iterdir() if entry.is_dir() and entry.name.isalpha()}
    return (DEFAULT_LANGUAGE, *sorted(codes - {DEFAULT_LANGUAGE}))


def closest_language(code: str | None) -> str | None:
    """The language we speak for an IETF tag such as Telegram's ``pt-br``, or None."""
    base = (code or "").replace("_", "-").split("-")[0].lower()
    return base if base in available_languages() else None


class Catalog:
    """All phrases of one language; a phrase that it lacks is English rather than missing."""

    def __init__(self, language: str, phrases: Mapping[str, Any], fallback: "Catalog | None" = None) -> None:
        self.language = language
        self._phrases = phrases
        self._fallback = fallback
        self._plural = Locale.parse(language).plural_form

    def __contains__(self, key: str) -> bool:
        return key in self._phrases

    def text(self, key: str, **fields: object) -> str:
        """The phrase ``key`` with its fields put in. Raises KeyError for a phrase or field that is not there."""
        phrase = self._phrases.get(key)
        if phrase is None:
            if self._fallback is None:
                raise KeyError(key)
            return self._fallback.text(key, **fields)
        if not isinstance(phrase, str):
            phrase = phrase.get(self._plural(_count(fields)), phrase["other"])
        return _fill(phrase, fields)


def _count(fields: Mapping[str, object]) -> int:
    count = fields["count"]
    if not isinstance(count, int):
        raise TypeError(f"a plural needs a whole number, not {count!r}")
    return count


def _fill(phrase: str, fields: Mapping[str, object]) -> str:
    # Not str.format: a field there may reach into attributes, and translators are not programmers.
    parts: list[str] = []
    for literal, name, _, _ in string.Formatter().parse(phrase):
        parts.append(literal)
        if name is not None:
            parts.append(str(fields[name]))
    return "".join(parts)


@cache
def catalog(language: str) -> Catalog:
    """The catalogue of ``language``; English where we do not speak it."""
    if language not in available_languages():
        language = DEFAULT_LANGUAGE
    fallback = None if language == DEFAULT_LANGUAGE else catalog(DEFAULT_LANGUAGE)
    return Catalog(language, read_phrases(language), fallback)


def read_phrases(language: str) -> dict[str, Any]:
    """All phrases of one locale by dotted key. Raises ValueError where two of its files hold the same one."""
    phrases: dict[str, Any] = {}
    for file in sorted((LOCALES / language).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for key, phrase in _flat(tomllib.loads(file.read_text("utf-8")), ""):
                if key in phrases:
                    raise ValueError(f"{language}/{file.name}: {key} stands in another file too")
                phrases[key] = phrase
    return phrases


def _flat(tree: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in tree.items():
        if isinstance(value, dict) and "other" not in value:
            rows += _flat(value, f"{prefix}{name}.")
        else:
            rows.append((f"{prefix}{name}", value))
    return rows
