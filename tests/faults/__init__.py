"""Faults: each row of the project's fault table has a test that fails when the protection is taken out.

`rows.ROWS` says which test stands for which row; `pytest -m faults` runs them all; `python -m tests.faults.mutate` takes each
protection out in turn and prints which test then failed.
"""
