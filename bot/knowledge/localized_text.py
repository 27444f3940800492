"""A text that people read, in one or more languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """The same text by language code; the first is the event's first language, or the only one given."""

    texts: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not self.texts:
            raise ValueError("a text needs at least one language")

    @classmethod
    def of(cls, text: str, language: str = "en") -> "LocalizedText":
        return cls(((language, text),))

    def in_language(self, language: str) -> str:
        """The text in ``language``, or in the first language where it has none."""
        return dict(self.texts).get(language, self.default)

    @property
    def default(self) -> str:
        return self.texts[0][1]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.texts)

    @property
    def variants(self) -> tuple[str, ...]:
        """Every wording, whatever its language, for matching what people type."""
        return tuple(text for _, text in self.texts)
