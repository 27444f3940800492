"""The settings, as an operator may write them."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsFault, read_settings

NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _empty_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_without_any_setting_the_defaults_hold() -> None:
    assert read_settings().model_dump() == {
        "telegram_bot_token": None,
        "telegram_api_url": "https://api.telegram.org",
        "knowledge_file": Path("knowledge.yaml"),
        "database_path": Path("data/agora.db"),
        "coordinator_ids": frozenset(),
        "log_level": "INFO",
        "messages_per_second": 30,
        "webhook_url": None,
        "webhook_secret": None,
        "listen": "0.0.0.0:8080",
        "clock_file": None,
    }


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("", set()),
        ("1", {1}),
        ("1,2", {1, 2}),
        (" 1 , 2 ,", {1, 2}),
        ("[1, 2]", {1, 2}),
        ("[]", set()),
        (" [3]", {3}),
    ],
)
def test_coordinators_are_a_list_with_commas_or_in_json(
    monkeypatch: pytest.MonkeyPatch, written: str, ids: set[int]
) -> None:
    monkeypatch.setenv("COORDINATOR_IDS", written)
    assert read_settings().coordinator_ids == ids


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("COORDINATOR_IDS", "ada", "COORDINATOR_IDS must be Telegram user ids, separated by commas"),
        ("COORDINATOR_IDS", "[1.5]", "COORDINATOR_IDS must be Telegram user ids, separated by commas"),
        ("COORDINATOR_IDS", "[1, null]", "COORDINATOR_IDS must be Telegram user ids, separated by commas"),
        ("COORDINATOR_IDS", "[1", "COORDINATOR_IDS must be Telegram user ids, separated by commas"),
        ("TELEGRAM_API_URL", "localhost", "TELEGRAM_API_URL must begin with http:// or https://"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("LISTEN", "8080", "LISTEN must be host:port, for example 0.0.0.0:8080"),
        ("LISTEN", "host:99999", "LISTEN must be host:port, for example 0.0.0.0:8080"),
        ("MESSAGES_PER_SECOND", "0", "MESSAGES_PER_SECOND should be greater than 0"),
        (
            "MESSAGES_PER_SECOND",
            "fast",
            "MESSAGES_PER_SECOND should be a valid number, unable to parse string as a number",
        ),
        ("MESSAGES_PER_SECOND", "nan", "MESSAGES_PER_SECOND should be less than or equal to 10000"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, fault: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsFault) as raised:
        read_settings()
    assert str(raised.value) == fault


def test_the_environment_wins_over_the_file_and_unknown_names_are_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = "LOG_LEVEL=debug\nDATABASE_PATH=file.db\nSOMETHING_ELSE=1\nWEBHOOK_URL=\n"
    (tmp_path / ".env").write_text(lines, "utf-8")
    monkeypatch.setenv("DATABASE_PATH", "environment.db")
    settings = read_settings()
    assert (settings.log_level, settings.database_path, settings.webhook_url) == ("DEBUG", Path("environment.db"), None)


@pytest.mark.parametrize(
    ("server", "url", "accepted"),
    [
        (None, "https://example.org/hook", True),
        (None, "http://example.org/hook", False),
        ("http://127.0.0.1:8081", "http://127.0.0.1:9000/hook", True),
        ("http://127.0.0.1:8081", "ftp://127.0.0.1/hook", False),
    ],
)
def test_a_plain_webhook_is_for_a_server_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, server: str | None, url: str, accepted: bool
) -> None:
    if server:
        monkeypatch.setenv("TELEGRAM_API_URL", server)
    monkeypatch.setenv("WEBHOOK_URL", url)
    if accepted:
        assert read_settings().webhook_url == url
    else:
        with pytest.raises(SettingsFault, match=r"^WEBHOOK_URL must begin with https://$"):
            read_settings()


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "12345:very-secret")
    monkeypatch.setenv("WEBHOOK_SECRET", "hush")
    settings = read_settings()
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == "12345:very-secret"
    assert "secret" not in repr(settings.telegram_bot_token)
    assert "hush" not in repr(settings)
