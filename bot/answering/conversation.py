"""What was spoken of last in a chat, so that "and where?" has something to stand on."""

import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Conversation:
    """The last thing named (a source path such as ``speakers.ada``), the last list in the order shown, the last
    topics, and the rooms that were asked about."""

    entity: str | None = None
    listed: tuple[str, ...] = field(default=())
    topics: tuple[str, ...] = field(default=())
    rooms: tuple[str, ...] = field(default=())

    def to_json(self) -> str:
        return json.dumps(vars(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | None) -> "Conversation":
        """What ``to_json`` wrote; an empty conversation for None or for anything else."""
        try:
            stored = json.loads(text or "{}")
            lists = [tuple(stored.get(name, ())) for name in ("listed", "topics", "rooms")]
            return cls(stored.get("entity"), *lists)
        except (ValueError, AttributeError, TypeError):
            return cls()
