"""What is kept of a person, for how long, and the two buttons that give it or delete it."""

from bot.messages.actions import DeleteMyData, SendMyData, Show
from bot.messages.message import Message, button
from bot.messages.wording import Wording


def policy(wording: Wording) -> Message:
    rules = wording.event.registration
    erased = wording.day(wording.event.last_end + rules.erase_after)
    contact = wording.event.contact
    key = "privacy.policy_with_contact" if contact else "privacy.policy"
    return Message(
        wording.text(key, erased=erased, contact=contact.name if contact else ""),
        (
            (button(wording.label("privacy.send"), SendMyData()),),
            (button(wording.label("privacy.delete"), Show("delete_my_data")),),
            (wording.screen("start"),),
        ),
    )


def ask_to_delete(wording: Wording) -> Message:
    return Message(
        wording.text("privacy.ask"), ((wording.go("privacy.yes", DeleteMyData()),), (wording.stop("privacy.no"),))
    )


def deleted(wording: Wording) -> Message:
    return Message(wording.text("privacy.deleted"))


def data_caption(wording: Wording) -> str:
    return wording.label("privacy.data")
