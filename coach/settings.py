"""Every setting of the product, read from the environment (`COACH_…`) or a `.env` file; passed in, never imported as a global."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
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
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite under home")
    max_question_chars: int = Field(
        default=8000, ge=100, description="longer questions are answered from their beginning and end"
    )

    @property
    def models_dir(self) -> Path:
        """Folder of the weights."""
        return self.home / "models"

    @property
    def library_dir(self) -> Path:
        """Folder of the index."""
        return self.home / "library"

    @property
    def records_url(self) -> str:
        """SQLAlchemy URL of the records."""
        return self.database_url or f"sqlite:///{self.home / 'coach.db'}"
