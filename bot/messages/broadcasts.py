"""Announcements: the preview, the progress and the report."""

from bot.messages.actions import DropBroadcast, SendBroadcast
from bot.messages.message import Message
from bot.messages.wording import Markup, Wording, joined

BAR = 10


def how_to(wording: Wording) -> Message:
    """What to write, when nothing was written yet."""
    return Message(wording.text("broadcast.how_to"), ((wording.stop(),),))


def too_long(wording: Wording, most: int) -> Message:
    return Message(wording.text("broadcast.too_long", most=wording.number(most)))


def nobody(wording: Wording) -> Message:
    return Message(wording.text("broadcast.nobody"), ((wording.screen("coordinator"),),))


def ask(wording: Wording, number: int, recipients: int) -> Message:
    """The question under the preview."""
    go = wording.go("broadcast.send", SendBroadcast(number), count=recipients)
    return Message(
        wording.text("broadcast.ask", count=recipients),
        ((go,), (wording.stop("broadcast.stop", DropBroadcast(number)),)),
    )


def progress(wording: Wording, sent: int, not_reached: int, recipients: int) -> Message:
    """How far it is, in words and as a bar."""
    done = sent + not_reached
    filled = BAR * done // recipients if recipients else BAR
    bar = "▓" * filled + "░" * (BAR - filled)
    return Message(
        wording.text("broadcast.progress", bar=bar, done=wording.number(done), recipients=wording.number(recipients))
    )


def finished(wording: Wording) -> Message:
    return Message(wording.text("broadcast.finished"))


def report(
    wording: Wording, sent: int, reasons: tuple[tuple[str, int], ...], names: list[str], repeated: int = 0
) -> Message:
    """The truth about a broadcast: reached, perhaps twice, not reached and why, and whom to reach another way."""
    lines = [wording.text("broadcast.report", count=sent)]
    lines += [_reason(wording, reason, number) for reason, number in reasons]
    if repeated:
        lines.append(wording.text("broadcast.repeated", count=repeated))
    not_reached = sum(number for _, number in reasons)
    if names:
        lines.append(wording.text("broadcast.names", names=", ".join(names)))
    if not_reached > len(names) > 0:
        lines.append(wording.text("broadcast.more_names", count=not_reached - len(names)))
    return Message(joined(lines), ((wording.screen("coordinator"),),))


def _reason(wording: Wording, reason: str, number: int) -> Markup:
    key = reason if reason in ("blocked", "expired", "unreachable") else "refused"
    return wording.text(f"broadcast.reason.{key}", count=number)


def dropped(wording: Wording) -> Message:
    return Message(wording.text("broadcast.dropped"), ((wording.screen("coordinator"),),))


def source_edited(wording: Wording) -> Message:
    return Message(wording.text("broadcast.source_edited"), ((wording.screen("coordinator"),),))


def already_decided(wording: Wording) -> str:
    return wording.label("broadcast.already_decided")
