"""Every setting of the product, read from the environment (`COACH_…`) or a `.env` file; passed in, never imported as a global."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Defaults need nothing set up: one laptop, no key, no network."""

    model_config = SettingsConfigDict(env_prefix="COACH_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default=ROOT / "data", description="where weights, index and records are kept")
    knowledge: Path = Field(default=ROOT / "knowledge", description="the built-in library, as files")
    prompts: Path = Field(default=ROOT / "prompts", description="one file a prompt")

    model: str = Field(default="local:qwen2.5-coder-1.5b", description="chat model, provider:name, or none")
    model_base_url: str = Field(default="", description="URL of an OpenAI-compatible server")
    model_api_key: str = Field(default="", description="key for the provider; provider's own variables work too")
    model_timeout: float = Field(default=60.0, gt=0, description="seconds without a word before a model counts as stalled")
    model_retries: int = Field(default=2, ge=0, le=10, description="retries of a refused or broken call")
    strategy: Literal["auto", "write", "select"] = Field(
        default="auto", description="who words the reply: the model (write) or the library's own sentences (select)"
    )
    weights_source: Literal["auto", "hub", "packages"] = Field(default="auto", description="where weights come from")
    local_slots: int = Field(default=2, ge=1, le=16, description="requests the embedded model serves at once")
    local_context: int = Field(default=4096, ge=1024, description="tokens a request may hold in the embedded model")
    threads: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, description="CPU threads")

    embedding: str = Field(default="e5-small-q4", description="e5-small-q4, or a sentence-transformers folder or name")
    adapter: str = Field(default="auto", description="adapter folder for the embedding model, auto, or none")
    chroma_url: str = Field(default="", description="http://host:port of a Chroma server; empty: in-process")

    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    public_url: str = Field(
        default="", description="address people type to reach it, https://coach.example.com; needed behind a proxy"
    )
    session_days: int = Field(default=14, ge=1, le=90, description="days without a visit after which one logs in again")
    token: str = Field(default="", repr=False, description="API token: who uses the command line, once there are accounts")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite under home")
    retention_days: int = Field(
        default=0, ge=0, le=36_500, description="days after which a conversation nobody continued is deleted; 0: never"
    )
    max_question_chars: int = Field(
        default=8000, ge=100, description="longer questions are answered from their beginning and end"
    )

    slack_bot_token: str = Field(default="", repr=False, description="xoxb-…, of one workspace; empty with OAuth")
    slack_app_token: str = Field(default="", repr=False, description="xapp-…: Socket Mode, which needs no public address")
    slack_signing_secret: str = Field(
        default="", repr=False, description="checks that requests come from Slack; needed without Socket Mode"
    )
    slack_client_id: str = Field(default="", description="with its secret: installable in several workspaces (OAuth)")
    slack_client_secret: str = Field(default="", repr=False, description="of the Slack app")
    slack_api_url: str = Field(default="https://slack.com/api/", description="address of Slack's Web API")

    questions_per_hour: int = Field(
        default=60, ge=0, description="questions one person may ask in Slack or Feishu within an hour; 0: any number"
    )

    feishu_app_id: str = Field(default="", description="cli_…: answers in Feishu")
    feishu_app_secret: str = Field(default="", repr=False, description="of the Feishu app")
    feishu_encrypt_key: str = Field(default="", repr=False, description="checks the signature of Feishu's events")
    feishu_verification_token: str = Field(default="", repr=False, description="of the Feishu app's event subscription")
    feishu_api_url: str = Field(default="https://open.feishu.cn", description="Feishu, or https://open.larksuite.com for Lark")

    @field_validator("public_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        """As browsers write an origin: small letters, no default port, nothing after the host."""
        if not value.strip():
            return ""
        parts = urlsplit(value.strip().lower())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
            raise ValueError("must be an address like https://coach.example.com, without a path")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        default = {"http": 80, "https": 443}[parts.scheme]
        return f"{parts.scheme}://{host}" + ("" if parts.port in (None, default) else f":{parts.port}")

    @property
    def channels(self) -> tuple[str, ...]:
        """Where else people meet the coach: what is set up of slack and feishu."""
        slack = self.slack_app_token or self.slack_signing_secret
        return tuple(name for name, there in (("slack", slack), ("feishu", self.feishu_app_id)) if there)

    @property
    def models_dir(self) -> Path:
        """Folder of the weights."""
        return self.home / "models"

    @property
    def library_root(self) -> Path:
        """Folder that holds the index, or several while a new one is being built."""
        return self.home / "library"

    @property
    def library_dir(self) -> Path:
        """Folder of the index in force: the root itself, or the one that its file `current` names."""
        try:
            named = (self.library_root / "current").read_text(encoding="utf-8").strip()
        except OSError:
            return self.library_root
        return self.library_root / named if named.isdigit() else self.library_root

    @property
    def records_url(self) -> str:
        """SQLAlchemy URL of the records."""
        return self.database_url or f"sqlite:///{self.home / 'coach.db'}"
