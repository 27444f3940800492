"""The environment, read once, as one frozen value. Nothing else looks at environment variables."""

import json
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import AgoraError

TELEGRAM = "https://api.telegram.org"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsFault(AgoraError):
    """A setting cannot be used."""


class Settings(BaseSettings):
    """What the operator decides; the names are upper-case environment variables, and the environment
    wins over the ``.env`` file of the working folder."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, frozen=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM
    knowledge_file: Path = Path("knowledge.yaml")
    database_path: Path = Path("data/agora.db")
    coordinator_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    log_level: str = "INFO"
    messages_per_second: float = Field(default=30, gt=0, le=10_000)
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "0.0.0.0:8080"
    clock_file: Path | None = None
    """For rehearsals only: the JSON file that shifts the bot's clock (see ``MovableClock``)."""

    @field_validator("telegram_api_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("coordinator_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            items = json.loads(value) if value.strip().startswith("[") else value.split(",")
            return frozenset(int(str(item)) for item in items if str(item).strip())
        except (TypeError, ValueError) as error:
            raise ValueError("must be Telegram user ids, separated by commas") from error

    @field_validator("log_level")
    @classmethod
    def _a_level(cls, value: str) -> str:
        if value.upper() not in LOG_LEVELS:
            raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
        return value.upper()

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        _, separator, port = value.rpartition(":")
        if not separator or not port.isdigit() or int(port) > 65535:
            raise ValueError("must be host:port, for example 0.0.0.0:8080")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _reachable(cls, value: str | None, info: ValidationInfo) -> str | None:
        # Telegram itself takes https only; a server of one's own may stand in the same network.
        own_server = info.data.get("telegram_api_url", TELEGRAM) != TELEGRAM
        if value is None or value.startswith("https://") or (own_server and value.startswith("http://")):
            return value
        raise ValueError("must begin with https://")

    @field_validator("webhook_secret")
    @classmethod
    def _plain_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -")
        return value


def read_settings() -> Settings:
    """The settings of this process.

    Raises SettingsFault naming the variable and what is wrong with it; a secret's value is never repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper()
        raise SettingsFault(f"{name} {_in_words(first['msg'])}") from None
    except ValueError as error:
        raise SettingsFault(f"the settings cannot be read: {error}") from None


def _in_words(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "should")
