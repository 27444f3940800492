"""What is to be sent waits in the database as JSON and comes out as it went in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.message import (
    KINDS,
    Acknowledge,
    Amend,
    Button,
    ChangeDue,
    Commands,
    Content,
    Copy,
    Delete,
    Edit,
    File,
    Message,
    OfferDue,
    Part,
    Pin,
    ReminderDue,
    Style,
    from_json,
    to_json,
)
from bot.services.deliveries import ACKNOWLEDGEMENT

texts, numbers, degrees = st.text(max_size=50), st.integers(-(2**62), 2**62), st.floats(-180, 180)
buttons = st.builds(Button, texts, texts, texts, st.sampled_from(Style))
rows = st.lists(st.lists(buttons, max_size=3).map(tuple), max_size=3).map(tuple)
messages = st.builds(Message, texts, rows, st.booleans(), st.booleans())
contents: dict[type[Content], st.SearchStrategy[Content]] = {
    Message: messages,
    Edit: st.builds(Edit, numbers, messages),
    Acknowledge: st.builds(Acknowledge, texts, texts, st.booleans()),
    Pin: st.builds(Pin, texts, texts, degrees, degrees),
    File: st.builds(File, texts, st.binary(max_size=100), texts),
    Copy: st.builds(Copy, numbers, numbers, st.sampled_from(Part), st.none() | texts),
    Amend: st.builds(Amend, numbers, st.sampled_from(Part), texts),
    Delete: st.builds(Delete, numbers),
    Commands: st.builds(Commands, st.lists(st.tuples(texts, texts), max_size=3).map(tuple)),
    ReminderDue: st.builds(ReminderDue, texts, texts),
    OfferDue: st.builds(OfferDue, numbers),
    ChangeDue: st.builds(ChangeDue, texts, texts),
}


def test_every_kind_is_put_to_the_test() -> None:
    assert set(contents) == set(KINDS.values())


@pytest.mark.parametrize("kind", contents, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(deadline=None, max_examples=40)
def test_every_kind_comes_out_as_it_went_in(kind: type[Content], data: st.DataObject) -> None:
    content = data.draw(contents[kind])
    assert from_json(to_json(content)) == content


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        (OfferDue(3), '{"kind": "OfferDue", "registration": 3}'),
        (ReminderDue("talk", "day-before"), '{"kind": "ReminderDue", "session": "talk", "rule": "day-before"}'),
        (Copy(900, 12), '{"kind": "Copy", "chat": 900, "message_id": 12, "part": "", "caption": null}'),
        (File("a.csv", b"\x00\xff"), '{"kind": "File", "name": "a.csv", "content": "AP8=", "caption": ""}'),
        (
            Message("Grüße 🎉", ((Button("Yes", "no", style=Style.GO),),)),
            '{"kind": "Message", "text": "Grüße 🎉", "buttons": [[{"label": "Yes", "data": "no", "url": "", '
            '"style": "success"}]], "verbatim": false, "silent": false}',
        ),
    ],
)
def test_what_waits_is_json_that_names_its_kind(content: Content, stored: str) -> None:
    assert (to_json(content), from_json(stored)) == (stored, content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "1",
        '"Message"',
        "{}",
        '{"kind": "Nonsense"}',
        '{"kind": null}',
        '{"kind": []}',
        '{"kind": "Message"}',
        '{"kind": "Message", "text": "x"}',
        '{"kind": "Message", "text": "x", "buttons": [[{}]]}',
        '{"kind": "Message", "text": "x", "buttons": [], "colour": "red"}',
        '{"kind": "Edit", "message_id": 1}',
        '{"kind": "File", "name": "x", "content": "x", "caption": ""}',
        '{"kind": "Copy", "chat": 1}',
        '{"kind": "Commands", "commands": [["one"]]}',
    ],
)
def test_anything_else_is_a_fault_that_does_not_repeat_what_people_wrote(text: str) -> None:
    with pytest.raises(ValueError) as fault:  # noqa: PT011
        from_json(text)
    assert text == "" or text not in str(fault.value)


@given(st.builds(Acknowledge, texts, texts, st.booleans()))
@settings(deadline=None, max_examples=50)
def test_an_acknowledgement_is_known_by_how_it_begins(content: Acknowledge) -> None:
    assert to_json(content).startswith(ACKNOWLEDGEMENT)


@given(st.one_of([each for kind, each in contents.items() if kind is not Acknowledge]))
@settings(deadline=None, max_examples=100)
def test_nothing_else_begins_like_an_acknowledgement(content: Content) -> None:
    assert not to_json(content).startswith(ACKNOWLEDGEMENT)
