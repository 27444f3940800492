"""Every language says everything, with the same fields and markup; nothing is said that nobody asks for."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from bot.i18n.catalog import DEFAULT_LANGUAGE, available_languages, read_phrases
from bot.messages.help import ATTENDEE_COMMANDS, COORDINATOR_COMMANDS

BOT = Path(__file__).parents[2] / "bot"
ENGLISH = read_phrases(DEFAULT_LANGUAGE)
LONGEST_DESCRIPTION = 256
LONGEST_LABEL = 32
"""About what a phone shows of one of two buttons in a row."""
SOMETHING = r"[a-z_.]+"
ANY_ANSWER = rf"answers\.{SOMETHING}"
TAG = re.compile(r"</?[a-z]+>")
FIELD = re.compile(r"\{\w+\}")


@cache
def phrases(language: str) -> dict[str, Any]:
    return read_phrases(language)


def forms(phrase: Any) -> list[str]:
    """Every wording of a phrase: one, or one a plural category."""
    return [phrase] if isinstance(phrase, str) else list(phrase.values())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def all_fields(phrase: Any) -> set[str]:
    return set().union(*(fields(form) for form in forms(phrase)))


@pytest.fixture(params=available_languages())
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_language_has_the_same_phrases(language: str) -> None:
    assert sorted(phrases(language)) == sorted(ENGLISH)


def test_every_phrase_has_the_same_fields_as_in_english(language: str) -> None:
    other = {key: all_fields(phrase) for key, phrase in phrases(language).items()}
    assert other == {key: all_fields(phrase) for key, phrase in ENGLISH.items()}


def test_what_is_counted_in_english_is_counted_in_every_language(language: str) -> None:
    counted = {key for key, phrase in phrases(language).items() if not isinstance(phrase, str)}
    assert counted == {key for key, phrase in ENGLISH.items() if not isinstance(phrase, str)}


def test_plurals_have_exactly_the_forms_of_the_language(language: str) -> None:
    categories = {*Locale.parse(language).plural_form.tags, "other"}
    wrong = {
        key: set(each)
        for key, each in phrases(language).items()
        if not isinstance(each, str) and set(each) != categories
    }
    assert wrong == {}


def test_only_the_singular_may_leave_the_number_out(language: str) -> None:
    """In other forms the reader would not know how many."""
    counted = {key: each for key, each in phrases(language).items() if not isinstance(each, str)}
    wrong = {
        key: category
        for key, each in counted.items()
        for category, form in each.items()
        if category not in ("one", "zero") and "count" in all_fields(each) and "count" not in fields(form)
    }
    assert wrong == {}


def test_markup_is_as_in_english(language: str) -> None:
    def markup(phrase: Any) -> set[tuple[str, ...]]:
        return {tuple(TAG.findall(form)) for form in forms(phrase)}

    own = {key: markup(phrase) for key, phrase in phrases(language).items()}
    assert own == {key: markup(phrase) for key, phrase in ENGLISH.items()}


def test_no_phrase_is_empty_or_wears_spaces(language: str) -> None:
    every = [(key, form) for key, phrase in phrases(language).items() for form in forms(phrase)]
    assert [(key, form) for key, form in every if not form.strip()] == []
    padded = [key for key, form in every if form != form.strip()]
    assert padded == []


def test_command_descriptions_fit_telegrams_menu(language: str) -> None:
    described = {key: phrase for key, phrase in phrases(language).items() if key.startswith("commands.")}
    assert sorted(described) == sorted(f"commands.{name}" for name in ATTENDEE_COMMANDS + COORDINATOR_COMMANDS)
    assert {key: text for key, text in described.items() if not 1 <= len(text) <= LONGEST_DESCRIPTION} == {}


def test_labels_of_screens_fit_a_button_on_a_phone(language: str) -> None:
    labels = {key: phrase for key, phrase in phrases(language).items() if key.startswith("screens.")}
    assert {key: label for key, label in labels.items() if len(label) > LONGEST_LABEL} == {}


def test_yes_and_no_are_marked_by_the_program_alone(language: str) -> None:
    buttons = [key for key in phrases(language) if key.endswith((".yes", ".no", ".keep", ".take", ".refuse", ".join"))]
    assert [key for key in buttons if any(form[0] in "✅❌" for form in forms(phrases(language)[key]))] == []


def test_nothing_longer_is_left_in_english(language: str) -> None:
    own = {} if language == DEFAULT_LANGUAGE else phrases(language)
    same = [form for key, phrase in own.items() if phrase == ENGLISH[key] for form in forms(phrase)]
    assert [form for form in same if len(re.findall(r"[a-z]{3,}", FIELD.sub("", TAG.sub("", form)))) > 2] == []


@cache
def trees() -> tuple[ast.Module, ...]:
    paths = [path for path in sorted(BOT.rglob("*.py")) if "sandbox" not in path.parts]
    return tuple(ast.parse(path.read_text("utf-8")) for path in paths)


def literals() -> set[str]:
    """Every string that the program writes out."""
    nodes = (node for tree in trees() for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def patterns() -> Iterator[re.Pattern[str]]:
    """What strings with something put in may come to: ``f"commands.{name}"`` is every command."""
    for node in (node for tree in trees() for node in ast.walk(tree)):
        if isinstance(node, ast.JoinedStr) and isinstance(first := node.values[0], ast.Constant):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else SOMETHING for part in node.values
            ]
            if "." in str(first.value):
                yield re.compile("".join(parts))


def said_by_name() -> Iterator[str]:
    """The keys in calls such as ``wording.text("help.ask")``."""
    for node in (node for tree in trees() for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if node.func.attr in ("text", "label", "go", "stop") and isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_phrase_that_is_said_is_there() -> None:
    said = set(said_by_name())
    assert len(said) > 80
    assert sorted(key for key in said if "." in key and key not in ENGLISH) == []


def test_every_phrase_is_said_somewhere() -> None:
    # The answerer puts the room's name before its keys, so that there "time.whole" is answers.time.whole.
    written = {*literals(), *(f"answers.{text}" for text in literals())}
    possible = [each for each in patterns() if each.pattern != ANY_ANSWER]
    possible += [re.compile(rf"answers\.{each.pattern}") for each in possible]
    unused = [key for key in ENGLISH if key not in written]
    assert [key for key in unused if not any(each.fullmatch(key) for each in possible)] == []
