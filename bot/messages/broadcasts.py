"""Announcements: the preview and its choices, the progress, the report, and what can be done afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.attendance.audience import Audience, Who
from bot.i18n.formats import language_name
from bot.knowledge.event import Session
from bot.messages.actions import (
    AimAt,
    AimAtLanguage,
    AimAtSession,
    AskForText,
    AskForTime,
    AskToWithdraw,
    ChooseAudience,
    ChooseLanguageAimedAt,
    ChooseSessionAimedAt,
    DropBroadcast,
    ListUnreached,
    Schedule,
    SendBroadcast,
    ShowBroadcast,
    StopBroadcast,
    TestBroadcast,
    short,
)
from bot.messages.message import Button, Message, button
from bot.messages.wording import Markup, Wording, joined, shortened

BAR = 10
MANY = 20
"""Sessions, languages or scheduled announcements that one message lists."""


def how_to(wording: Wording, scheduled: Sequence[tuple[int, datetime]] = ()) -> Message:
    """What to write, when nothing was written yet, and what waits for its time."""
    rows = [
        (button(wording.label("broadcast.scheduled_one", moment=wording.moment(at)), ShowBroadcast(number)),)
        for number, at in scheduled[:MANY]
    ]
    parts = [wording.text("broadcast.how_to")]
    if rows:
        parts.append(wording.text("broadcast.scheduled", count=len(scheduled)))
    return Message(joined(parts, "\n\n"), (*rows, (wording.stop(),)))


def too_long(wording: Wording, most: int) -> Message:
    return Message(wording.text("broadcast.too_long", most=wording.number(most)))


def ask(wording: Wording, number: int, recipients: int, audience: Audience) -> Message:
    """The question under the preview, with all that can be chosen before the yes."""
    lines = [wording.text("broadcast.ask", count=recipients) if recipients else wording.text("broadcast.nobody")]
    if audience != Audience() or not recipients:
        lines.append(wording.text("broadcast.to", audience=audience_name(wording, audience)))
    go = wording.go("broadcast.send", SendBroadcast(number), count=recipients)
    others = button(wording.label("broadcast.to_others"), ChooseAudience(number))
    later = button(wording.label("broadcast.later"), AskForTime(number))
    rows: list[tuple[Button, ...]] = [(others, later), (_test(wording, number),), (_drop(wording, number),)]
    return Message(joined(lines), (*([(go,)] if recipients else []), *rows))


def _test(wording: Wording, number: int) -> Button:
    return button(wording.label("broadcast.test"), TestBroadcast(number))


def _drop(wording: Wording, number: int) -> Button:
    return wording.stop("broadcast.stop", DropBroadcast(number))


def audience_name(wording: Wording, audience: Audience) -> str:
    """Whom an audience means, in a line."""
    parts = [wording.label(f"broadcast.who.{audience.who.value}")]
    session = wording.event.sessions_by_id.get(audience.session or "")
    if session is not None:
        parts.append(shortened(wording.of(session.title), 60))
    if audience.language is not None:
        parts.append(language_name(audience.language))
    return " · ".join(parts)


def choose_audience(
    wording: Wording, number: int, audience: Audience, counts: Mapping[Who, int], languages: Sequence[str]
) -> Message:
    """Who shall get it, each choice with how many people that is."""
    rows: list[tuple[Button, ...]] = [(_who(wording, number, who, counts[who], audience),) for who in counts]
    if len(wording.event.registrable_sessions) > 1 and audience.who is not Who.EVERYBODY:
        session = wording.event.sessions_by_id.get(audience.session or "")
        name = shortened(wording.of(session.title), 30) if session else wording.label("broadcast.all_sessions")
        rows.append((button(wording.label("broadcast.session", name=name), ChooseSessionAimedAt(number, 0)),))
    if len(languages) > 1:
        name = language_name(audience.language) if audience.language else wording.label("broadcast.all_languages")
        rows.append((button(wording.label("broadcast.language", name=name), ChooseLanguageAimedAt(number)),))
    return Message(wording.text("broadcast.choose_audience"), (*rows, (_back(wording, number),)))


def _who(wording: Wording, number: int, who: Who, people: int, audience: Audience) -> Button:
    label = f"{wording.label(f'broadcast.who.{who.value}')} ({wording.number(people)})"
    return button(f"● {label}" if who is audience.who else label, AimAt(number, who.value))


def _back(wording: Wording, number: int) -> Button:
    return button(wording.label("broadcast.back"), ShowBroadcast(number))


def choose_session(wording: Wording, number: int, sessions: Sequence[Session], page: int) -> Message:
    """For those of which session?"""
    last = max(0, (len(sessions) - 1) // MANY)
    page = min(max(page, 0), last)
    rows = [
        (button(shortened(wording.of(each.title), 50), AimAtSession(number, short(each.id))),)
        for each in sessions[page * MANY : page * MANY + MANY]
    ]
    turns = [
        button(wording.label(label), ChooseSessionAimedAt(number, to))
        for label, to in (("agenda.earlier", page - 1), ("agenda.later", page + 1))
        if 0 <= to <= last
    ]
    everyone = button(wording.label("broadcast.all_sessions"), AimAtSession(number, ""))
    return Message(
        wording.text("broadcast.choose_session"),
        ((everyone,), *rows, *([tuple(turns)] if turns else []), (_back(wording, number),)),
    )


def choose_language(wording: Wording, number: int, languages: Sequence[str]) -> Message:
    """For those whose phone speaks which language?"""
    rows = [(button(language_name(code), AimAtLanguage(number, code)),) for code in languages[:MANY]]
    everyone = button(wording.label("broadcast.all_languages"), AimAtLanguage(number, ""))
    return Message(wording.text("broadcast.choose_language"), ((everyone,), *rows, (_back(wording, number),)))


def ask_for_time(wording: Wording, number: int, moments: Sequence[datetime], fault: str = "") -> Message:
    """When shall it go out? ``fault`` is what was wrong with what was typed: ``past`` or ``unclear``."""
    parts = [wording.text(f"broadcast.time_{fault}")] if fault else []
    parts.append(wording.text("broadcast.ask_for_time", zone=wording.zone))
    rows = [(button(wording.moment(at), Schedule(number, int(at.timestamp()))),) for at in moments]
    return Message(joined(parts, "\n\n"), (*rows, (_back(wording, number),)))


def ask_to_schedule(wording: Wording, number: int, at: datetime, recipients: int, audience: Audience) -> Message:
    """The question before an announcement waits for its time."""
    lines = [
        wording.text("broadcast.ask_to_schedule", moment=wording.moment(at), zone=wording.zone),
        wording.text("broadcast.as_of_then", audience=audience_name(wording, audience), people=recipients),
    ]
    go = wording.go("broadcast.schedule", Schedule(number, int(at.timestamp())))
    return Message(joined(lines), ((go,), (_back(wording, number),), (_drop(wording, number),)))


def countdown(wording: Wording, kind: str, number: int, recipients: int, seconds: int) -> Message:
    """The last chance to think better of it."""
    text = joined(
        [
            wording.text("broadcast.countdown", count=seconds),
            wording.text(f"broadcast.about_to.{kind}", count=recipients),
        ]
    )
    return Message(text, ((_stop(wording, number),),))


def waits(wording: Wording, number: int, at: datetime, audience: Audience) -> Message:
    """It is scheduled; until then it can be taken back."""
    text = wording.text(
        "broadcast.waits", moment=wording.moment(at), zone=wording.zone, audience=audience_name(wording, audience)
    )
    return Message(text, ((_test(wording, number),), (_stop(wording, number),), (wording.screen("coordinator"),)))


def _stop(wording: Wording, number: int) -> Button:
    return wording.stop("broadcast.stop_now", StopBroadcast(number))


def progress(wording: Wording, kind: str, number: int, sent: int, not_reached: int, recipients: int) -> Message:
    """How far it is, in words and as a bar, and a way to stop."""
    done = sent + not_reached
    filled = min(BAR, BAR * done // recipients) if recipients else BAR
    bar = "▓" * filled + "░" * (BAR - filled)
    text = wording.text(
        f"broadcast.progress.{kind}", bar=bar, done=wording.number(done), recipients=wording.number(recipients)
    )
    return Message(text, ((_stop(wording, number),),))


def finished(wording: Wording, stopped: bool = False) -> Message:
    return Message(wording.text("broadcast.stopped_below" if stopped else "broadcast.finished"))


@dataclass(frozen=True)
class Outcome:
    """What came of a broadcast: how many were ``sent``, how many were not reached by ``reasons``, some of their
    ``names``, how many may have got it twice, and whether the copies have words that could be corrected."""

    number: int
    kind: str
    sent: int
    reasons: tuple[tuple[str, int], ...] = ()
    names: tuple[str, ...] = ()
    repeated: int = 0
    correctable: bool = False

    @property
    def unreached(self) -> int:
        """How many should have got it and did not; whom it was not sent to any more is another matter."""
        return sum(people for reason, people in self.reasons if reason != "stopped")


def report(wording: Wording, outcome: Outcome) -> Message:
    """The truth about a broadcast: reached, perhaps twice, not reached and why, whom to reach another way, and what
    can still be done about it."""
    lines = [wording.text(f"broadcast.report.{outcome.kind}", count=outcome.sent)]
    lines += [_reason(wording, outcome.kind, reason, people) for reason, people in outcome.reasons]
    if outcome.repeated and outcome.kind == "announcement":
        lines.append(wording.text("broadcast.repeated", count=outcome.repeated))
    if outcome.names:
        lines.append(wording.text("broadcast.names", names=", ".join(outcome.names)))
    if outcome.unreached > len(outcome.names) > 0:
        lines.append(wording.text("broadcast.more_names", count=outcome.unreached - len(outcome.names)))
    return Message(joined(lines), (*_afterwards(wording, outcome), (wording.screen("coordinator"),)))


def _afterwards(wording: Wording, outcome: Outcome) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if outcome.unreached:
        rows.append((button(wording.label("broadcast.list_unreached"), ListUnreached(outcome.number)),))
    if outcome.kind == "announcement" and outcome.sent:
        correct = button(wording.label("broadcast.correct"), AskForText(outcome.number))
        withdraw = button(wording.label("broadcast.withdraw"), AskToWithdraw(outcome.number))
        rows += [(correct,), (withdraw,)] if outcome.correctable else [(withdraw,)]
    return rows


def _reason(wording: Wording, kind: str, reason: str, number: int) -> Markup:
    known = ("blocked", "expired", "unreachable", "stopped", "too old")
    key = reason.replace(" ", "_") if reason in known else "refused"
    if kind != "announcement" and key == "refused":
        key = "copy_gone"
    return wording.text(f"broadcast.reason.{key}", count=number)


def unreached_caption(wording: Wording, people: int) -> str:
    return wording.label("broadcast.unreached_caption", count=people)


def unreached_columns(wording: Wording) -> tuple[str, ...]:
    return tuple(wording.label(f"broadcast.column.{name}") for name in ("name", "username", "reason"))


def unreached_reason(wording: Wording, reason: str) -> str:
    known = ("blocked", "expired", "unreachable", "too old")
    return wording.label(f"broadcast.why.{reason.replace(' ', '_') if reason in known else 'refused'}")


def ask_for_text(wording: Wording) -> Message:
    return Message(wording.text("broadcast.ask_for_text"), ((wording.stop(),),))


def ask_to_correct(wording: Wording, number: int, copies: int) -> Message:
    """Under the preview of the new words."""
    go = wording.go("broadcast.correct_now", SendBroadcast(number), count=copies)
    return Message(wording.text("broadcast.ask_to_correct", count=copies), ((go,), (_keep(wording, number),)))


def ask_to_withdraw(wording: Wording, number: int, copies: int, too_old: int) -> Message:
    """The question before copies are deleted."""
    lines = [wording.text("broadcast.ask_to_withdraw", count=copies)]
    if too_old:
        lines.append(wording.text("broadcast.reason.too_old", count=too_old))
    go = wording.go("broadcast.withdraw_now", SendBroadcast(number), count=copies)
    return Message(joined(lines), (*([(go,)] if copies else []), (_keep(wording, number),)))


def _keep(wording: Wording, number: int) -> Button:
    return wording.stop("broadcast.keep", DropBroadcast(number))


def source_changed(wording: Wording, number: int, copies: int) -> Message:
    """The coordinator has changed the message of which copies were sent."""
    go = wording.go("broadcast.correct_now", SendBroadcast(number), count=copies)
    return Message(wording.text("broadcast.source_changed", count=copies), ((go,), (_keep(wording, number),)))


def source_waits(wording: Wording) -> Message:
    """The coordinator has changed the message of which copies are still to be sent."""
    return Message(wording.text("broadcast.source_waits"), ((wording.screen("broadcast"),),))


def dropped(wording: Wording, kind: str = "announcement") -> Message:
    return Message(wording.text(f"broadcast.dropped.{kind}"), ((wording.screen("coordinator"),),))


def source_edited(wording: Wording) -> Message:
    return Message(wording.text("broadcast.source_edited"), ((wording.screen("coordinator"),),))


def already_decided(wording: Wording) -> str:
    return wording.label("broadcast.already_decided")


def stopping(wording: Wording) -> str:
    return wording.label("broadcast.stopping")


def tested(wording: Wording) -> str:
    return wording.label("broadcast.tested")
