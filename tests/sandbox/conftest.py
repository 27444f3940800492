from collections.abc import AsyncIterator

import httpx
import pytest

from bot.sandbox import Person, Sandbox

from .wire import Wire

ANN = 7


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(webhook_retry_seconds=0.02, people=[Person(ANN, "Ann", language_code="en", started=True)])
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def wire(sandbox: Sandbox) -> AsyncIterator[Wire]:
    async with httpx.AsyncClient(base_url=sandbox.url, timeout=10) as client:
        yield Wire(client, sandbox)
