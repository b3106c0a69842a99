"""The real list of unverified claims: a file of data, no model."""

from __future__ import annotations

import pytest

from coach.claims import Claims
from coach.settings import ROOT


@pytest.fixture(scope="session")
def claims() -> Claims:
    return Claims.load(ROOT / "knowledge" / "claims.yaml")
