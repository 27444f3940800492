"""The sample event says what its announcement says: no more, no less."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.knowledge.event import Contact, Session
from bot.knowledge.loader import load_event
from bot.knowledge.localized_text import LocalizedText

EVENT = load_event(Path(__file__).parents[2] / "knowledge.yaml")
BRUSSELS = ZoneInfo("Europe/Brussels")


def test_the_event_is_named_as_in_the_announcement() -> None:
    assert EVENT.title.default == "Smart Specialisation for EU regions and SMEs"
    assert EVENT.series == LocalizedText.of("European Week of Regions and Cities 2019, Brussels")
    assert (EVENT.timezone, EVENT.languages) == (BRUSSELS, ("en",))
    assert EVENT.hashtags == (
        "#EURegionsweek",
        "#innovation",
        "#GoSmartBSR",
        "#internationalisation",
        "#smartspecialisation",
        "#BalticSeaRegion",
    )


def test_who_is_behind_it() -> None:
    assert [name.default for name in EVENT.organisers] == [
        "GoSmart project team",
        "Ecorys, one of the implementers of the ReConfirm initiative",
    ]
    assert [name.default for name in EVENT.partners] == [
        "European Commission – DG GROW",
        "European Commission – DG REGIO",
    ]
    assert EVENT.contact == Contact("Laura Gredzens", LocalizedText.of("event coordinator"))


def test_where_it_takes_place() -> None:
    assert EVENT.venue is not None
    assert EVENT.venue.name.default == "SQUARE – Brussels Convention Centre"
    assert EVENT.venue.address == LocalizedText.of("Mont des Arts, 1000 Brussels")
    assert EVENT.venue.coordinates == (50.8437, 4.3562)
    assert [place.id for place in EVENT.places] == ["agora-village"]


def test_the_session() -> None:
    (session,) = EVENT.sessions
    assert session == Session(
        id="smart-specialisation",
        title=LocalizedText.of(
            "Smart Specialisation: trans-regional innovation and investment opportunities for EU regions and SMEs"
        ),
        start=datetime(2019, 10, 9, 16, 30, tzinfo=BRUSSELS),
        end=datetime(2019, 10, 9, 19, 0, tzinfo=BRUSSELS),
        room=LocalizedText.of("313+315"),
        speakers=("wieslaw-urban", "kathleen-dhondt", "kristiina-jokelainen"),
        capacity=120,
        description=session.description,
    )
    assert session.description is not None
    assert "ends with a panel discussion" in session.description.default


def test_the_speakers_and_whom_they_work_for() -> None:
    assert [(s.name, s.affiliation.default if s.affiliation else "") for s in EVENT.speakers] == [
        ("Wieslaw Urban", "Bialystok University of Technology"),
        ("Kathleen D’Hondt", "Flemish Government"),
        ("Kristiina Jokelainen", "Regional Council of Lapland"),
    ]
    assert [s.role.default for s in EVENT.speakers if s.role] == ["key speaker"] * 3
    assert EVENT.speakers[1].also_known_as[0] == "Kathleen D'Hondt"


def test_what_names_and_acronyms_mean() -> None:
    assert {entry.term for entry in EVENT.glossary} == {
        "GoSmart BSR",
        "TIBS",
        "Joint Smart Strategies",
        "ReConfirm",
        "S3P-Industry",
        "Ecorys",
    }


def test_what_the_announcement_does_not_say_is_left_out() -> None:
    (session,) = EVENT.sessions
    assert (EVENT.price, EVENT.website) == (None, None)
    assert (session.track, session.kind, session.language) == (None, None, None)
    assert [speaker.bio for speaker in EVENT.speakers] == [None] * 3
    assert (EVENT.registration.opens, EVENT.registration.closes, EVENT.registration.website) == (None, None, None)


def test_which_register_counts_is_said_when_registering() -> None:
    assert EVENT.registration.note == LocalizedText.of(
        "To attend the session, you have to register on the European Commission's website: "
        "the number of seats is limited."
    )


def test_reminders() -> None:
    assert [(rule.id, rule.before, rule.after) for rule in EVENT.reminders] == [
        ("day-before", timedelta(days=1), None),
        ("hour-before", timedelta(hours=1), None),
        ("agora-village", None, timedelta(minutes=10)),
    ]
    assert EVENT.reminders[2].text is not None
    assert "Agora Village" in EVENT.reminders[2].text.default


def test_every_question_of_the_faq_is_asked_in_several_ways() -> None:
    assert [entry.id for entry in EVENT.faq if len(entry.questions) < 3] == []
    wordings = [wording for entry in EVENT.faq for question in entry.questions for wording in question.variants]
    assert len(wordings) == len(set(wordings))
