"""Phrases, plurals and fields."""

import pytest

from bot.i18n import catalog as module
from bot.i18n.catalog import Catalog, available_languages, catalog, closest_language, read_phrases

ENGLISH = Catalog(
    "en",
    {
        "hello": "Hello {name}!",
        "braces": "{{literally}} {name}",
        "seats": {"one": "{count} seat", "other": "{count} seats"},
        "only": "English only",
    },
)
POLISH = Catalog(
    "pl",
    {
        "hello": "Cześć {name}!",
        "seats": {
            "one": "{count} miejsce",
            "few": "{count} miejsca",
            "many": "{count} miejsc",
            "other": "{count} miejsca",
        },
    },
    ENGLISH,
)


def test_fields_are_put_in() -> None:
    assert ENGLISH.text("hello", name="Ada", more="ignored") == "Hello Ada!"


@pytest.mark.parametrize("name", ["{name}", "{0.__class__}", "{{", "%s"])
def test_what_is_put_in_is_not_read_as_a_phrase(name: str) -> None:
    assert ENGLISH.text("hello", name=name) == f"Hello {name}!"


def test_a_brace_may_be_written_twice() -> None:
    assert ENGLISH.text("braces", name="Ada") == "{literally} Ada"


@pytest.mark.parametrize(
    ("count", "english", "polish"),
    [
        (0, "0 seats", "0 miejsc"),
        (1, "1 seat", "1 miejsce"),
        (2, "2 seats", "2 miejsca"),
        (5, "5 seats", "5 miejsc"),
        (12, "12 seats", "12 miejsc"),
        (22, "22 seats", "22 miejsca"),
    ],
)
def test_the_count_chooses_the_plural(count: int, english: str, polish: str) -> None:
    assert (ENGLISH.text("seats", count=count), POLISH.text("seats", count=count)) == (english, polish)


def test_a_phrase_that_a_language_lacks_is_english() -> None:
    assert (POLISH.text("only"), "only" in POLISH, "only" in ENGLISH) == ("English only", False, True)


@pytest.mark.parametrize("found", [ENGLISH, POLISH])
def test_a_phrase_or_field_that_is_nowhere_is_a_bug(found: Catalog) -> None:
    with pytest.raises(KeyError, match="nothing"):
        found.text("nothing")
    with pytest.raises(KeyError, match="name"):
        found.text("hello")
    with pytest.raises(KeyError, match="count"):
        found.text("seats")


@pytest.mark.parametrize("count", ["2", 2.5, None])
def test_a_count_is_a_whole_number(count: object) -> None:
    with pytest.raises(TypeError, match="whole number"):
        ENGLISH.text("seats", count=count)


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("en-US", "en"), ("EN_gb", "en"), ("xx", None), ("", None), (None, None), ("english", None)],
)
def test_the_closest_language_is_found_by_its_code(code: str | None, language: str | None) -> None:
    assert closest_language(code) == language


def test_english_is_there_and_first_and_stands_in_for_what_we_do_not_speak() -> None:
    assert available_languages()[0] == "en"
    assert catalog("xx") is not None
    assert catalog("xx").text("buttons.not_now") == catalog("en").text("buttons.not_now")


def test_two_files_of_a_language_do_not_hold_the_same_phrase(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("locales")
    (folder / "xx").mkdir()
    (folder / "xx" / "a.toml").write_text("[status]\nnone = 'a'\n[seats]\none = 'x'\nother = 'y'\n", "utf-8")
    monkeypatch.setattr(module, "LOCALES", folder)
    assert read_phrases("xx") == {"status.none": "a", "seats": {"one": "x", "other": "y"}}
    (folder / "xx" / "b.toml").write_text("[status]\nnone = 'b'\n", "utf-8")
    with pytest.raises(ValueError, match=r"xx/b\.toml: status\.none stands in another file too"):
        read_phrases("xx")
