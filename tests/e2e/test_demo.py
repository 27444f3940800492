"""``agora demo`` as a visitor meets it: one command, a page, and the whole job of the product."""

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.e2e.stage import environment_for

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LONG = 15_000
"""Milliseconds that a visitor would wait."""


@asynccontextmanager
async def demo(folder: Path, *arguments: str) -> AsyncIterator[str]:
    """The demo on a free port, from a folder that has nothing to do with it; its address."""
    environment = environment_for("http://127.0.0.1:9", folder)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0", *arguments),
        env={name: environment[name] for name in ("PATH", "PYTHONPATH", "PYTHONWARNINGS")},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        found = re.search(r"http://\S+/", line)
        assert found, line
        yield found[0]
    finally:
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), 12)
    assert (process.returncode, errors.decode()) == (0, "")


async def test_the_demo_does_the_whole_job_over_http(tmp_path: Path) -> None:
    async with demo(tmp_path) as url, httpx.AsyncClient(base_url=url, timeout=30) as client:
        sent = (await client.post("sandbox/messages", json={"user_id": 101, "text": "/start"})).json()
        after = sent["message"]["message_id"]
        answer = (await client.get("sandbox/chats/101", params={"after": after, "timeout": 10})).json()
        assert answer["messages"][0]["text"].startswith("👋 Welcome to Smart Specialisation")
        clock = (await client.get("sandbox/clock")).json()
        assert clock["now"].startswith("2019-10-08T10:0")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine to open the page with")
async def test_a_visitor_plays_the_whole_event_on_the_page(tmp_path: Path) -> None:
    async with demo(tmp_path) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = await browser.new_page(viewport={"width": 1400, "height": 900})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        await page.goto(url)
        await play(page)
        await browser.close()
        assert complaints == []


async def play(page: Page) -> None:
    """An attendee asks, registers and is reminded; the coordinator announces a change and everybody has it."""
    ada = page.get_by_role("region", name="Ada Lovelace, Attendee")
    clara = page.get_by_role("region", name="Clara Coordinator, Coordinator")
    await ada.get_by_role("button", name="Start", exact=True).click()
    await says(ada, "Welcome to Smart Specialisation")
    await write(ada, "which room is it?")
    await says(ada, "313+315")
    await write(ada, "/register")
    await ada.get_by_role("button", name="✅ Yes, keep me a seat").click()
    await says(ada, "You have a seat.")
    await page.get_by_role("button", name="Reminder “hour-before”").click()
    await says(ada, "starts in 1 hour.")
    await write(clara, "/broadcast We meet at the other entrance.")
    await clara.get_by_role("button", name="✅ Send to 1 person").click()
    await says(ada, "We meet at the other entrance.")
    await says(clara, "Your announcement reached 1 person.")
    await page.get_by_role("button", name="Reminder “agora-village”").click()
    await says(ada, "Agora Village")


async def write(phone: Locator, text: str) -> None:
    await phone.get_by_role("textbox").fill(text)
    await phone.get_by_role("textbox").press("Enter")


async def says(phone: Locator, words: str) -> None:
    await expect(phone.locator(".theirs", has_text=words).last).to_be_visible(timeout=LONG)
