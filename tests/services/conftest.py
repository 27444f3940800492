"""An event at work, ready to use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders import House, house


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """The event of one talk with two seats, two days before it."""
    async with house(tmp_path) as built:
        yield built
