"""The search index on disk: one segment a plan version, gathered in generations with a checksum manifest.

    index/segments/<plan>-<version>-<key>-<hash>.seg   the passages of one plan version with their vectors; written once, never changed
    index/generations/<n>.json                  which segments are in force together, each with its SHA-256
    index/current                               the number of the generation that serves

Adding a plan writes one segment and one manifest. A new generation counts once `current` has been replaced, in one atomic
rename; what crashes before that leaves the old one serving. A segment whose checksum is wrong is refused (`DamagedError`) and
built again from the database.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.dense import Dense
from index.embed import Embedder
from index.lexical import Postings, accented, bare, pairs
from index.passages import Passage, passages, spoken
from knowledge.model import Plan

Floats = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
Step = Callable[[str], None]

LAYOUT = 1  # raised when passages or their files change shape: older segments are then built again


class DamagedError(Exception):
    """A file of the index is missing or is not what the manifest says; the message names it."""


@dataclass(frozen=True)
class Segment:
    """One plan version as it is searched. `vectors` has one row a passage, or none where it was built without the model."""

    plan: Plan
    passages: tuple[Passage, ...]
    vectors: Floats | None = field(repr=False, compare=False)

    @staticmethod
    def build(plan: Plan, embedder: Embedder | None) -> Segment:
        """Cut a plan into passages and embed them; without an embedder the segment is searched by words alone."""
        cut = tuple(passages(plan))
        vectors = embedder.encode([spoken(p) for p in cut]) if embedder else None
        return Segment(plan, cut, vectors)

    @cached_property
    def dense(self) -> Dense | None:
        """The vectors in faiss."""
        return None if self.vectors is None or not len(self.vectors) else Dense(self.vectors)

    @cached_property
    def words(self) -> Postings:
        return Postings.build(accented(p.searched) for p in self.passages)

    @cached_property
    def bare(self) -> Postings:
        return Postings.build(bare(p.searched) for p in self.passages)

    @cached_property
    def pairs(self) -> Postings:
        return Postings.build(pairs(bare(p.searched)) for p in self.passages)

    @cached_property
    def path(self) -> Postings:
        return Postings.build([*(path := bare(p.path)), *pairs(path)] for p in self.passages)

    def to_bytes(self) -> bytes:
        """The segment as one file: a zip of JSON and an array, no pickles."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("plan.json", self.plan.model_dump_json(by_alias=True))
            archive.writestr("passages.json", json.dumps([_row(p) for p in self.passages], ensure_ascii=False))
            if self.vectors is not None:
                array = io.BytesIO()
                np.save(array, self.vectors.astype(np.float16), allow_pickle=False)
                archive.writestr("vectors.npy", array.getvalue())
        return buffer.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Segment:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            plan = Plan.model_validate_json(archive.read("plan.json"))
            cut = tuple(
                Passage(quote=plan.text[row["start"] : row["end"]], **row) for row in json.loads(archive.read("passages.json"))
            )
            vectors = None
            if "vectors.npy" in archive.namelist():
                vectors = np.load(io.BytesIO(archive.read("vectors.npy")), allow_pickle=False).astype(np.float32)
        return Segment(plan, cut, vectors)


def _row(passage: Passage) -> dict[str, object]:
    row = asdict(passage)
    del row["quote"]  # the text stands in the plan; the offsets find it
    return row


@dataclass(frozen=True)
class Entry:
    """A line of the manifest."""

    plan_id: str
    version: int
    org: str
    file: str
    sha256: str
    passages: int


@dataclass(frozen=True)
class Generation:
    number: int
    model: str
    entries: Mapping[tuple[str, int], Entry]


class Index:
    """The index in a folder; `current` is the generation in force, or None where none was built.

    `step` is told how far a build has come ("reindex.begun", "reindex.segment", "reindex.manifest", "reindex.swapped").
    """

    def __init__(self, folder: Path, step: Step = lambda name: None) -> None:
        self.folder = folder
        self._step = step
        self.segments_folder = folder / "segments"
        self.generations_folder = folder / "generations"

    def current(self) -> Generation | None:
        """The generation in force; raises DamagedError where its manifest cannot be read."""
        pointer = self.folder / "current"
        if not pointer.is_file():
            return None
        try:
            number = int(pointer.read_text(encoding="ascii"))
            manifest = json.loads((self.generations_folder / f"{number}.json").read_text(encoding="utf-8"))
            body = manifest["body"]
            if hashlib.sha256(_canonical(body)).hexdigest() != manifest["sha256"] or body["layout"] != LAYOUT:
                raise DamagedError(f"generations/{number}.json")
            entries = [Entry(**row) for row in body["entries"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"current: {error}") from error
        return Generation(number, body["model"], {(e.plan_id, e.version): e for e in entries})

    def load(self, entry: Entry) -> Segment:
        """A segment, its checksum verified; raises DamagedError."""
        try:
            data = (self.segments_folder / entry.file).read_bytes()
        except OSError as error:
            raise DamagedError(f"{entry.file}: {error.strerror}") from error
        if hashlib.sha256(data).hexdigest() != entry.sha256:
            raise DamagedError(f"{entry.file}: SHA-256")
        return Segment.from_bytes(data)

    def build(self, plans: Iterable[Plan], embedder: Embedder | None, progress: Progress | None = None, fresh: bool = False) -> Generation:
        """Put a generation of these plans in force, taking over every sound segment that is there already."""
        self.segments_folder.mkdir(parents=True, exist_ok=True)
        self.generations_folder.mkdir(parents=True, exist_ok=True)
        self._step("reindex.begun")
        model = embedder.identity if embedder else ""
        try:
            before = self.current()
        except DamagedError:
            before = None
        known = {} if fresh or before is None or before.model != model else before.entries
        wanted = list(plans)
        entries = []
        for done, plan in enumerate(wanted, start=1):
            old = known.get((plan.id, plan.version))
            keep = old if old and old.file.startswith(_stem(plan, model)) and self.sound(old) else None
            entries.append(keep or self._write(Segment.build(plan, embedder), model))
            if progress:
                progress(done, len(wanted))
        return self._put_in_force(entries, model, before.number + 1 if before else self._next_number())

    def verify(self) -> list[str]:
        """What is wrong with the generation in force: one line a file, empty where all is well."""
        try:
            generation = self.current()
        except DamagedError as error:
            return [str(error)]
        if generation is None:
            return ["current"]
        return [entry.file for entry in generation.entries.values() if not self.sound(entry)]

    def sound(self, entry: Entry) -> bool:
        """Whether a segment's file is there and is what the manifest says."""
        path = self.segments_folder / entry.file
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == entry.sha256

    def _write(self, segment: Segment, model: str) -> Entry:
        data = segment.to_bytes()
        plan, sha256 = segment.plan, hashlib.sha256(data).hexdigest()
        name = f"{_stem(plan, model)}{sha256[:8]}.seg"  # by content: what another generation uses is never written over
        _replace(self.segments_folder / name, data)
        self._step("reindex.segment")
        return Entry(plan.id, plan.version, plan.org, name, sha256, len(segment.passages))

    def _put_in_force(self, entries: Sequence[Entry], model: str, number: int) -> Generation:
        body = {"layout": LAYOUT, "number": number, "model": model, "entries": [asdict(entry) for entry in entries]}
        manifest = {"body": body, "sha256": hashlib.sha256(_canonical(body)).hexdigest()}
        _replace(self.generations_folder / f"{number}.json", json.dumps(manifest, ensure_ascii=False).encode())
        self._step("reindex.manifest")
        _replace(self.folder / "current", str(number).encode())
        self._step("reindex.swapped")
        self._sweep(number, {entry.file for entry in entries})
        return Generation(number, model, {(e.plan_id, e.version): e for e in entries})

    def _sweep(self, number: int, kept: set[str]) -> None:
        """Remove what only generations before the last one used: one step back stays possible."""
        for old in self.generations_folder.glob("*.json"):
            if old.stem.isdigit() and int(old.stem) == number - 1:
                kept = kept | set(re.findall(r'"file": "([^"]+)"', old.read_text(encoding="utf-8", errors="replace")))
            elif not old.stem.isdigit() or int(old.stem) < number - 1:
                old.unlink(missing_ok=True)
        for path in self.segments_folder.iterdir():
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _next_number(self) -> int:
        numbers = [int(path.stem) for path in self.generations_folder.glob("*.json") if path.stem.isdigit()]
        return max(numbers, default=0) + 1


def _stem(plan: Plan, model: str) -> str:
    """The beginning of a segment's name: it changes with the plan's content, the model and the layout."""
    key = hashlib.sha256(f"{LAYOUT}\n{model}\n{plan.model_dump_json(by_alias=True)}".encode()).hexdigest()[:16]
    return f"{re.sub(r'[^a-z0-9-]', '_', plan.id)}-{plan.version}-{key}-"


def _canonical(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
