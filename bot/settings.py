"""What an operator sets from outside (environment, prefix GUONGSANG_) and what the bot keeps for itself in the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import platformdirs
import sqlite_utils
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def _user_data() -> Path:
    return Path(platformdirs.user_data_dir("guongsang", appauthor=False))


SETUP_FILE = "setup.env"


class Settings(BaseSettings):
    """Settings from the environment, else from the file `setup.env` that `guongsang setup` leaves in the data folder.

    A value given on the command line is passed to the constructor and wins.
    """

    model_config = SettingsConfigDict(env_prefix="GUONGSANG_", extra="ignore")

    data: Path = Field(default_factory=_user_data)
    token: SecretStr | None = None
    key: SecretStr | None = None
    api: str = "https://api.telegram.org"
    proxy: str | None = None
    model: str | None = None
    warm: bool = True
    log_json: bool = False
    log_level: str = "INFO"

    poll_timeout_s: int = Field(default=30, ge=0, le=50)
    request_timeout_s: float = Field(default=20.0, gt=0)
    concurrent_chats: int = Field(default=64, ge=1)
    attempts_per_update: int = Field(default=10, ge=1)

    chat_per_second: float = Field(default=1.0, gt=0)
    chat_burst: int = Field(default=5, ge=1)
    group_per_minute: int = Field(default=20, ge=1)
    overall_per_second: float = Field(default=30.0, gt=0)
    outbox_give_up_h: float = Field(default=72.0, gt=0)
    keep_messages_days: int = Field(default=90, ge=1)
    keep_answers_days: int = Field(default=730, ge=1)
    keep_drafts_days: int = Field(default=365, ge=1)
    keep_nominations_days: int = Field(default=1825, ge=365)
    allow_digest: bool = False

    @model_validator(mode="before")
    @classmethod
    def _as_set_up(cls, given: dict[str, Any]) -> dict[str, Any]:
        folder = Path(given.get("data") or _user_data())
        return {**written(folder), **given}

    @field_validator("api")
    @classmethod
    def _without_slash(cls, api: str) -> str:
        if not api.startswith(("http://", "https://")):
            raise ValueError(f"GUONGSANG_API={api!r} is no http(s) address")
        return api.rstrip("/")

    @property
    def database(self) -> Path:
        return self.data / "guongsang.db"

    @property
    def files(self) -> Path:
        return self.data / "files"

    @property
    def index(self) -> Path:
        return self.data / "index"


def written(folder: Path) -> dict[str, str]:
    """What `guongsang setup` wrote down: lines "GUONGSANG_TOKEN=…"; nothing where there is no such file or it cannot be read."""
    try:
        lines = (folder / SETUP_FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if line.startswith("GUONGSANG_"))
    return {name.removeprefix("GUONGSANG_").lower().strip(): value.strip() for name, _, value in pairs if value.strip()}


def write_down(folder: Path, name: str, value: str) -> Path:
    """Put a setting into the file that only this account may read; another value of it there goes."""
    path = folder / SETUP_FILE
    held = {**written(folder), name: value}
    path.touch(mode=0o600)
    path.write_text("".join(f"GUONGSANG_{key.upper()}={held[key]}\n" for key in held), encoding="utf-8")
    return path


class StoredSettings:
    """Settings that change while the bot runs: JSON values by name, in the caller's transaction."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def get(self, name: str, default: Any = None) -> Any:
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
        return default if row is None else json.loads(row[0])

    def set(self, name: str, value: Any) -> None:
        self._db.execute(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, json.dumps(value, ensure_ascii=False)],
        )

    def forget(self, name: str) -> None:
        self._db.execute("DELETE FROM settings WHERE name = ?", [name])
