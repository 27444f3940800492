"""Free text: answered from the file, or honestly not; passed on to a coordinator and back."""

import pytest

from tests.e2e.stage import Stage, captions, text_of


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When does it start?", ["16:30", "9 October 2019"]),
        ("how long does it last", ["2 hours 30 minutes"]),
        ("which room", ["313+315"]),
        ("where does it take place?", ["SQUARE", "Mont des Arts"]),
        ("who is speaking?", ["Wieslaw Urban", "Kathleen D’Hondt", "Kristiina Jokelainen"]),
        ("who is kristiina jokelainen?", ["Regional Council of Lapland"]),
        ("what is it about?", ["Baltic"]),
        ("who can take part?", ["NGOs"]),
        ("who organises it?", ["Ecorys"]),
        ("who are the partners?", ["DG GROW", "DG REGIO"]),
        ("whom can i contact?", ["Laura Gredzens"]),
        ("how do i register?", ["/register", "European Commission"]),
        ("are there seats left?", ["120"]),
        ("what happens afterwards?", ["Agora Village"]),
        ("what is TIBS?", ["Transnational Innovation Brokerage System"]),
        ("what is ReConfirm?", ["S3P-Industry"]),
        ("what does s3p-industry mean", ["Smart Specialisation Platform for Industrial Modernisation"]),
        ("what is GoSmart?", ["smart specialisation"]),
        ("which hashtags should I use?", ["#GoSmartBSR"]),
        ("when and where is it and who speaks?", ["16:30", "313+315", "Urban", "Jokelainen"]),
        ("helo, wich rom is it plese", ["313+315"]),
    ],
)
async def test_the_file_answers(stage: Stage, question: str, words: list[str]) -> None:
    ada = await stage.person(101)
    answer = text_of(await ada.ask(question))
    assert [each for each in words if each not in answer] == []


async def test_the_way_there_comes_with_a_pin_for_the_phones_map(stage: Stage) -> None:
    ada = await stage.person(101)
    sent = await ada.say("How do I get there?")
    await ada.hears("Mont des Arts")
    venue = await ada.message_after((await ada.message_after(sent["message_id"]))["message_id"])
    assert venue["venue"]["location"] == {"latitude": 50.8437, "longitude": 4.3562}
    assert venue["venue"]["address"] == "Mont des Arts, 1000 Brussels"


async def test_seats_left_are_counted_when_asked(stage: Stage) -> None:
    ada, bob = await stage.person(101), await stage.person(102, "Bob")
    await bob.register()
    assert "119" in text_of(await ada.ask("are there seats left?"))


async def test_what_the_file_does_not_hold_is_said_and_passed_on_and_the_answer_comes_back(stage: Stage) -> None:
    ada, clara = await stage.person(101), await stage.coordinator()
    await clara.ask("/start")
    unknown = await ada.ask("Is there a cloakroom for suitcases?")
    assert "✋ Ask the organisers" in captions(unknown)
    assert "passed your question on" in text_of(await ada.press(unknown, "✋"))
    await clara.hears("Is there a cloakroom for suitcases?")
    question = next(each for each in await clara.messages() if "cloakroom" in text_of(each))
    await clara.ask("Yes, on level -1.", reply_to_message_id=question["message_id"])
    await ada.hears("Yes, on level -1.")
    assert text_of(await clara.ask("/questions")) == "No question waits for an answer."


async def test_an_answer_that_does_not_fit_is_asked_for_again(stage: Stage) -> None:
    ada, clara = await stage.person(101), await stage.coordinator()
    await clara.ask("/start")
    await ada.press(await ada.ask("Is there a cloakroom?"), "✋")
    await clara.hears("Is there a cloakroom?")
    question = next(each for each in await clara.messages() if "cloakroom" in text_of(each))
    refused = await clara.ask("A" * 3600, reply_to_message_id=question["message_id"])
    assert text_of(refused).startswith("An answer may have up to 3,500 characters")
    await clara.ask("Level -1.")
    await ada.hears("Level -1.")


async def test_what_is_left_unanswered_is_said_and_cannot_be_passed_on_again(stage: Stage) -> None:
    ada, clara = await stage.person(101), await stage.coordinator()
    await clara.ask("/start")
    first = await ada.ask("Is there a cloakroom?")
    await ada.ask("Can I bring my dog?")
    await ada.press(first, "✋")
    await clara.hears("Is there a cloakroom?")
    question = next(each for each in await clara.messages() if "cloakroom" in text_of(each))
    await clara.press(question, "🗑")
    await ada.hears("The organisers have no answer to this")
    assert text_of(await ada.press(first, "✋")).startswith("I no longer have this question")


async def test_a_coordinator_answers_by_buttons_too_or_leaves_a_question(stage: Stage) -> None:
    ada, clara = await stage.person(101), await stage.coordinator()
    await clara.ask("/start")
    for question in ("Is there a cloakroom?", "Can I bring my dog?"):
        await ada.press(await ada.ask(question), "✋")
    await clara.hears("Can I bring my dog?")
    listed = await clara.ask("/questions")
    assert text_of(listed).startswith("❓ 2 questions wait for your answer.")
    await clara.press(listed, "✍️ Answer no. 1")
    await clara.ask("Level -1.")
    await ada.hears("Level -1.")
    second = next(each for each in await clara.messages() if "dog" in text_of(each) and "🗑 Leave it" in captions(each))
    await clara.press(second, "🗑")
    assert text_of(await clara.ask("/questions")) == "No question waits for an answer."


async def test_a_conversation_is_remembered_across_a_restart(stage: Stage) -> None:
    ada = await stage.person(101)
    await ada.ask("Who is Wieslaw Urban?")
    await stage.bot.stop()
    await stage.bot.start()
    await stage.bot.running()
    assert "16:30" in text_of(await ada.ask("and when does he speak?"))
