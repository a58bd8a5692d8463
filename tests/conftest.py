"""Marks the tests that stand for a row of the fault table, so that `pytest -m faults` runs them; says how many processes share a run."""

from __future__ import annotations

import os

import pytest

from tests.faults.rows import NAMED

PROCESSES = 4
"""At most: each loads the model."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.split("[")[0] in NAMED:
            item.add_marker(pytest.mark.faults)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many as there are processors for the quick tests of several files, which keep their order: what takes little comes last.

    One file is run in this process, which starts at once; so are the slow tests, some of which measure.
    """
    files = {argument.partition("::")[0] for argument in config.args}
    one_file = len(files) == 1 and next(iter(files)).endswith(".py")
    if one_file or "not slow" not in config.option.markexpr:
        return 0
    processors = os.cpu_count() or 1
    return min(PROCESSES, processors) if processors > 1 else 0
