"""Who belongs to an audience, and how many of them there are."""

from typing import Any

from bot.attendance.audience import Audience, Who
from bot.storage.database import Transaction

LANGUAGE = """coalesce(p.language, lower(substr(replace(p.telegram_language, '_', '-'), 1,
    instr(replace(p.telegram_language, '_', '-') || '-', '-') - 1)))"""
"""The language of ``people p``: as chosen, else their phone's, without its country; NULL where neither is known."""

HOLDS = {
    Who.REGISTERED: "r.status <> 'cancelled'",
    Who.CONFIRMED: "r.status = 'confirmed'",
    Who.WAITING: "r.status IN ('waitlisted', 'offered')",
    Who.CHECKED_IN: "r.status = 'confirmed' AND r.checked_in_at IS NOT NULL",
    Who.NOT_CHECKED_IN: "r.status = 'confirmed' AND r.checked_in_at IS NULL",
}


def condition(audience: Audience) -> tuple[str, dict[str, Any]]:
    """The condition on ``people p`` and its parameters."""
    parts = ["1"]
    if audience.who is not Who.EVERYBODY:
        of_session = "" if audience.session is None else " AND r.session = :session"
        parts.append(
            f"EXISTS (SELECT 1 FROM registrations r WHERE r.person = p.id AND {HOLDS[audience.who]}{of_session})"
        )
    if audience.language is not None:
        parts.append(f"{LANGUAGE} = :language")
    return " AND ".join(parts), {"session": audience.session, "language": audience.language}


async def count(tx: Transaction, audience: Audience) -> int:
    where, parameters = condition(audience)
    return int(await tx.value(f"SELECT count(*) FROM people p WHERE {where}", parameters))


async def languages(tx: Transaction) -> list[str]:
    """The languages of the people that the bot knows, the most frequent first."""
    rows = await tx.all(
        f"SELECT {LANGUAGE} AS code FROM people p WHERE code IS NOT NULL GROUP BY code ORDER BY count(*) DESC, code"
    )
    return [row["code"] for row in rows]
