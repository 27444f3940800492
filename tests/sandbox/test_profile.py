import pytest

from .conftest import ANN
from .wire import Json, Wire

HELP = {"command": "help", "description": "Help"}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "help", "description": ""}]}, "command description must be non-empty"),
        ({"commands": [{"command": "help", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [HELP] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [HELP], "language_code": "english"}, "LANGUAGE_CODE_INVALID"),
        ({"commands": [HELP], "scope": {"type": "chat", "chat_id": 99}}, "chat not found"),
        (
            {"commands": [HELP], "scope": {"type": "moon"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
    ],
)
async def test_refused_commands(wire: Wire, params: Json, description: str) -> None:
    assert await wire.refusal("setMyCommands", **params) == f"Bad Request: {description}"


async def test_the_menu_shows_the_nearest_commands(wire: Wire) -> None:
    async def shown() -> list[str]:
        return [entry["description"] for entry in (await wire.ask(f"commands/{ANN}"))["commands"]]

    for scope, language, description in [
        ({"type": "default"}, "", "default"),
        ({"type": "all_private_chats"}, "", "private"),
        ({"type": "all_private_chats"}, "en", "private, English"),
        ({"type": "chat", "chat_id": ANN}, "", "hers"),
    ]:
        command = {"command": "help", "description": description}
        await wire.result("setMyCommands", commands=[command], scope=scope, language_code=language)
        assert await shown() == [description]
    await wire.result("deleteMyCommands", scope={"type": "chat", "chat_id": ANN})
    assert await shown() == ["private, English"]


async def test_names_and_descriptions_by_language(wire: Wire) -> None:
    assert await wire.result("getMyName") == {"name": "Agora"}
    await wire.result("setMyDescription", description="All about it")
    await wire.result("setMyDescription", description="Alles dazu", language_code="de")
    assert await wire.result("getMyDescription", language_code="de") == {"description": "Alles dazu"}
    assert await wire.result("getMyDescription", language_code="fr") == {"description": "All about it"}
    assert await wire.refusal("setMyShortDescription", short_description="a" * 121) == (
        "Bad Request: short description is too long"
    )


async def test_menu_buttons(wire: Wire) -> None:
    await wire.result("setChatMenuButton", menu_button={"type": "commands"})
    assert await wire.result("getChatMenuButton", chat_id=ANN) == {"type": "commands"}
    await wire.result("setChatMenuButton", chat_id=ANN, menu_button={"type": "default"})
    assert await wire.result("getChatMenuButton", chat_id=ANN) == {"type": "default"}
