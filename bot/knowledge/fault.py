"""What is wrong with a knowledge file, in words for the person who wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import AgoraError

LONGEST_QUOTATION = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. ``line`` counts from 1; 0 and an empty field mean the file as a whole."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self._place}: {self.message}" if self._place else self.message

    def in_file(self, name: str) -> str:
        """The fault as the terminal prints it: ``knowledge.yaml, line 23, sessions[0].end: …``."""
        place = f"{name}, {self._place}" if self._place else name
        return f"{place}: {self.message}"

    @property
    def _place(self) -> str:
        return ", ".join(part for part in (f"line {self.line}" if self.line else "", self.field) if part)


class KnowledgeFault(AgoraError):
    """The knowledge file cannot be used as it is. Carries every fault, in the order of the lines."""

    def __init__(self, faults: Iterable[Fault], file_name: str = "knowledge.yaml") -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        self.file_name = file_name
        super().__init__(self._summary())

    @property
    def lines(self) -> tuple[str, ...]:
        """Every fault with its file, line and field, one line of text each."""
        return tuple(fault.in_file(self.file_name) for fault in self.faults)

    def _summary(self) -> str:
        others = len(self.faults) - 1
        more = f" (and {others} more: `agora check` names them all)" if others else ""
        return self.lines[0] + more


def quoted(text: str) -> str:
    """A piece of the file for use in a message: on one line, and not too long."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    short = flat if len(flat) <= LONGEST_QUOTATION else flat[: LONGEST_QUOTATION - 1] + "…"
    return f"“{short}”"
