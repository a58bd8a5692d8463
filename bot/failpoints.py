"""Places where a test stops the process: `hit("inbox.stored")` does nothing unless GUONGSANG_FAILPOINT names it.

`GUONGSANG_FAILPOINT=inbox.stored:3` kills the process (as `kill -9` does) at the third time; `=inbox.stored:3:raise` raises there
instead. Only tests set it; the list of the places is `PLACES`, so that a test can go through all of them.
"""

from __future__ import annotations

import os
import signal

PASSING = (
    "inbox.received",  # updates are here, nothing is stored
    "inbox.stored",  # stored and committed, Telegram not told yet
    "inbox.started",  # a handler is about to run
    "transaction.body",  # everything written, nothing committed
    "commit.begun",  # everything of a group is written, nothing is on the disk
    "commit.ended",  # on the disk, nobody knows yet
    "transaction.committed",  # committed, nobody told yet
    "inbox.handled",  # the handler has returned
    "outbox.marked",  # marked as being sent, the call not made
    "outbox.called",  # the call made, its result not stored
    "outbox.stored",  # the result stored
)
"""On the way of every update."""

NOMINATING = (
    "flow.moved",  # an answer is in the draft, what the form says next is not stored
    "submit.filed",  # a nomination has its number, the draft is still open
    "submit.told",  # audited, receipted, carried to the secretariat; nothing committed
)

REINDEXING = (
    "reindex.begun",  # a plan is live, its passages are in no index
    "reindex.segment",  # a segment is on the disk, no manifest names it
    "reindex.manifest",  # the new generation is on the disk, the old one serves
    "reindex.swapped",  # the new one serves, what only the old one used is still there
)

PLACES = (*PASSING, *NOMINATING, *REINDEXING)
_hits = 0


class FailpointError(Exception):
    """Raised at a failpoint armed with `:raise`."""


def hit(name: str) -> None:
    """Stops here if this place is armed and its time has come."""
    armed = os.environ.get("GUONGSANG_FAILPOINT")
    if armed:
        _hit(name, armed)


def _hit(name: str, armed: str) -> None:
    global _hits
    place, _, rest = armed.partition(":")
    if place != name:
        return
    _hits += 1
    count, _, action = rest.partition(":")
    if _hits != int(count or 1):
        return
    if action == "raise":
        raise FailpointError(name)
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
