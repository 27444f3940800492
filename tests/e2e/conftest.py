from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.stage import Stage, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running bot on the sample event, two days before it."""
    async with staged(tmp_path) as running:
        yield running
        assert running.bot.complaints == []
