"""What people get to read when their file is not sound."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import AgoraError
from bot.knowledge.document import LARGEST_FILE
from bot.knowledge.event import Event
from bot.knowledge.fault import Fault, KnowledgeFault
from bot.knowledge.loader import load_event, parse_event

FOLDER = Path(__file__).parent
SAMPLE = (FOLDER.parents[1] / "knowledge.yaml").read_text("utf-8")

SOUND = """\
version: 1
event:
  title: Tagung
  timezone: Europe/Brussels
  languages: [de, en]
sessions:
  - id: talk
    title: Vortrag
    start: 2025-03-29T10:00
    speakers: [anna]
speakers:
  - {id: anna, name: Anna}
"""


def faults(source: str | bytes) -> list[str]:
    try:
        parse_event(source)
    except KnowledgeFault as fault:
        return [str(found) for found in fault.faults]
    return []


def test_every_fault_of_a_file_is_named_at_once_in_the_order_of_its_lines() -> None:
    with pytest.raises(KnowledgeFault) as caught:
        parse_event((FOLDER / "faulty.yaml").read_bytes(), "faulty.yaml")
    assert "\n".join(caught.value.lines) + "\n" == (FOLDER / "faulty.txt").read_text("utf-8")


def test_the_fault_as_an_exception_is_one_line_that_says_how_many_there_are() -> None:
    with pytest.raises(AgoraError) as caught:
        parse_event(SOUND.replace("version: 1", "version: 3").replace("anna]", "ann]"), "my.yaml")
    assert str(caught.value) == (
        "my.yaml, line 1, version: “3” is not known here: this program reads version 1 "
        "(and 1 more: `agora check` names them all)"
    )


def test_a_fault_prints_its_line_and_its_field() -> None:
    fault = Fault(23, "sessions[0].end", "15:00 is before the start, 16:30")
    assert str(fault) == "line 23, sessions[0].end: 15:00 is before the start, 16:30"
    assert fault.in_file("k.yaml") == "k.yaml, line 23, sessions[0].end: 15:00 is before the start, 16:30"
    assert Fault(0, "", "gone").in_file("k.yaml") == "k.yaml: gone"
    assert str(Fault(0, "", "gone")) == "gone"


def test_the_file_that_the_cases_below_change_is_sound() -> None:
    assert faults(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version: 1\n", "", "line 1, version: is missing: begin the file with version: 1"),
        ("version: 1", "verison: 1", "line 1, version: is missing: begin the file with version: 1"),
        (
            "  languages: [de, en]\n",
            "",
            "line 3, event.languages: is missing: list those of this file's texts, such as [en]",
        ),
        ("[de, en]", "[]", "line 5, event.languages: is empty: fill it in, or remove it"),
        ("[de, en]", "de", "line 5, event.languages: must be a list: put - before each item, or [brackets] around all"),
        (
            "Europe/Brussels",
            "../etc",
            "line 4, event.timezone: “../etc” is no time zone: write it like Europe/Brussels",
        ),
        ("title: Tagung", "title: {de: }", "line 3, event.title.de: is empty: fill it in, or remove it"),
        ("title: Tagung", "title: {}", "line 3, event.title: is empty: fill it in, or remove it"),
        (
            "title: Tagung",
            "title: {x_y: a, de: b}",
            "line 3, event.title.x_y: “x_y” is no language code, such as en or de",
        ),
        (
            "title: Tagung",
            "title: {en: A}",
            "line 3, event.title: the text in de, the first of event.languages, is missing",
        ),
        (
            "title: Tagung",
            "title: {fr: A, de: B}",
            "line 3, event.title.fr: event.languages (de, en) does not have fr: add it there, or remove this text",
        ),
        (
            "2025-03-29T10:00",
            "2025-03-30T02:30",
            "line 9, sessions[0].start: “2025-03-30T02:30” does not exist in Europe/Brussels, "
            "where the clocks go forward: did you mean 03:30?",
        ),
        (
            "    speakers:",
            "    end: 2025-03-28T09:00\n    speakers:",
            "line 10, sessions[0].end: 2025-03-28 09:00 is before the start, 2025-03-29 10:00",
        ),
        (
            "speakers:\n  -",
            "registration:\n  opens: 2019-10-09T15:00Z\n  closes: 2019-10-09 16:00\nspeakers:\n  -",
            "line 13, registration.closes: 2019-10-09 16:00 is not after opens, 2019-10-09 17:00",
        ),
        ("title: Vortrag", "title: ~", "line 8, sessions[0].title: is empty: fill it in, or remove it"),
        ("title: Vortrag", "title: null", "line 8, sessions[0].title: is empty: fill it in, or remove it"),
        ("[anna]", "[ana]", "line 10, sessions[0].speakers[0]: there is no speaker “ana”: did you mean anna?"),
        ("[anna]", "[nobody]", "line 10, sessions[0].speakers[0]: there is no speaker “nobody”"),
        (
            "[anna]",
            "[anna]\n    speaker: anna",
            "line 11, sessions[0].speaker: there is no field of this name: did you mean speakers?",
        ),
        (
            "    title: Vortrag",
            "\ttitle: Vortrag",
            "line 8: a tab stands at the beginning of the line: indent with spaces only",
        ),
        (
            "title: Vortrag",
            "title: Vortrag: eins",
            "line 8: there is one colon too many: put a text with a colon in quotes",
        ),
        ("title: Vortrag", 'title: "Vortrag', "line 8: a quotation mark is not closed"),
        ("[de, en]", "[de, en", "line 5: a bracket is not closed, or a comma is missing"),
        ("title: Vortrag", "title: @home", "line 8: a text cannot begin with this character: put it in quotes"),
        (
            "title: Vortrag",
            "title: *star",
            "line 8, sessions[0].title: a text cannot begin with & or *: put it in quotes",
        ),
        ("  languages", " languages", "line 5: the indentation does not fit the lines above"),
        ("speakers:\n", "...\n---\nspeakers:\n", "line 13: a second document begins here: keep one, without --- lines"),
        ("Vortrag", "Vor\x07trag", "line 8: the invisible character U+0007 has no place here: remove it"),
        ("Vortrag", "Vor\ud800trag", "line 8: the invisible character U+D800 has no place here: remove it"),
    ],
)
def test_one_fault(old: str, new: str, expected: str) -> None:
    assert old in SOUND
    assert faults(SOUND.replace(old, new, 1))[0] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ["line 1: the file is empty: start with version: 1, event: and sessions:"]),
        ("# only a note\n", ["line 2: the file must begin with a field, such as version: 1"]),
        ("- a\n- b\n", ["line 1: the file must begin with a field, such as version: 1"]),
        (b"version: 1\ntitle: \xe9\n", ["line 2: this is not UTF-8: save the file with the encoding UTF-8"]),
        ("version: 1\n".encode("utf-16"), ["line 1: this is not UTF-8: save the file with the encoding UTF-8"]),
        (
            "a: " + "[" * 400 + "]" * 400,
            ["line 1, a" + "[0]" * 20 + ": this is nested too deeply: check the indentation"],
        ),
        (b"x" * (LARGEST_FILE + 1), ["the file is larger than 5 MB: is it the right one?"]),
    ],
    ids=["empty", "notes", "list", "latin-1", "utf-16", "deep", "huge"],
)
def test_files_that_are_none(source: str | bytes, expected: list[str]) -> None:
    assert faults(source)[0] == expected[0]


def test_aliases_are_refused_before_they_multiply() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    found = faults("\n".join(lines))
    assert found[0] == "line 1, a0: a text cannot begin with & or *: put it in quotes"


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    assert parse_event(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode()) == parse_event(SOUND)


def test_scalars_stay_the_text_that_they_are() -> None:
    event = parse_event(SOUND.replace("Vortrag", "no").replace("Tagung", "16:30").replace("name: Anna", "name: 0313"))
    read = (event.sessions[0].title.default, event.title.default, event.speakers[0].name)
    assert read == ("no", "16:30", "0313")


def test_texts_in_several_languages_are_kept_in_the_order_of_the_list() -> None:
    event = parse_event(SOUND.replace("title: Tagung", "title: {en: Meeting, de: Tagung}"))
    assert event.title.texts == (("de", "Tagung"), ("en", "Meeting"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeFault) as caught:
        load_event(tmp_path / "none.yaml")
    expected = f"{tmp_path / 'none.yaml'}: there is no such file: set KNOWLEDGE_FILE or name another one"
    assert str(caught.value) == expected


def sound_or_fault(source: str | bytes) -> None:
    """Lets any other exception through; a fault takes one line of its own."""
    with suppress(KnowledgeFault):
        assert isinstance(parse_event(source), Event)
        return
    assert faults(source)
    assert all("\n" not in line for line in faults(source))


@settings(max_examples=300, deadline=None)
@example("a: !<tag:yaml.org,2002:python/object/apply:os.system> [x]")
@example("%YAML 3.0\n---\na: b")
@example("? [a]\n: b")
@example("a: \ufeff")
@example("<<: {a: b}")
@given(st.one_of(st.text(), st.text("ab:-[]{}\"'#&*!|>%@`?, \n\t0"), st.binary()))
def test_any_text_is_an_event_or_a_fault(source: str | bytes) -> None:
    sound_or_fault(source)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SAMPLE)), st.integers(0, 40), st.text("ab:-[]{}\"'#&*!|>% \n\t0é", max_size=5))
def test_the_sample_with_a_slip_is_an_event_or_a_fault(at: int, cut: int, slip: str) -> None:
    sound_or_fault(SAMPLE[:at] + slip + SAMPLE[at + cut :])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_sample_with_a_field_of_another_kind_is_an_event_or_a_fault(data: st.DataObject) -> None:
    lines = [line for line in SAMPLE.splitlines() if not line.lstrip().startswith("#")]
    at = data.draw(st.sampled_from([i for i, line in enumerate(lines) if ": " in line]))
    value = data.draw(st.sampled_from(["", "~", "[]", "{}", "[[a]]", "{en: {en: a}}", "0", "1e9", "{a: [b]}", "&a"]))
    lines[at] = lines[at].split(": ")[0] + ": " + value
    sound_or_fault("\n".join(lines))
