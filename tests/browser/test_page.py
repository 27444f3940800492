"""The page in a real browser, with a tiny scripted bot at the other end of the wire."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.sandbox import Person, Sandbox

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH to drive the page with"),
]

ANN, LAURA = 1001, 1002
WELCOME: dict[str, Any] = {
    "text": "Hello you, see /agenda <script>",
    "entities": [{"type": "bold", "offset": 6, "length": 3}],
    "reply_markup": {
        "inline_keyboard": [
            [{"text": "✅ Register", "callback_data": "register"}, {"text": "Site", "url": "https://example.org"}]
        ]
    },
}


class ScriptedBot:
    """Answers every text and edits the message whose button was pressed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._client = httpx.AsyncClient(base_url=f"{sandbox.url}/bot{sandbox.token}/", timeout=30)

    async def run(self) -> None:
        offset = 0
        async with self._client:
            await self._call("setMyCommands", commands=[{"command": "agenda", "description": "The programme"}])
            while True:
                for update in await self._call("getUpdates", offset=offset, timeout=20):
                    offset = update["update_id"] + 1
                    await self._handle(update)

    async def _handle(self, update: dict[str, Any]) -> None:
        if "message" in update:
            chat = update["message"]["chat"]["id"]
            answers: dict[str, tuple[str, dict[str, Any]]] = {
                "/start": ("sendMessage", WELCOME),
                "Where is it?": ("sendVenue", PLACE),
            }
            said = update["message"].get("text", "")
            method, content = answers.get(said, ("sendMessage", {"text": f"You said: {said}"}))
            await self._call(method, chat_id=chat, **content)
        elif "callback_query" in update:
            await self._register(update["callback_query"])

    async def _register(self, query: dict[str, Any]) -> None:
        message = query["message"]
        place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        await self._call("editMessageText", text="You are in.", **place)
        await self._call("answerCallbackQuery", callback_query_id=query["id"], text="Registered")

    async def _call(self, method: str, **params: Any) -> Any:
        return (await self._client.post(method, json=params)).json().get("result")


PLACE: dict[str, Any] = {
    "latitude": 50.84,
    "longitude": 4.36,
    "title": "SQUARE",
    "address": "Mont des Arts, 1000 Brussels",
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(
        people=[Person(ANN, "Ann", language_code="en"), Person(LAURA, "Laura", role="coordinator")],
        suggestions=["Where is it?"],
        moments=[("It starts", "2019-10-09T16:30:00+02:00")],
        timezone="Europe/Brussels",
    )
    await sandbox.start()
    bot = asyncio.create_task(ScriptedBot(sandbox).run())
    yield sandbox
    bot.cancel()
    await asyncio.gather(bot, return_exceptions=True)
    await sandbox.stop()


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page on a wide screen; it must neither complain nor ask other hosts for anything."""
    troubles: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1400, "height": 900})
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        page.on("request", lambda asked: troubles.extend([asked.url] if sandbox.url not in asked.url else []))
        await page.goto(sandbox.url)
        yield page
        await browser.close()
    assert troubles == []


async def test_a_conversation_from_start_to_a_pressed_button(page: Page, sandbox: Sandbox) -> None:
    phone = page.locator(f"#phone-{ANN}")
    await phone.get_by_role("button", name="Start", exact=True).click()
    bubble = phone.locator(".theirs .bubble")
    # A script tag in a text is shown as text.
    await expect(bubble.locator(".text")).to_have_text("Hello you, see /agenda <script>")
    await expect(bubble.locator("strong")).to_have_text("you")
    await expect(phone.get_by_role("link", name="Site")).to_have_attribute("rel", "noopener noreferrer")
    await phone.get_by_role("button", name="✅ Register").click()
    await expect(phone.locator(".toast")).to_have_text("Registered")
    await expect(bubble.locator(".text")).to_have_text("You are in.")
    await expect(phone.locator(".keyboard")).to_have_count(0)

    await page.reload()
    await expect(phone.locator(".text")).to_have_text(["/start", "You are in."])
    await expect(page.locator(f"#phone-{LAURA} .bubble")).to_have_count(0)


async def test_suggestions_commands_and_samples(page: Page) -> None:
    phone = page.locator(f"#phone-{ANN}")
    await phone.get_by_role("button", name="Where is it?").click()
    await expect(phone.locator(".place")).to_contain_text("SQUARE")
    await phone.locator(".menu summary").click()
    await phone.get_by_role("button", name="/agenda The programme").click()
    await expect(phone.locator(".theirs .text")).to_have_text(["You said: /agenda"])
    await phone.locator(".attach summary").click()
    await phone.get_by_role("button", name="Photo").click()
    await expect(phone.locator(".mine .photo")).to_be_visible()


async def test_writing_with_the_keyboard_and_replying(page: Page) -> None:
    phone = page.locator(f"#phone-{LAURA}")
    entry = phone.get_by_label("Message as Laura")
    await entry.fill("first")
    await entry.press("Enter")
    await expect(phone.locator(".theirs .text")).to_have_text("You said: first")
    await phone.locator(".mine .line").hover()
    await phone.get_by_role("button", name="Reply to: first").click()
    await page.keyboard.type("second")
    await page.keyboard.press("Enter")
    await expect(phone.locator(".mine .quoted")).to_contain_text("first")


async def test_the_clock_jumps(page: Page, sandbox: Sandbox) -> None:
    await page.get_by_role("button", name="It starts").click()
    await expect(page.locator("#now-time")).to_have_text("16:30")
    await page.get_by_role("button", name="+1 hour").click()
    await expect(page.locator("#now-time")).to_have_text("17:30")
    await expect(page.locator("#now-date")).to_contain_text("9 Oct 2019")
    assert sandbox.world.clock.now().year == 2019


async def test_blocking_and_a_newcomer(page: Page, sandbox: Sandbox) -> None:
    phone = page.locator(f"#phone-{ANN}")
    await phone.locator(".more summary").click()
    await phone.locator(".more").get_by_role("button", name="Block the bot").click()
    await expect(phone.get_by_label("Message as Ann")).to_be_hidden()
    assert sandbox.world.people[ANN].blocked
    await phone.locator(".composer").get_by_role("button", name="Unblock the bot").click()
    await expect(phone.get_by_label("Message as Ann")).to_be_visible()

    await page.locator(".adder").click()
    await page.get_by_label("First name").fill("Zoë")
    await page.get_by_label("Language of their Telegram").select_option("fr")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("region", name="Zoë, Attendee")).to_be_visible()
    assert sandbox.world.people[1003].language_code == "fr"


async def test_on_a_narrow_screen_one_phone_shows_and_nothing_sticks_out(page: Page, sandbox: Sandbox) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.locator("#tabs").get_by_role("button", name="Laura").click()
    await expect(page.locator(f"#phone-{LAURA}")).to_be_visible()
    await expect(page.locator(f"#phone-{ANN}")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    sandbox.visitors.say(ANN, "hello")
    await expect(page.locator("#tabs .unread")).to_contain_text("Ann")
    await page.locator("#clock-toggle").click()
    await expect(page.get_by_role("button", name="+1 day")).to_be_visible()
