"""Registering, the waiting list, offers and cancelling, by people with phones."""

from datetime import datetime
from pathlib import Path

from tests.e2e.stage import COORDINATOR, SAMPLE, Stage, captions, eventually, staged, text_of

NOTE = "To attend the session, you have to register on the European Commission's website"


def event_with(folder: Path, old: str, new: str) -> str:
    """A copy of the sample event with one line changed; its path."""
    text = SAMPLE.read_text("utf-8")
    assert text.count(old) == 1, old
    path = folder / "event.yaml"
    path.write_text(text.replace(old, new), "utf-8")
    return str(path)


async def test_one_tap_and_a_confirmation_take_a_seat(stage: Stage) -> None:
    ada = await stage.person(101, "Ada", last_name="Lovelace")
    question = await ada.ask("/register")
    assert captions(question) == ["✅ Yes, keep me a seat", "❌ Not now"]
    seat = await ada.press(question, "✅")
    assert seat["message_id"] == question["message_id"]
    assert text_of(seat).startswith("✅ You have a seat. Your code: A0001")
    assert NOTE in text_of(seat)
    [row] = await stage.export()
    assert row | {"registered_at": ""} == {
        "registration": "1",
        "user_id": "101",
        "name": "Ada Lovelace",
        "session": "smart-specialisation",
        "status": "confirmed",
        "position": "",
        "registered_at": "",
        "checked_in_at": "",
    }
    assert (
        datetime.fromisoformat(row["registered_at"]).utcoffset()
        == datetime.fromisoformat("2019-10-07T12:00:00+02:00").utcoffset()
    )


async def test_saying_no_changes_nothing(stage: Stage) -> None:
    ada = await stage.person(101)
    answer = await ada.press(await ada.ask("/register"), "❌")
    assert text_of(answer) == "All right, nothing was changed."
    assert await stage.export() == []


async def test_registering_twice_is_harmless(stage: Stage) -> None:
    ada = await stage.person(101)
    question = await ada.ask("/register")
    for _ in range(3):
        await ada.tap(question, "✅")
    await ada.hears("You have a seat")
    again = await ada.ask("/register")
    assert text_of(again).startswith("✅ You have a seat.")
    assert [row["status"] for row in await stage.export()] == ["confirmed"]


async def test_a_full_session_has_a_waiting_list_and_a_freed_seat_goes_to_the_next(tmp_path: Path) -> None:
    async with staged(tmp_path, KNOWLEDGE_FILE=event_with(tmp_path, "capacity: 120", "capacity: 1")) as stage:
        ada, bob, cyd = [await stage.person(id, name) for id, name in ((1, "Ada"), (2, "Bob"), (3, "Cyd"))]
        await ada.register()
        question = await bob.ask("/register")
        assert captions(question)[0] == "✅ Put me on the waiting list"
        assert "number 1 on the waiting list" in text_of(await bob.press(question, "✅"))
        assert "number 2 on the waiting list" in text_of(await cyd.register())
        spoken = len(await cyd.heard())
        await ada.press(await ada.ask("/cancel"), "✅")
        await bob.hears("has become free")
        offer = (await bob.messages())[-1]
        assert captions(offer) == ["✅ Yes, take it", "❌ No, pass it on"]
        assert {row["user_id"]: (row["status"], row["position"]) for row in await stage.export()} == {
            "1": ("cancelled", ""),
            "2": ("offered", ""),
            "3": ("waitlisted", "1"),
        }
        assert "You have a seat" in text_of(await bob.press(offer, "✅"))
        assert len(await cyd.heard()) == spoken


async def test_a_refused_offer_goes_on_and_leaves_the_refuser_a_button_to_queue_again(tmp_path: Path) -> None:
    async with staged(tmp_path, KNOWLEDGE_FILE=event_with(tmp_path, "capacity: 120", "capacity: 1")) as stage:
        ada, bob, cyd = [await stage.person(id, name) for id, name in ((1, "Ada"), (2, "Bob"), (3, "Cyd"))]
        for each in (ada, bob, cyd):
            await each.register()
        await ada.press(await ada.ask("/cancel"), "✅")
        await bob.hears("has become free")
        refusal = await bob.press((await bob.messages())[-1], "❌")
        assert captions(refusal)[0] == "🎟 Register again"
        await cyd.hears("has become free")
        again = await bob.press(refusal, "🎟")
        assert "number 1" in text_of(again)
        assert "number 1 on the waiting list" in text_of(await bob.press(again, "✅"))


async def test_an_offer_that_nobody_answers_lapses_and_goes_to_the_next(tmp_path: Path) -> None:
    async with staged(tmp_path, KNOWLEDGE_FILE=event_with(tmp_path, "capacity: 120", "capacity: 1")) as stage:
        ada, bob, cyd = [await stage.person(id, name) for id, name in ((1, "Ada"), (2, "Bob"), (3, "Cyd"))]
        for each in (ada, bob, cyd):
            await each.register()
        await ada.press(await ada.ask("/cancel"), "✅")
        await bob.hears("has become free")
        await stage.post("clock", {"advance_seconds": 12 * 3600 + 1})
        await bob.hears("no longer, since I had no answer in time")
        await cyd.hears("has become free")
        late = await bob.press(next(each for each in await bob.messages() if "become free" in text_of(each)), "✅")
        assert "Nothing was changed" in text_of(late)
        assert [row["status"] for row in await stage.export()] == ["cancelled", "cancelled", "offered"]


async def test_raising_the_capacity_serves_the_queue_before_newcomers(tmp_path: Path) -> None:
    async with staged(tmp_path, KNOWLEDGE_FILE=event_with(tmp_path, "capacity: 120", "capacity: 1")) as stage:
        ada, bob, clara = await stage.person(1), await stage.person(2, "Bob"), await stage.coordinator()
        await ada.register()
        await bob.register()
        question = await clara.ask("/capacity 3")
        assert "The next person on the waiting list is offered a seat at once." in text_of(question)
        assert "1 taken" not in text_of(question)
        await clara.press(question, "✅")
        await bob.hears("has become free")
        assert stage.rows("SELECT capacity FROM sessions") == [(3,)]


async def test_lowering_the_capacity_takes_nobodys_seat_away(stage: Stage) -> None:
    ada, bob, clara = await stage.person(1), await stage.person(2, "Bob"), await stage.coordinator()
    await ada.register()
    await bob.register()
    question = await clara.ask("/capacity 1")
    assert "2 seats are taken already. Nobody loses a seat" in text_of(question)
    await clara.press(question, "✅")
    assert [row["status"] for row in await stage.export()] == ["confirmed", "confirmed"]
    assert "number 1 on the waiting list" in text_of(await (await stage.person(3, "Cyd")).register())


async def test_a_capacity_set_in_the_chat_survives_a_restart(stage: Stage) -> None:
    clara = await stage.coordinator()
    await clara.press(await clara.ask("/capacity 7"), "✅")
    await stage.bot.stop()
    await stage.bot.start()
    await stage.bot.running()
    assert stage.rows("SELECT file_capacity, capacity FROM sessions") == [(120, 7)]


async def test_capacity_by_buttons_alone_asks_for_a_number_until_it_gets_one(stage: Stage) -> None:
    clara = await stage.coordinator()
    menu = await clara.press(await clara.ask("/start"), "🛠")
    await clara.press(menu, "🪑")
    assert text_of(await clara.ask("many")) == "Please write a whole number from 0 to 1,000,000."
    await clara.press(await clara.ask("200"), "✅")
    assert stage.rows("SELECT capacity FROM sessions") == [(200,)]


async def test_status_says_what_one_has_and_which_other_register_counts(stage: Stage) -> None:
    ada = await stage.person(101)
    nothing = await ada.ask("/status")
    assert text_of(nothing).startswith("You have no seat yet.")
    assert NOTE in text_of(nothing)
    await ada.register()
    assert text_of(await ada.ask("/status")).startswith("✅ You have a seat.")


async def test_registration_that_is_closed_says_since_when(stage: Stage) -> None:
    ada = await stage.person(101)
    question = await ada.ask("/register")
    await stage.set_clock(datetime.fromisoformat("2019-10-09T16:30:01+02:00"))
    assert "closed on Wednesday, 9 October 2019, 16:30 (Brussels time)" in text_of(await ada.press(question, "✅"))
    assert "closed on" in text_of(await ada.ask("/register"))


async def test_registration_that_is_not_open_yet_says_when_it_opens(tmp_path: Path) -> None:
    text = SAMPLE.read_text("utf-8").replace("\nregistration:\n", "\nregistration:\n  opens: 2019-10-08T09:00\n")
    (tmp_path / "event.yaml").write_text(text, "utf-8")
    async with staged(tmp_path, KNOWLEDGE_FILE=str(tmp_path / "event.yaml")) as stage:
        ada = await stage.person(101)
        assert "opens on Tuesday, 8 October 2019, 09:00 (Brussels time)" in text_of(await ada.ask("/register"))


async def test_once_it_has_begun_nothing_is_given_back_and_who_is_here_stays_here(stage: Stage) -> None:
    ada, clara = await stage.person(101, "Ada"), await stage.coordinator()
    await ada.register()
    question = await ada.ask("/cancel")
    await clara.press(await clara.ask("/checkin ada"), "☐")
    await stage.set_clock(datetime.fromisoformat("2019-10-09T16:30:00+02:00"))
    for answer in (await ada.press(question, "✅"), await ada.ask("/cancel")):
        assert "has begun, so there is nothing left to give back" in text_of(answer)
    [row] = await stage.export()
    assert (row["status"], row["checked_in_at"] != "") == ("confirmed", True)


async def test_the_door_finds_people_checks_them_in_and_undoes_it(stage: Stage) -> None:
    ada, clara = await stage.person(101, "Zoë", last_name="Müller"), await stage.coordinator()
    await ada.register()
    for query in ("muller", "Zoe", "Mueler", "A0001", "a0001"):
        found = await clara.ask(f"/checkin {query}")
        assert captions(found)[0] == "☐ Zoë Müller · A0001", query
    done = await clara.press(found, "☐")
    assert "Zoë Müller (A0001) is checked in since 12:0" in text_of(done)
    assert (await stage.export())[0]["checked_in_at"].startswith("2019-10-07T12:0")
    again = await clara.ask("muller")
    assert captions(again)[0].startswith("☑ Zoë Müller · A0001, 12:0")
    await clara.press(again, "☑")
    assert (await stage.export())[0]["checked_in_at"] == ""


async def test_the_export_in_the_chat_is_the_one_of_the_terminal(stage: Stage) -> None:
    ada, clara = await stage.person(101, "=cmd()", last_name="Evil"), await stage.coordinator()
    await ada.register()
    sent = await clara.press(await clara.ask("/export"), "CSV")
    assert sent["document"]["file_name"] == "registrations.csv"
    path = (
        await stage.client.get(
            f"/bot{stage.environment['TELEGRAM_BOT_TOKEN']}/getFile", params={"file_id": sent["document"]["file_id"]}
        )
    ).json()["result"]["file_path"]
    content = (await stage.client.get(f"/file/bot{stage.environment['TELEGRAM_BOT_TOKEN']}/{path}")).text
    _, output, _ = await stage.agora("export")
    assert content == output
    assert ",'=cmd() Evil," in content


async def test_everything_for_a_coordinator_works_by_buttons(stage: Stage) -> None:
    clara = await stage.coordinator()
    menu = await clara.press(await clara.ask("/start"), "🛠")
    assert captions(menu) == [
        "📣 Announce",
        "📊 Figures",
        "❓ Open questions",
        "🚪 Check in",
        "📄 Export",
        "🪑 Seats",
        "🏠 Home",
    ]
    for caption in captions(menu)[:-1]:
        menu = await clara.press(await clara.ask("/start"), "🛠")
        assert text_of(await clara.press(menu, caption)), caption


async def test_a_person_who_blocked_the_bot_gets_no_offer_silently_lost(tmp_path: Path) -> None:
    async with staged(tmp_path, KNOWLEDGE_FILE=event_with(tmp_path, "capacity: 120", "capacity: 1")) as stage:
        ada, bob, cyd = [await stage.person(id, name) for id, name in ((1, "Ada"), (2, "Bob"), (3, "Cyd"))]
        for each in (ada, bob, cyd):
            await each.register()
        await stage.trouble(block=2)
        await ada.press(await ada.ask("/cancel"), "✅")
        await eventually(lambda: stage.rows("SELECT state FROM outbox WHERE key = 'offer:2'") == [("blocked",)])
        assert COORDINATOR == 900
