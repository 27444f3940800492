"""A fair of crafts with prices, places and an FAQ: what is answered from it, what is not, and what is asked back."""

from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.knowledge.event import Event
from bot.knowledge.loader import load_event
from tests.answering.paths import exists
from tests.builders import at

BEFORE = "2027-05-07 12:00"


@pytest.fixture(scope="module")
def fair() -> Event:
    return load_event(Path(__file__).parent / "crafts.yaml")


@pytest.fixture(scope="module")
def answerer(fair: Event) -> Answerer:
    return Answerer(fair)


KNOWN = [
    # sessions by their subject
    ("who talks about violins", ["Carlo Amati"], ["Jonas"]),
    ("when is the knife workshop", ["14:00"], ["11:30"]),
    ("where can i learn to carve spoons", ["Dye House"], []),
    ("how long is the clock talk", ["45 minutes"], []),
    ("what language is the forging workshop in", ["German"], []),
    ("which sessions are in german", ["Forging"], ["violins"]),
    ("how many seats does the supper have", ["90"], []),
    ("anything about paper", ["Marbling", "notebook"], ["spoons"]),
    ("wood talks on saturday?", ["violins"], ["spoons"]),
    ("which workshops are on sunday", ["spoons"], ["knife"]),
    ("how many keynotes are there", ["2:"], []),
    ("what should i bring to the marbling workshop", ["apron"], []),
    ("what comes after the keynote of olaf berg", ["violins"], ["Farewell"]),
    ("who is on the panel", ["Sara Novotny", "Mina Okada"], ["Carlo"]),
    ("whn is teh vioilns talk", ["11:30"], []),
    # people
    ("who is the joiner", ["Olaf Berg"], ["Jonas"]),
    ("anyone from brno?", ["Sara Novotny"], ["Petra"]),
    ("when does carlo speak", ["8 May", "11:30"], []),
    ("does sara novotny speak on saturday", ["No.", "9 May"], []),
    ("who is in charge of first aid", ["Lotte Hahn"], ["Petra"]),
    ("which talks does mina give", ["Marbling", "notebook", "Panel"], ["violins"]),
    # rooms, hours and days
    ("what is on in the loom hall at 14:00 on sunday", ["clock"], ["Panel"]),
    ("whats in the smithy on saturday", ["knife"], ["clock"]),
    ("what's on after 5 pm on saturday", ["supper"], ["notebook"]),
    ("where is the loom hall", ["first floor"], []),
    ("how many people fit into the loom hall", ["200"], []),
    ("when does it start on sunday", ["10:00"], ["09:30"]),
    ("what's the last talk on sunday", ["clock"], ["Farewell"]),
    ("programme of the second day", ["spoons"], ["violins"]),
    # claims
    ("the supper is in the smithy, right?", ["No.", "Loom Hall"], []),
    ("is the clock talk on saturday", ["No.", "9 May"], []),
    ("is the farewell on sunday", ["Yes."], []),
    # what the organiser wrote
    ("wifi password?", ["Spindle"], []),
    ("where can i leave my car", ["meadow"], []),
    ("is there vegan food", ["vegan stew"], []),
    ("how much is the cloakroom", ["1 euro"], []),
    ("will the violin talk be recorded", ["June"], []),
    ("can i bring my puppy", ["lead"], []),
    ("is it free for pupils", ["pupils come in free"], []),
    ("what is a journeyman", ["apprenticeship"], []),
    # several at once
    ("when is the supper and do i need a seat?", ["19:00", "register"], []),
    ("is there parking and wifi?", ["meadow", "Spindle"], []),
    ("hello! when is the farewell? thanks", ["16:15"], ["Hello"]),
]


@pytest.mark.parametrize(("question", "held", "not_held"), KNOWN, ids=[case[0] for case in KNOWN])
def test_is_answered_from_the_file(
    answerer: Answerer, fair: Event, question: str, held: list[str], not_held: list[str]
) -> None:
    answer, _ = answerer.answer(question, at(BEFORE))
    assert answer.answered, answer.text
    assert [word for word in held if word not in _text(answer.text)] == [], answer.text
    assert [word for word in not_held if word in answer.text] == [], answer.text
    assert [path for path in answer.sources if not exists(fair, path)] == []


UNKNOWN = """
how fast is the wifi
what is the wifi password of the hotel
is there a talk about beekeeping
who won the supper
how old is olaf
what is mina's phone number
does carlo have a dog
what colour is the cloakroom
is the smithy air conditioned
when does the cloakroom sell coats
who paints the panel
where is the swimming pool
which brand of knives is used
how heavy is the clock
is there gluten free soup
does the meadow have lights
what does lunch cost
""".strip().splitlines()


@pytest.mark.parametrize("question", UNKNOWN)
def test_one_word_more_than_the_file_holds_is_not_answered(answerer: Answerer, question: str) -> None:
    answer, _ = answerer.answer(question, at(BEFORE))
    assert not answer.answered, answer.text


def test_a_shared_first_name_is_asked_back_and_the_choice_is_understood(answerer: Answerer) -> None:
    first, talk = answerer.answer("when does jonas speak", at(BEFORE))
    assert first.choices == ("Jonas Eisen", "Jonas Weber")
    second, _ = answerer.answer("the second one", at(BEFORE), "en", talk)
    assert "clock" in second.text


@pytest.mark.parametrize(
    ("questions", "last"),
    [
        (("when is the violin talk", "where?"), "Loom Hall"),
        (("when is the violin talk", "and who gives it"), "Carlo Amati"),
        (("who gives the violin talk", "where is he from"), "Cremona"),
        (("what is on in the dye house on saturday", "and on sunday?"), "spoons"),
        (("which workshops are on saturday", "the second one", "how long is it"), "2 hours"),
        (("who is carlo amati", "when does he speak"), "11:30"),
        (("who is carlo amati", "what about olaf?"), "joiner"),
        (("where is the cloakroom", "until when is it open"), "22:30"),
        (("when is the supper", "thanks"), "welcome"),
        (("when is the supper", "what does the fair cost"), "30 euros"),
    ],
    ids=lambda value: " / ".join(value) if isinstance(value, tuple) else value,
)
def test_a_talk_goes_on(answerer: Answerer, questions: tuple[str, ...], last: str) -> None:
    conversation, text = Conversation(), ""
    for question in questions:
        answer, conversation = answerer.answer(question, at(BEFORE), "en", conversation)
        text = answer.text
    assert last in _text(text), text


@pytest.mark.parametrize(
    ("now", "question", "held"),
    [
        ("2027-05-08 11:40", "what's on now", ["Marbling", "violins"]),
        ("2027-05-08 11:40", "who is speaking right now", ["Carlo Amati", "Mina Okada"]),
        ("2027-05-08 11:40", "what's next in the loom hall", ["supper"]),
        ("2027-05-08 13:30", "is anything on at the moment", ["Next", "knife"]),
        ("2027-05-08 11:40", "has the fair begun", ["on now"]),
        ("2027-05-08 11:40", "is the keynote of olaf over", ["is over"]),
        ("2027-05-07 12:00", "how many days until it starts", ["21 hours"]),
        ("2027-05-10 12:00", "is it over", ["ended"]),
    ],
)
def test_the_clock_is_looked_at(answerer: Answerer, now: str, question: str, held: list[str]) -> None:
    answer, _ = answerer.answer(question, at(now))
    assert [word for word in held if word not in answer.text] == [], answer.text


def _text(text: str) -> str:
    """Short and long days alike, so that a case may name either."""
    return text.replace("Sat 8 May", "Saturday, 8 May").replace("Sun 9 May", "Sunday, 9 May")
