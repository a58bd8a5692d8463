"""The child process: bounds itself, parses one file, writes one JSON line per event. Run by `sandbox.py` alone."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ..model import Page, Warned
from .events import Event, Job, Parser, Progress
from .limits import Limits
from .unreadable import Unreadable, damaged


def main() -> None:
    """Reads the request from standard input and answers on what was standard output."""
    request = json.load(sys.stdin)
    out = _private_output()
    job = Job(Path(request["path"]), request["name"], Limits(**request["limits"]))
    _bound(job.limits)
    try:
        for event in _bounded(_parser(request["kind"])(job), job):
            _write(out, _message(event))
        _write(out, {"done": True})
    except Unreadable as error:
        _write(out, {"error": [error.code, error.message]})
    except MemoryError:
        _write(out, {"error": ["too_large", _too_much(job, "bộ nhớ")]})
    except ImportError as error:
        text = f"Thiếu thư viện Python {error.name}: hãy cài lại bằng “pip install --force-reinstall guongsang”."
        _write(out, {"error": ["missing_tool", text]})
    except BrokenPipeError:
        pass
    except Exception:  # whatever a parser makes of hostile bytes, the reader says one thing
        _write(out, {"error": ["damaged", damaged(job.name).message]})
    out.flush()
    # Libraries with native parts may crash while they are torn down; everything has been said.
    os._exit(0)


def _private_output() -> IO[bytes]:
    """Standard output for the protocol alone: what libraries print goes to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _bound(limits: Limits) -> None:
    """Limits that the system holds, inherited by the tools started from here."""
    try:
        import resource
    except ImportError:
        return
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, int(limits.total_seconds) + 1),
        (resource.RLIMIT_FSIZE, limits.unpacked_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, bound))


def _parser(kind: str) -> Parser:
    # Imported here: a Word file needs no PDF library, and each costs start time.
    if kind == "zip":
        from .docx import parse_docx

        return parse_docx
    if kind == "ole":
        from .doc import parse_doc

        return parse_doc
    if kind == "pdf":
        from .pdf import parse_pdf

        return parse_pdf
    from .image import parse_image

    return parse_image


def _bounded(events: Iterator[Event], job: Job) -> Iterator[Event]:
    characters = 0
    for event in events:
        if isinstance(event, Page):
            characters += len(event.text)
            if characters > job.limits.characters:
                raise Unreadable("too_large", _too_much(job, f"{job.limits.characters} ký tự"))
        yield event


def _too_much(job: Job, what: str) -> str:
    return f"Tệp “{job.name}” vượt giới hạn {what}: hãy tách phần kế hoạch ra một tệp riêng."


def _message(event: Event) -> dict[str, Any]:
    match event:
        case Page():
            return {"page": event.model_dump()}
        case Warned():
            return {"warning": event.model_dump()}
        case Progress(done, total):
            return {"progress": [done, total]}


def _write(out: IO[bytes], message: dict[str, Any]) -> None:
    out.write(json.dumps(message).encode("ascii") + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
