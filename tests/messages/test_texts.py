"""What people read, word for word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.attendance.audience import Audience, Who
from bot.attendance.changes import Told
from bot.attendance.outcomes import AlreadyRegistered, Cancelled, NoSuchSession, NothingThere, Refused, Registered
from bot.attendance.registration import Status
from bot.attendance.seating import Closed, NotYet, Seats
from bot.knowledge.event import RegistrationRules, ReminderRule, Speaker
from bot.messages import agenda, broadcasts, changes, help, privacy, questions, registrations, reminders, reports
from bot.messages.broadcasts import Outcome
from bot.messages.message import Message, Style
from bot.messages.wording import Wording, shortened
from tests.builders import (
    END,
    FOLLOW_UP,
    HOUR_BEFORE,
    NOON,
    START,
    event,
    registration,
    session,
    wording,
    words,
)
from tests.messages.everything import buttons, captions

SAYS = wording(
    event(registration=RegistrationRules(note=words("Register on the website too."), website="https://example.org"))
)
TALK = SAYS.event.sessions[0]
FACTS = "🗓 Wednesday, 9 October 2019, 16:30–19:00 (Brussels time)\n📍 Room 313, Town Hall"
NOTE = "ℹ️ Register on the website too.\n🔗 https://example.org"
HOME = [
    ["🎟 Register", "📋 My seat"],
    ["🗓 Programme", "📍 How to get there"],
    ["🔔 Reminders", "🌐 Language"],
    ["💬 What can I ask?", "🔒 My data"],
]
CONFIRMED = registration()
CHECKED_IN = registration(checked_in_at=START)
OFFERED = registration(Status.OFFERED, offered_until=NOON + timedelta(hours=12))
WAITLISTED = registration(Status.WAITLISTED, position=3)
CANCELLED = registration(Status.CANCELLED)


def rows(message: Message) -> list[list[str]]:
    return [[each.label for each in row] for row in message.buttons]


@pytest.mark.parametrize(
    ("before", "left"),
    [
        (timedelta(days=1), "1 day"),
        (timedelta(hours=25), "1 day 1 hour"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=59, seconds=59), "1 hour"),
        (timedelta(minutes=59, seconds=29), "59 minutes"),
        (timedelta(minutes=12), "12 minutes"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(seconds=30), "30 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(milliseconds=10), "1 second"),
    ],
)
def test_a_reminder_tells_what_is_left_when_it_is_sent(before: timedelta, left: str) -> None:
    message = reminders.reminder(SAYS, TALK, HOUR_BEFORE, START - before)
    assert message.text == f"🔔 <b>Opening talk</b> starts in {left}.\n\n{FACTS}"
    assert rows(message) == [["📍 How to get there"], ["📋 My seat", "🔔 Reminders"]]


def test_a_rules_own_words_stand_in_its_reminder() -> None:
    before = ReminderRule("coat", before=timedelta(hours=1), text=words("Bring a coat & a hat."))
    assert reminders.reminder(SAYS, TALK, before, START - timedelta(hours=1)).text == (
        f"🔔 <b>Opening talk</b> starts in 1 hour.\n\nBring a coat &amp; a hat.\n\n{FACTS}"
    )
    after = ReminderRule("village", after=timedelta(), text=words("Come to the village."))
    assert reminders.reminder(SAYS, TALK, after, END) == Message("Come to the village.", ((SAYS.screen("start"),),))


def test_a_follow_up_without_words_of_its_own_says_thank_you() -> None:
    assert reminders.reminder(SAYS, TALK, FOLLOW_UP, END).text == "🙏 Thank you for coming to <b>Opening talk</b>!"


WELCOME = (
    f"👋 Welcome to <b>Agora Days</b>.\n\n{FACTS}\n\nAsk me anything about it in your own words, such as “Which room?” "
    "or “Who speaks?”. I can also keep you a seat and remind you in time."
)


def test_the_first_screen_says_what_when_where_and_what_to_do() -> None:
    message = help.welcome(SAYS, coordinator=False)
    assert (message.text, rows(message)) == (WELCOME, HOME)


def test_a_coordinator_finds_the_tools_behind_the_last_button() -> None:
    message = help.welcome(SAYS, coordinator=True)
    assert message.text == (
        f"{WELCOME}\n\n🛠 You are a coordinator of this event: your tools are behind the last button."
    )
    assert rows(message) == [*HOME, ["🛠 Coordinator"]]


def test_an_event_of_several_days_is_welcomed_with_its_first_and_last() -> None:
    says = wording(event(session(), session("close", start=START + timedelta(days=1), end=None)))
    assert help.welcome(says, coordinator=False).text.split("\n\n")[1] == (
        "🗓 2 sessions, Wednesday, 9 October 2019 – Thursday, 10 October 2019 (Brussels time)\n📍 Town Hall"
    )


def test_without_registration_no_seat_is_promised() -> None:
    message = help.welcome(wording(event(session(capacity=None))), coordinator=False)
    assert message.text.endswith("such as “Which room?” or “Who speaks?”.")
    assert rows(message)[0] == ["🗓 Programme", "📍 How to get there"]


def test_help_lists_every_command_and_a_coordinators_besides() -> None:
    attendee = help.help_text(SAYS, coordinator=False).text
    assert attendee == (
        "Just write what you want to know: when and where it is, who speaks, what it is about, how to get there, "
        "what comes afterwards.\n\n"
        "/start – What this is, with buttons for everything\n"
        "/help – What you can ask and do\n"
        "/agenda – The programme\n"
        "/register – Take a seat\n"
        "/cancel – Give your seat back\n"
        "/status – Your seat or place in the queue\n"
        "/reminders – Choose your reminders\n"
        "/language – Choose your language\n"
        "/privacy – Your data: see it, get it, delete it"
    )
    assert help.help_text(SAYS, coordinator=True).text == (
        f"{attendee}\n\nFor you as a coordinator:\n\n"
        "/broadcast – Announce something to everybody\n"
        "/stats – Figures: seats, queue, check-ins\n"
        "/questions – Questions waiting for your answer\n"
        "/checkin – Check people in at the door\n"
        "/export – All registrations as a file\n"
        "/capacity – Change the number of seats"
    )


def test_the_agenda_is_sorted_by_day_and_numbered() -> None:
    closing = session("close", title="Closing", start=START + timedelta(days=1), end=None, room=None)
    message = agenda.agenda(wording(event(closing, session())), 0, NOON)
    assert message.text == (
        "🗓 <b>Agora Days</b>\nTimes are Brussels time. Tap a number for more.\n\n"
        "<b>Wednesday, 9 October 2019</b>\n1. 16:30–19:00 Opening talk (room 313)\n\n"
        "<b>Thursday, 10 October 2019</b>\n2. 16:30 Closing"
    )
    assert [each.data for each in message.buttons[0]] == ["session:talk", "session:close"]


@pytest.mark.parametrize(
    ("page", "numbers", "paging"),
    [
        (-1, 8, ["Later ➡️"]),
        (0, 8, ["Later ➡️"]),
        (1, 8, ["⬅️ Earlier", "Later ➡️"]),
        (2, 4, ["⬅️ Earlier"]),
        (9, 4, ["⬅️ Earlier"]),
    ],
)
def test_a_long_agenda_has_pages(page: int, numbers: int, paging: list[str]) -> None:
    many = [session(f"s{number}", start=START + timedelta(hours=number)) for number in range(20)]
    message = agenda.agenda(wording(event(*many)), page, NOON)
    assert (len(message.buttons[0]), rows(message)[1]) == (numbers, paging)


@pytest.mark.parametrize(("hours", "page"), [(-1, 0), (8, 0), (11, 1), (19, 2), (500, 2)])
def test_the_agenda_opens_where_the_event_is(hours: int, page: int) -> None:
    many = [
        session(f"s{number}", start=START + timedelta(hours=number), end=START + timedelta(hours=number + 1))
        for number in range(20)
    ]
    assert agenda.first_page_of_today(wording(event(*many)), START + timedelta(hours=hours)) == page


def test_an_event_of_one_session_is_shown_whole() -> None:
    ada, bob = Speaker("ada", "Ada", words("University"), words("chair")), Speaker("bob", "Bob")
    talk = session(speakers=["ada", "bob"], description="About & around it.")
    message = agenda.agenda(wording(event(talk, speakers=[ada, bob])), 0, NOON)
    assert message.text == (
        f"<b>Opening talk</b>\n\n{FACTS}\n\n🎤 Speakers:\n• Ada, chair, University\n• Bob\n\nAbout &amp; around it."
    )
    assert rows(message) == [["🎟 Register"], ["📍 How to get there"], ["🏠 Home"]]


def test_once_it_has_started_nobody_is_invited_to_register() -> None:
    assert rows(agenda.session_details(SAYS, TALK, START)) == [["📍 How to get there"], ["🏠 Home"]]


def test_the_way_there_in_words() -> None:
    assert agenda.directions(SAYS).text == "📍 <b>Town Hall</b>\nMain Square 1\n📍 Room 313"
    assert agenda.directions(wording(event(venue=None))).text == "I have not been told where it takes place."


ASK = f"🎟 Shall I keep you a seat for <b>Opening talk</b>?\n\n{FACTS}\n\n"
PRIVACY = "\n\n<i>I keep your name and your Telegram id for this event only. More: /privacy</i>"
FULL = (
    "All seats are taken at the moment. I can put you on the waiting list: you would be number <b>{}</b>, "
    "and I write to you as soon as a seat is free."
)


@pytest.mark.parametrize(
    ("seats", "standing", "go"),
    [
        (Seats(2, 1, 0), "1 seat is free.", "✅ Yes, keep me a seat"),
        (Seats(120, 0, 0), "120 seats are free.", "✅ Yes, keep me a seat"),
        (Seats(2, 2, 0), FULL.format(1), "✅ Put me on the waiting list"),
        (Seats(2, 1, 4), FULL.format(5), "✅ Put me on the waiting list"),
    ],
)
def test_before_registering_one_knows_what_one_would_get(seats: Seats, standing: str, go: str) -> None:
    message = registrations.ask(SAYS, TALK, seats)
    assert (message.text, rows(message)) == (ASK + standing + PRIVACY, [[go], ["❌ Not now"]])


SEAT = "✅ <b>You have a seat.</b> Your code: <b>A0001</b>"
HELD = "🎟 <b>A seat is held for you</b> until Tuesday, 8 October 2019, 00:00 (Brussels time). Do you want it?"
QUEUED = "⏳ <b>You are number 3 on the waiting list.</b> I write to you as soon as a seat is free."


@pytest.mark.parametrize(
    ("outcome", "head", "choices"),
    [
        (Registered(CONFIRMED), SEAT, [["↩️ Give my seat back"]]),
        (
            AlreadyRegistered(CONFIRMED),
            f"You are registered already; nothing has changed.\n\n{SEAT}",
            [["↩️ Give my seat back"]],
        ),
        (
            AlreadyRegistered(CHECKED_IN),
            "You are registered already; nothing has changed.\n\n✅ <b>You are checked in.</b> Your code: <b>A0001</b>",
            [["↩️ Give my seat back"]],
        ),
        (Registered(WAITLISTED), QUEUED, [["↩️ Leave the waiting list"]]),
        (
            AlreadyRegistered(OFFERED),
            f"You are registered already; nothing has changed.\n\n{HELD}",
            [["✅ Yes, take it"], ["❌ No, pass it on"]],
        ),
    ],
    ids=["seat", "seat before", "checked in before", "queue", "offer before"],
)
def test_after_registering_one_sees_where_one_stands(
    outcome: Registered | AlreadyRegistered, head: str, choices: list[list[str]]
) -> None:
    message = registrations.registered(SAYS, TALK, outcome)
    assert message.text == f"{head}\n\n<b>Opening talk</b>\n{FACTS}\n\n{NOTE}"
    assert rows(message) == [*choices, ["🔔 Reminders", "🏠 Home"]]


@pytest.mark.parametrize(
    ("hindrance", "text"),
    [
        (
            NotYet(NOON),
            "Registration for <b>Opening talk</b> opens on Monday, 7 October 2019, 12:00 (Brussels time). "
            "Please come back then.",
        ),
        (
            Closed(START),
            "Registration for <b>Opening talk</b> closed on Wednesday, 9 October 2019, 16:30 (Brussels time).",
        ),
        (NoSuchSession(), "No registration is needed here. The programme shows what is on."),
    ],
)
def test_whoever_cannot_register_hears_why(hindrance: NotYet | Closed | NoSuchSession, text: str) -> None:
    message = registrations.registered(SAYS, TALK, hindrance)
    assert (message.text, rows(message)) == (text, [["🗓 Programme"]])


def test_ones_status_is_where_one_stands_in_every_session() -> None:
    assert registrations.status(SAYS, []).text == f"You have no seat yet.\n\n{NOTE}"
    assert registrations.status(SAYS, [WAITLISTED]).text == f"{QUEUED}\n\n<b>Opening talk</b>\n{FACTS}\n\n{NOTE}"
    two = wording(event(session(), session("lunch", title="Lunch", room=None)))
    message = registrations.status(
        two, [CONFIRMED, registration(Status.OFFERED, number=2, session="lunch", offered_until=OFFERED.offered_until)]
    )
    assert message.text == (
        f"{SEAT}\n\n<b>Opening talk</b>\n{FACTS}\n\n"
        f"{HELD}\n\n<b>Lunch</b>\n🗓 Wednesday, 9 October 2019, 16:30–19:00 (Brussels time)\n📍 Town Hall"
    )
    assert rows(message) == [["↩️ Opening talk"], ["✅ Lunch", "❌ Lunch"], ["🏠 Home"]]


def test_what_left_the_programme_is_not_shown() -> None:
    gone = registration(session="gone")
    assert registrations.status(SAYS, [gone]) == registrations.status(SAYS, [])
    assert registrations.choose_cancellation(SAYS, [gone]) == registrations.choose_cancellation(SAYS, [])


def test_giving_back_is_asked_once() -> None:
    seat = registrations.choose_cancellation(SAYS, [CONFIRMED])
    assert seat == registrations.ask_to_cancel(SAYS, CONFIRMED)
    assert (seat.text, rows(seat)) == (
        f"Give back your seat for <b>Opening talk</b>? If somebody is waiting, it goes to them.\n\n{FACTS}",
        [["✅ Yes, cancel"], ["❌ No, keep it"]],
    )
    assert registrations.ask_to_cancel(SAYS, WAITLISTED).text == (
        f"Leave the waiting list for <b>Opening talk</b>? Your place in it would be lost.\n\n{FACTS}"
    )


@pytest.mark.parametrize(
    ("outcome", "text", "offered_again"),
    [
        (Cancelled(CONFIRMED), "Your seat is given back. Thank you for saying so.", True),
        (Cancelled(OFFERED), "Your seat is given back. Thank you for saying so.", True),
        (Cancelled(WAITLISTED), "You are no longer on the waiting list.", True),
        (
            NothingThere("talk"),
            "This registration has been cancelled, or the offer has run out. Nothing was changed.",
            True,
        ),
        (
            NothingThere(None),
            "This registration has been cancelled, or the offer has run out. Nothing was changed.",
            False,
        ),
    ],
)
def test_after_giving_back_one_may_come_again(
    outcome: Cancelled | NothingThere, text: str, offered_again: bool
) -> None:
    message = registrations.cancelled(SAYS, outcome, NOON)
    again = [["🎟 Register again"]] if offered_again else []
    assert (message.text, rows(message)) == (text, [*again, ["🏠 Home"]])


def test_an_offer_says_until_when_it_stands() -> None:
    message = registrations.offer(SAYS, TALK, OFFERED, NOON + timedelta(minutes=30))
    assert message.text == (
        f"🎉 A seat for <b>Opening talk</b> has become free, and you are next in line. Do you want it?\n\n{FACTS}\n\n"
        "I hold it for you until Tuesday, 8 October 2019, 00:00 (Brussels time): 11 hours 30 minutes from now."
    )
    assert [(each.label, each.style) for each in buttons(message)] == [
        ("✅ Yes, take it", Style.GO),
        ("❌ No, pass it on", Style.STOP),
    ]


def test_an_offer_that_is_over_leaves_a_way_back() -> None:
    assert registrations.lapsed(SAYS, TALK, NOON).text == (
        "I could hold the seat for <b>Opening talk</b> no longer, since I had no answer in time."
    )
    assert registrations.refused(SAYS, Refused(OFFERED), NOON).text == "All right, I pass the seat on."
    for message in (registrations.lapsed(SAYS, TALK, NOON), registrations.refused(SAYS, Refused(OFFERED), NOON)):
        assert rows(message) == [["🎟 Register again"], ["🏠 Home"]]


def test_a_choice_of_sessions_has_times_pages_and_a_way_out() -> None:
    many = [session(f"s{number}", start=START + timedelta(hours=number)) for number in range(10)]
    message = registrations.choose_session(wording(event(*many)), many, 1)
    assert (message.text, rows(message)) == (
        "Which session would you like a seat for?",
        [["Thu 10 Oct 00:30 Opening talk"], ["Thu 10 Oct 01:30 Opening talk"], ["⬅️ Earlier"], ["❌ Not now"]],
    )


@pytest.mark.parametrize(
    ("sent", "not_reached", "recipients", "text"),
    [
        (0, 0, 1000, "📣 ░░░░░░░░░░ 0 of 1,000"),
        (400, 99, 1000, "📣 ▓▓▓▓░░░░░░ 499 of 1,000"),
        (998, 1, 1000, "📣 ▓▓▓▓▓▓▓▓▓░ 999 of 1,000"),
        (990, 10, 1000, "📣 ▓▓▓▓▓▓▓▓▓▓ 1,000 of 1,000"),
        (0, 0, 0, "📣 ▓▓▓▓▓▓▓▓▓▓ 0 of 0"),
    ],
)
def test_a_broadcasts_progress_is_a_bar(sent: int, not_reached: int, recipients: int, text: str) -> None:
    assert broadcasts.progress(SAYS, "announcement", 1, sent, not_reached, recipients).text == text


@pytest.mark.parametrize(
    ("count", "text", "go"),
    [
        (1, "⬆️ This goes to <b>1 person</b>, exactly as it stands. Send it?", "✅ Send to 1 person"),
        (1000, "⬆️ This goes to <b>1,000 people</b>, exactly as it stands. Send it?", "✅ Send to 1,000 people"),
    ],
)
def test_before_a_broadcast_one_knows_how_many_will_hear_it(count: int, text: str, go: str) -> None:
    message = broadcasts.ask(SAYS, 1, count, Audience())
    choices = [["👥 To others", "🕒 Later"], ["🧪 Send it to me alone"], ["❌ Do not send"]]
    assert (message.text, rows(message)) == (text, [[go], *choices])


def test_a_broadcast_to_nobody_cannot_be_sent_but_aimed_elsewhere() -> None:
    message = broadcasts.ask(SAYS, 1, 0, Audience(Who.CHECKED_IN, "talk", "de"))
    assert message.text == (
        "⬆️ There is nobody to send it to at the moment. You can choose others.\nTo: Checked in · Opening talk · Deutsch"
    )
    assert not any(label.startswith("✅") for row in rows(message) for label in row)


def test_whom_a_broadcast_reaches_is_chosen_with_figures() -> None:
    counts = {who: 1000 + index for index, who in enumerate(Who)}
    message = broadcasts.choose_audience(SAYS, 1, Audience(Who.CONFIRMED), counts, ["en", "de"])
    assert rows(message) == [
        ["Everybody who has written to me (1,000)"],
        ["Everybody registered (1,001)"],
        ["● With a seat (1,002)"],
        ["On the waiting list (1,003)"],
        ["Checked in (1,004)"],
        ["With a seat, not checked in (1,005)"],
        ["🌐 Language: All languages"],
        ["⬅️ Back"],
    ]


def test_a_broadcasts_report_names_whom_to_reach_another_way() -> None:
    reasons = (("blocked", 20), ("expired", 1), ("refused", 1), ("unreachable", 2), ("unheard of", 3))
    report = broadcasts.report(SAYS, Outcome(1, "announcement", 977, reasons, ("Ada <3", "Bob"), 0, True))
    assert report.text == (
        "📣 <b>Your announcement reached 977 people.</b>\n"
        "• 20 people have blocked the bot or left Telegram.\n"
        "• 1 message came too late to be useful and was not sent.\n"
        "• 1 message was refused by Telegram.\n"
        "• 2 people could not be reached: Telegram did not take the message.\n"
        "• 3 messages were refused by Telegram.\n"
        "Not reached: Ada &lt;3, Bob\n"
        "… and 25 more"
    )
    afterwards = [
        ["📄 Who was not reached"],
        ["✏️ Correct it everywhere"],
        ["🗑 Take it back"],
        ["🛠 Coordinator"],
    ]
    assert rows(report) == afterwards
    to_one = broadcasts.report(SAYS, Outcome(1, "announcement", 1))
    assert (to_one.text, rows(to_one)) == (
        "📣 <b>Your announcement reached 1 person.</b>",
        [["🗑 Take it back"], ["🛠 Coordinator"]],
    )


def test_what_changes_an_announcement_is_reported_on_in_its_own_words() -> None:
    missed = (("blocked", 1), ("refused", 2), ("too old", 3))
    assert broadcasts.report(SAYS, Outcome(1, "correction", 7, missed[:2])).text == (
        "✏️ <b>7 copies now say what you wrote.</b>\n"
        "• 1 person has blocked the bot or left Telegram.\n"
        "• 2 copies could not be changed: they are gone, or Telegram did not allow it."
    )
    assert broadcasts.report(SAYS, Outcome(1, "withdrawal", 7, missed[2:])).text == (
        "🗑 <b>7 copies were taken back.</b>\n"
        "• 3 copies are older than 48 hours, and Telegram no longer lets me delete them. They can still be corrected."
    )


def test_a_session_that_has_moved_says_what_was_and_what_is() -> None:
    of = event().sessions[0]
    before = replace(Told.of(of), start=START - timedelta(days=1), end=None, room=words("Cellar"))
    message = changes.changed(SAYS, of, before)
    assert (message.text, rows(message)) == (
        "⚠️ <b>Please note: “Opening talk” has changed.</b>\n"
        "🗓 It was planned for Tuesday, 8 October 2019, 16:30.\n"
        "📍 It was planned for room Cellar.\n\n"
        f"{FACTS}",
        [["📋 My seat", "↩️ Cancel"], ["📍 How to get there"]],
    )


def test_the_figures() -> None:
    assert reports.stats(SAYS, {"talk": Seats(1200, 1100, 3)}, {"talk": 1}, 1, 0).text == (
        "<b>Opening talk</b>\n🪑 1,100 of 1,200 seats taken\n⏳ 3 people waiting\n🚪 1 person checked in\n\n"
        "👤 1 person has written to me.\n❓ 0 questions wait for your answer."
    )


@pytest.mark.parametrize(
    ("seats", "capacity", "text"),
    [
        (
            Seats(2, 2, 3),
            4,
            "🪑 Change the seats of <b>Opening talk</b> from 2 to <b>4</b>?\n\n"
            "The next 2 people on the waiting list are offered a seat at once.",
        ),
        (
            Seats(2, 2, 1),
            9,
            "🪑 Change the seats of <b>Opening talk</b> from 2 to <b>9</b>?\n\n"
            "The next person on the waiting list is offered a seat at once.",
        ),
        (
            Seats(2, 1, 0),
            0,
            "🪑 Change the seats of <b>Opening talk</b> from 2 to <b>0</b>?\n\n"
            "1 seat is taken already. Nobody loses a seat; a seat that is given back is not given out again until the "
            "number fits.",
        ),
        (Seats(2, 1, 0), 1200, "🪑 Change the seats of <b>Opening talk</b> from 2 to <b>1,200</b>?"),
    ],
)
def test_before_the_number_of_seats_changes_one_knows_what_that_does(seats: Seats, capacity: int, text: str) -> None:
    message = reports.ask_capacity(SAYS, TALK, seats, capacity)
    assert (message.text, rows(message)) == (text, [["✅ Yes, change it"], ["❌ Not now"]])


def test_at_the_door_one_tap_checks_in_and_another_takes_it_back() -> None:
    message = reports.found(SAYS, "<Ada>", [CONFIRMED, CHECKED_IN, OFFERED, WAITLISTED])
    assert message.text == "For “&lt;Ada&gt;” I found:"
    assert [(each.label, each.data) for each in buttons(message)][:4] == [
        ("☐ Ada Lovelace · A0001", "in:1"),
        ("☑ Ada Lovelace · A0001, 16:30 – undo", "out:1"),
        ("🎟 Ada Lovelace · A0001: offered", "in:1"),
        ("⏳ Ada Lovelace · A0001: waiting", "in:1"),
    ]


@pytest.mark.parametrize(
    ("held", "text", "tap"),
    [
        (
            CHECKED_IN,
            "✅ <b>Ada Lovelace</b> (A0001) is checked in since 16:30.",
            ["☑ Ada Lovelace · A0001, 16:30 – undo"],
        ),
        (OFFERED, "🎟 <b>Ada Lovelace</b> has been offered a seat and has not taken it yet.", []),
        (WAITLISTED, "⏳ <b>Ada Lovelace</b> is on the waiting list and has no seat yet.", []),
        (CANCELLED, "❌ <b>Ada Lovelace</b> has cancelled.", []),
    ],
    ids=["seat", "offer", "queue", "cancelled"],
)
def test_the_word_at_the_door(held: object, text: str, tap: list[str]) -> None:
    message = reports.checked_in(SAYS, held)  # type: ignore[arg-type]
    assert (message.text, captions(message)[: len(tap)]) == (text, tap)


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (CONFIRMED, "☐ <b>Ada Lovelace</b> (A0001) is no longer checked in."),
        (CANCELLED, "❌ <b>Ada Lovelace</b> has cancelled."),
    ],
    ids=["seat", "cancelled meanwhile"],
)
def test_a_check_in_is_taken_back_whatever_has_happened_meanwhile(held: object, text: str) -> None:
    assert reports.check_in_undone(SAYS, held).text == text  # type: ignore[arg-type]


def test_the_switches_for_reminders_show_how_they_stand() -> None:
    message = reminders.settings(SAYS, frozenset({"day-before"}), timedelta(minutes=45))
    own = "⏰ Tap how long before a session you want a reminder of your own, or write it: /reminders 45 minutes"
    assert message.text == (f"🔔 Those who hold a seat get these reminders. Tap one to switch it off or on.\n\n{own}")
    assert [(each.label, each.data) for each in buttons(message)] == [
        ("🔕 1 day before: off", "remind:day-before:1"),
        ("🔔 1 hour before: on", "remind:hour-before:0"),
        ("🔔 10 minutes after the end: on", "remind:follow-up:0"),
        ("10 minutes", "lead:10"),
        ("30 minutes", "lead:30"),
        ("● 45 minutes", "lead:45"),
        ("1 hour", "lead:60"),
        ("2 hours", "lead:120"),
        ("1 day", "lead:1440"),
        ("2 days", "lead:2880"),
        ("None of my own", "lead:0"),
        ("🏠 Home", "show:start:0"),
    ]
    assert reminders.settings(wording(event(reminders=())), frozenset()).text == own
    without_seats = wording(event(session(capacity=None)))
    assert reminders.settings(without_seats, frozenset()).text == "This event sends no reminders."


def test_the_privacy_screen_says_what_is_kept_and_until_when() -> None:
    message = privacy.policy(SAYS)
    assert message.text == (
        "🔒 <b>Your data</b>\nI keep your name and your Telegram id, the language you use, your registrations and the "
        "questions that you pass on: to keep your seat and to write to you. Everything is erased on Friday, 8 November "
        "2019, or at once if you wish. Nothing goes to anybody but the organisers."
    )
    assert captions(message) == ["📄 Send me my data", "🗑 Delete my data", "🏠 Home"]


def test_a_question_goes_to_the_coordinator_and_the_answer_comes_back_under_it() -> None:
    asked = questions.for_coordinator(SAYS, 7, "Is there <coffee>?")
    assert (asked.text, [each.data for each in buttons(asked)]) == (
        "✋ <b>Somebody asks:</b>\nIs there &lt;coffee&gt;?\n\nReply to this message, or tap “Answer”.",
        ["answer:7", "dismiss:7"],
    )
    assert questions.from_coordinator(SAYS, "Coffee?", "Yes & tea").text == (
        "💬 You asked: <i>Coffee?</i>\n\n<b>The organisers answer:</b>\nYes &amp; tea"
    )


def test_open_questions_have_a_button_each() -> None:
    message = questions.open_questions(SAYS, [(7, "Coffee?", 3), (8, "Tea?", 1)])
    assert message.text == "❓ <b>2 questions wait for your answer.</b>\n\n7. Coffee? <i>(asked by 3)</i>\n\n8. Tea?"
    assert captions(message) == ["✍️ Answer no. 7", "✍️ Answer no. 8", "🛠 Coordinator"]


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("two words", 9, "two words"),
        ("two words here", 12, "two words…"),
        ("a few words", 8, "a few…"),
        ("a verylongword", 10, "a verylon…"),
        ("", 5, ""),
    ],
)
def test_a_long_text_is_cut_at_a_word(text: str, most: int, cut: str) -> None:
    assert shortened(text, most) == cut


def test_a_phrase_takes_no_markup_from_its_fields() -> None:
    says: Wording = wording()
    assert says.text("session.title", title="<b>&</b>") == "<b>&lt;b&gt;&amp;&lt;/b&gt;</b>"
    assert says.text("session.title", title=says.text("session.title", title="x")) == "<b><b>x</b></b>"
    assert says.label("cancel.named", title="<b>&</b>") == "↩️ <b>&</b>"
