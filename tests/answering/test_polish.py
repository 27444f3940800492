"""Polish is data: questions as Poles type them, mostly without accents, about a file that is in English."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.conversation import Conversation
from bot.answering.language import Stems
from bot.answering.tongues import plain_language
from bot.i18n.catalog import catalog
from tests.answering.conftest import congress
from tests.builders import NOON, START

CONGRESS = Answerer(congress())

WHEN = "środa, 9 października 2019, 16:30–19:00 (czas: Bruksela)"
ENDS = "Kończy się o 19:00"
LASTS = "2 godziny 30 minut"
WHERE = "SQUARE – Brussels Convention Centre, Mont des Arts, 1000 Brussels"
ROOM = "Sala 313+315"
SPEAKERS = "Występują: Wieslaw Urban"
URBAN, DHONDT, JOKELAINEN = "Wieslaw Urban, key", "Kathleen D’Hondt, key", "Kristiina Jokelainen, key"
REGISTER = "/register"
AUDIENCE = "Dla kogo: National"
ABOUT = "The session gives an insight"

VOCABULARY = """
kiedy gdzie kto co czy o której się zaczyna kończy Urbana Kathleen i a pierwszy drugiej sala 313 16:30 wpół do piątej
szesnastej trzydzieści października środę dziś nie ? , „ ” prelegentów zapisać parking mówi skąd TIBS #x 9-go
"""

ANSWERED = {
    "o ktorej sie zaczyna": WHEN,
    "O której godzinie to się rozpoczyna?": WHEN,
    "siema, o ktorej startujemy?": WHEN,
    "na ktora mam byc": WHEN,
    "Jakiego dnia jest konferencja?": WHEN,
    "podaj termin pls": WHEN,
    "zaczyna sie rano?": f"Nie. Termin: {WHEN}",
    "czy to po południu": f"Tak. Termin: {WHEN}",
    "w srode czy w czwartek?": WHEN,
    "czy to jest w czwartek?": "Nie. Termin",
    "czy zaczyna sie o wpol do piatej": "Tak. Termin",
    "zaczyna się o szesnastej trzydzieści?": "Tak. Termin",
    "czy zaczyna się o 17": "Nie. Termin",
    "9 pazdziernika?": "Tak. Termin",
    "do ktorej to trwa": ENDS,
    "o ktorej konczymy?": ENDS,
    "czy skończy się przed 20?": f"Tak. {ENDS}",
    "ile to trwa": LASTS,
    "Jak długo potrwa sesja?": LASTS,
    "za ile dni to jest?": "Do rozpoczęcia:",
    "czy to już trwa?": "Jeszcze nie.",
    "nie odwolali tego?": "zgodnie z planem",
    "gdzie to jest": WHERE,
    "w jakim miescie?": WHERE,
    "W jakim kraju to się odbywa?": WHERE,
    "jak tam dojechac": WHERE,
    "adres do nawigacji poprosze": WHERE,
    "ktora sala": ROOM,
    "w której sali to będzie?": ROOM,
    "czy to sala 200?": f"Nie. {ROOM}",
    "jak trafic na sale": ROOM,
    "kto wystepuje": SPEAKERS,
    "Kto będzie mówił?": SPEAKERS,
    "lista prelegentów": SPEAKERS,
    "kogo posłucham?": SPEAKERS,
    "ilu bedzie mowcow": "3 osoby",
    "czy będzie czterech prelegentów?": "Nie. 3 osoby",
    "kim jest Urban": URBAN,
    "opowiedz mi o Wiesławie Urbanie": URBAN,
    "co wiesz o Kristiinie Jokelainen?": JOKELAINEN,
    "Kto reprezentuje Laponię?": JOKELAINEN,
    "ktos z politechniki bialostockiej?": URBAN,
    "Kto przyjedzie z Flandrii?": DHONDT,
    "skad jest pani D'Hondt": "Flemish Government",
    "czy pan Urban jest z Laponii?": "Nie. Wieslaw Urban: Bialystok",
    "o ktorej mowi Urban": WHEN,
    "czy wystąpi Lewandowski?": "Nie, nie widzę",
    "ile jest miejsc?": "120 miejsc",
    "są jeszcze wolne miejsca?": "120 miejsc",
    "jak sie zapisac": REGISTER,
    "czy muszę się rejestrować?": "Tak, potrzebna jest rejestracja",
    "moge przyjsc bez rejestracji?": REGISTER,
    "jak anulować rejestrację": "/cancel",
    "moge przyjsc z kolega?": "/register",
    "dla kogo to jest": AUDIENCE,
    "czy to dla studentów?": AUDIENCE,
    "o czym to bedzie": ABOUT,
    "jaki jest temat konferencji?": ABOUT,
    "jaki jest program": "Smart Specialisation: trans-regional",
    "co będzie po sesji?": "Agora Village",
    "jest jakis networking?": "Agora Village",
    "jak to się kończy?": "panel discussion",
    "co to jest TIBS?": "Transnational Innovation Brokerage System",
    "czym jest ten GoSmart": "A project that aims",
    "wyjaśnij S3P": "Smart Specialisation Platform",
    "kto to organizuje?": "Organizatorzy: GoSmart project team",
    "kto jest partnerem": "Partnerzy: European Commission",
    "do kogo sie zwrocic z pytaniem": "Osoba do kontaktu: Laura Gredzens",
    "jakie sa hashtagi?": "#EURegionsweek",
    "w ramach jakiego wydarzenia to jest?": "European Week",
    "czesc": "Cześć!",
    "dzieki wielkie": "Proszę bardzo!",
    "jestes botem?": "program, nie człowiek",
    "co potrafisz": "Mogę opowiedzieć",
    "do widzenia!": "Do zobaczenia",
}
UNANSWERABLE = {
    "jest szatnia?": "szatnia",
    "gdzie moge zaparkowac": "parking",
    "bedzie kawa?": "napoje",
    "będzie coś do jedzenia?": "jedzenie",
    "haslo do wifi?": "Wi-Fi",
    "czy będzie nagranie?": "nagranie",
    "dostanę certyfikat?": "certyfikaty",
    "czy moge przyjsc z psem": "zwierzęta",
    "gdzie jest toaleta?": "toalety",
    "jest winda?": "dostępność",
    "ile kosztuje wstęp?": "ile to kosztuje",
    "w jakim języku?": "język",
    "jaka bedzie pogoda?": "pogoda",
    "o czym mówi Urban?": "szczegółu",
    "ile lat ma Urban?": "szczegółu",
    "jaki jest kurs bitcoina?": "bitcoina",
    "jak ugotować bigos": "bigos",
}


def answered(answerer: Answerer, question: str, language: str = "pl") -> tuple[bool, str]:
    answer, _ = answerer.answer(question, NOON, language)
    assert answer.language == "pl"
    return answer.answered, answer.text


@pytest.mark.parametrize(("question", "told"), ANSWERED.items(), ids=ANSWERED)
def test_a_question_is_answered(sample_answerer: Answerer, question: str, told: str) -> None:
    known, text = answered(sample_answerer, question)
    assert told in text
    assert known


@pytest.mark.parametrize(("question", "named"), UNANSWERABLE.items(), ids=UNANSWERABLE)
def test_what_the_file_does_not_hold_is_not_answered(sample_answerer: Answerer, question: str, named: str) -> None:
    known, text = answered(sample_answerer, question)
    assert named in text
    assert not known


@pytest.mark.parametrize(
    ("questions", "last"),
    [
        (("kim jest Wiesław Urban?", "kiedy mówi?"), "Wieslaw Urban występuje"),
        (("kim jest Jokelainen?", "a skad pochodzi?"), "Lapland"),
        (("kto mówi?", "skąd jest drugi?"), "Flemish"),
        (("kto mówi?", "a ostatni?"), "Lapland"),
        (("kim jest Urban?", "kto mówi?"), SPEAKERS),
        (("kiedy to jest?", "a gdzie?"), WHERE),
        (("o której się zaczyna?", "a kończy?"), ENDS),
        (("co to TIBS?", "a ReConfirm?"), "S3P-Industry"),
    ],
    ids=lambda value: " / ".join(value) if isinstance(value, tuple) else value,
)
def test_a_follow_up_leans_on_what_was_said(sample_answerer: Answerer, questions: tuple[str, ...], last: str) -> None:
    conversation, text = Conversation(), ""
    for question in questions:
        answer, conversation = sample_answerer.answer(question, NOON, "pl", conversation)
        text = answer.text
    assert last in text


@pytest.mark.parametrize(
    "question", ["gdzie to jest?", "kto mówi?", "dzieki", "co to jest TIBS", "a o ktorej?", "czy jest parking"]
)
def test_plain_polish_is_answered_in_polish_whatever_the_phone_speaks(sample_answerer: Answerer, question: str) -> None:
    assert answered(sample_answerer, question, "en") == answered(sample_answerer, question)


@pytest.mark.parametrize(
    ("text", "own", "spoken"),
    [
        ("when does it start?", "pl", "en"),
        ("Urban?", "en", "en"),
        ("TIBS", "pl", "pl"),
        ("who is Kim", "en", "en"),
        ("do we go to the pub, no?", "en", "en"),
        ("xyz", "pl", "pl"),
        ("", "en", "en"),
        ("Kann ich irgendwo meinen Mantel lassen?", "en", "en"),
        ("¿Cómo se llama el hotel?", "en", "en"),
        ("o ktorej zaczyna sie keynote i kto go prowadzi", "en", "pl"),
    ],
)
def test_another_language_has_to_be_plain(text: str, own: str, spoken: str) -> None:
    assert plain_language(text, own, {"urban", "tibs"}) == spoken


@pytest.mark.parametrize(
    ("before", "left"),
    [
        (timedelta(minutes=1), "dziś, jeszcze 1 minuta."),
        (timedelta(minutes=22), "dziś, jeszcze 22 minuty."),
        (timedelta(minutes=25), "dziś, jeszcze 25 minut."),
        (timedelta(hours=5), "dziś, jeszcze 5 godzin."),
        (timedelta(days=1), "jutro."),
        (timedelta(days=3), "jeszcze 3 dni."),
    ],
    ids=str,
)
def test_how_long_it_is_still_reads_as_polish(sample_answerer: Answerer, before: timedelta, left: str) -> None:
    answer, _ = sample_answerer.answer("kiedy to jest", START - before, "pl")
    assert answer.text.endswith(left)


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (1, "Jest 1 miejsce."),
        (3, "Są 3 miejsca."),
        (5, "Jest 5 miejsc."),
        (22, "Są 22 miejsca."),
        (112, "Jest 112 miejsc."),
    ],
)
def test_seats_are_counted_as_in_polish(count: int, written: str) -> None:
    assert catalog("pl").text("answers.seats.capacity", count=count) == written


@settings(max_examples=100, deadline=None)
@given(words=st.lists(st.sampled_from(VOCABULARY.split()), max_size=25))
def test_any_polish_words_get_an_answer(words: list[str]) -> None:
    text = " ".join(words)
    answer, conversation = CONGRESS.answer(text, NOON, "pl")
    assert answer.text.strip()
    assert Conversation.from_json(conversation.to_json()) == conversation


def test_a_word_has_one_stem_with_and_without_accents() -> None:
    stems = Stems("folded:polish", whole=["czym"])
    assert stems.of("środę") == stems.of("srode") == stems.of("ŚRODA")
    assert (stems.of("czym"), stems.of("czymś")) == ("czym", Stems("folded:polish").of("czyms"))
