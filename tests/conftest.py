"""Marks the tests that stand for a row of the fault table, so that `pytest -m faults` runs them."""

from __future__ import annotations

import pytest

from tests.faults.rows import NAMED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.split("[")[0] in NAMED:
            item.add_marker(pytest.mark.faults)
