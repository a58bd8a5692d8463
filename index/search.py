"""The search index on disk: one segment a plan version, gathered in generations with a checksum manifest.

    index/segments/<plan>-<version>-<key>-<hash>.seg   the passages of one plan version with their vectors; written once, never changed
    index/generations/<n>.json                  which segments are in force together, each with its SHA-256
    index/current                               the number of the generation that serves
    index/across/                               the same passages for search over all institutions (`index.across`)

Adding a plan writes one segment and one manifest. A new generation counts once `current` has been replaced, in one atomic
rename; what crashes before that leaves the old one serving. A segment whose checksum is wrong is refused (`DamagedError`) and
built again from the database.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
import sys
import time
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from index.across import Across, Store
from index.dense import Dense
from index.embed import Embedder
from index.files import canonical, digest, make_lasting, put
from index.lexical import Counts, Postings, accented, bare, pairs
from index.passages import Passage, passages, spoken
from knowledge.model import Plan
from knowledge.text import unaccent

T = TypeVar("T")

Floats = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
Step = Callable[[str], None]

ONE_BY_ONE = 8  # institutions up to which a question to all of them is put to each in turn
LAYOUT = 3  # raised when passages or their files change shape: older segments are then built again


class DamagedError(Exception):
    """A file of the index is missing or is not what the manifest says; the message names it."""


@dataclass(frozen=True)
class Segment:
    """One plan version as it is searched. `vectors` has one row a passage, or none where it was built without the model."""

    plan: Plan
    passages: tuple[Passage, ...]
    vectors: Floats | None = field(repr=False, compare=False)
    kept: bytes | None = field(default=None, repr=False, compare=False)

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
    def counts(self) -> Mapping[str, Counts]:
        """How often each word, each bare word, each pair of them, and each word or pair of the path stands in each passage."""
        spoken_words = [accented(p.searched) for p in self.passages]
        plain = [[unaccent(word) for word in line] for line in spoken_words]
        above = {path: [*(words := bare(path)), *pairs(words)] for path in {p.path for p in self.passages}}
        return {
            "words": Counts.of(spoken_words),
            "bare": Counts.of(plain),
            "pairs": Counts.of(pairs(line) for line in plain),
            "path": Counts.of(above[p.path] for p in self.passages),
        }

    @cached_property
    def words(self) -> Postings:
        return Postings.of(self.counts["words"])

    @cached_property
    def bare(self) -> Postings:
        return Postings.of(self.counts["bare"])

    @cached_property
    def pairs(self) -> Postings:
        return Postings.of(self.counts["pairs"])

    @cached_property
    def path(self) -> Postings:
        return Postings.of(self.counts["path"])

    def to_bytes(self, kept: bytes | None = None) -> bytes:
        """The segment as one file: a zip of JSON and arrays, no pickles; `kept` is what `index.kept` read out of it."""
        numbers = np.concatenate([part for c in self.counts.values() for part in (c.lengths, c.starts, c.rows, c.frequencies)])
        numbers = numbers.astype("<u2" if numbers.max(initial=0) < 1 << 16 else "<i4")
        tokens = {field: counts.tokens for field, counts in self.counts.items()}
        parts: dict[str, str | bytes] = {
            "plan.json": self.plan.model_dump_json(by_alias=True),
            "passages.json": json.dumps([_row(p) for p in self.passages], ensure_ascii=False),
            "counts.json": json.dumps({"type": numbers.dtype.str, "tokens": tokens}, ensure_ascii=False),
            "counts": numbers.tobytes(),
        }
        if self.vectors is not None:
            parts["vectors"] = self.vectors.astype("<f2").tobytes()
        if kept is not None:
            parts["kept"] = kept
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in parts.items():
                archive.writestr(name, content, zipfile.ZIP_STORED if name == "vectors" else None)
        return buffer.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Segment:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        plan = Plan.model_validate_json(parts["plan.json"])
        cut = tuple(Passage(quote=plan.text[row["start"] : row["end"]], **row) for row in json.loads(parts["passages.json"]))
        vectors = None
        if "vectors" in parts:
            vectors = np.frombuffer(parts["vectors"], dtype="<f2").reshape(len(cut), -1 if cut else 0).astype(np.float32)
        segment = Segment(plan, cut, vectors, parts.get("kept"))
        told = json.loads(parts["counts.json"])
        numbers = np.frombuffer(parts["counts"], dtype=told["type"]).astype(np.int32)
        vars(segment)["counts"] = _counts(told["tokens"], numbers, len(cut))  # as if counted already
        return segment


def _counts(tokens: Mapping[str, Sequence[str]], numbers: npt.NDArray[np.int32], size: int) -> dict[str, Counts]:
    """The counts as `Segment.to_bytes` laid them out, one field after another."""
    found: dict[str, Counts] = {}
    at = 0

    def take(length: int) -> npt.NDArray[np.int32]:
        nonlocal at
        at += length
        return numbers[at - length : at]

    for name, listed in tokens.items():
        lengths, starts = take(size), take(len(listed) + 1)
        found[name] = Counts(tuple(listed), starts, take(int(starts[-1])), take(int(starts[-1])), lengths)
    return found


def _row(passage: Passage) -> dict[str, object]:
    return {name: getattr(passage, name) for name in _KEPT}


_KEPT = tuple(part.name for part in fields(Passage) if part.name != "quote")  # the text stands in the plan; the offsets find it


@dataclass(frozen=True)
class Entry:
    """A line of the manifest; `mark` is the library's mark of the plan version, "" where it was not told."""

    plan_id: str
    version: int
    org: str
    file: str
    sha256: str
    passages: int
    mark: str = ""


class Live(NamedTuple):
    """A plan version in force; `mark` changes with its content (`Library.live_marks`)."""

    org: str
    plan_id: str
    version: int
    mark: str


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
        self._store = Store(folder / "across")
        self._checked: dict[str, tuple[str, int, int]] = {}
        self._written: list[Path] = []
        self._current: tuple[tuple[int, int, int], Generation] | None = None
        self.segments_folder = folder / "segments"
        self.generations_folder = folder / "generations"

    def current(self) -> Generation | None:
        """The generation in force; raises DamagedError where its manifest cannot be read."""
        pointer = self.folder / "current"
        if not pointer.is_file():
            return None
        try:
            number = int(pointer.read_text(encoding="ascii"))
            path = self.generations_folder / f"{number}.json"
            stat = path.stat()
            seen = (number, stat.st_size, stat.st_mtime_ns)
            if self._current is not None and self._current[0] == seen:
                return self._current[1]
            manifest = json.loads(path.read_text(encoding="utf-8"))
            body = manifest["body"]
            if hashlib.sha256(canonical(body)).hexdigest() != manifest["sha256"] or body["layout"] != LAYOUT:
                raise DamagedError(f"generations/{number}.json")
            entries = [Entry(**row) for row in body["entries"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"current: {error}") from error
        generation = Generation(number, body["model"], {(e.plan_id, e.version): e for e in entries})
        self._current = (seen, generation)
        return generation

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
        self._step("reindex.begun")
        before, model = self._before(), embedder.identity if embedder else ""
        known = {} if fresh else self._known(before, model)
        wanted = list(plans)
        entries = []
        for done, plan in enumerate(wanted, start=1):
            entries.append(self._entry(plan, known.get((plan.id, plan.version)), "", embedder))
            if progress:
                progress(done, len(wanted))
        return self._put_in_force(entries, model, before.number + 1 if before else self._next_number())

    def missing(self, live: Iterable[Live], model: str) -> list[tuple[str, int]]:
        """The plan versions that no sound segment of this model holds: those that `update` will read."""
        known = self._known(self._before(), model)
        return [(one.plan_id, one.version) for one in _unhurried(live) if not self._holds(known.get((one.plan_id, one.version)), one)]

    def update(
        self,
        live: Iterable[Live],
        read: Callable[[tuple[str, int]], Plan | None],
        embedder: Embedder | None,
        progress: Progress | None = None,
    ) -> Generation:
        """Put a generation of the plan versions in force; only what is `missing` is read. What cannot be read stays out."""
        with _giving_way():
            return self._update(live, read, embedder, progress)

    def _update(
        self,
        live: Iterable[Live],
        read: Callable[[tuple[str, int]], Plan | None],
        embedder: Embedder | None,
        progress: Progress | None,
    ) -> Generation:
        self._step("reindex.begun")
        before, model = self._before(), embedder.identity if embedder else ""
        known = self._known(before, model)
        entries, new = [], []
        for one in _unhurried(live):
            old = known.get((one.plan_id, one.version))
            if old is not None and self._holds(old, one):
                entries.append(old)
            else:
                new.append(one)
        for done, one in enumerate(new, start=1):
            plan = read((one.plan_id, one.version))
            if plan is not None:
                entries.append(self._entry(plan, known.get((one.plan_id, one.version)), one.mark, embedder))
            if progress:
                progress(done, len(new))
        return self._put_in_force(entries, model, before.number + 1 if before else self._next_number())

    def across(self, files: Collection[str], model: str) -> Across | None:
        """Search over all institutions, among the segments in these files; None where there are few, or it is not built or damaged."""
        return self._store.open(files, model)

    def _before(self) -> Generation | None:
        self.segments_folder.mkdir(parents=True, exist_ok=True)
        self.generations_folder.mkdir(parents=True, exist_ok=True)
        try:
            return self.current()
        except DamagedError:
            return None

    def _known(self, before: Generation | None, model: str) -> Mapping[tuple[str, int], Entry]:
        return before.entries if before is not None and before.model == model else {}

    def _holds(self, entry: Entry | None, one: Live) -> bool:
        return entry is not None and entry.org == one.org and entry.mark == one.mark != "" and self.sound(entry)

    def _entry(self, plan: Plan, old: Entry | None, mark: str, embedder: Embedder | None) -> Entry:
        """The entry of a plan: the old one where its segment is sound and of this content, otherwise that of a new segment."""
        model = embedder.identity if embedder else ""
        if old is None or not old.file.startswith(_stem(plan, model)) or not self.sound(old):
            old = self._write(Segment.build(plan, embedder), model)
        return replace(old, mark=mark or old.mark)

    def verify(self) -> list[str]:
        """What is wrong with the generation in force: one line a file, empty where all is well."""
        try:
            generation = self.current()
        except DamagedError as error:
            return [str(error)]
        if generation is None:
            return ["current"]
        self._checked.clear()
        return [entry.file for entry in generation.entries.values() if not self.sound(entry)]

    def sound(self, entry: Entry) -> bool:
        """Whether a segment's file is there and is what the manifest says; a file is read for this once, and again when it changes."""
        path = self.segments_folder / entry.file
        try:
            stat = path.stat()
            seen = (entry.sha256, stat.st_size, stat.st_mtime_ns)
            if self._checked.get(entry.file) != seen:
                if digest(path) != entry.sha256:
                    return False
                self._checked[entry.file] = seen
        except OSError:
            return False
        return True

    def _write(self, segment: Segment, model: str) -> Entry:
        from index.kept import packed  # here, because it builds on segments

        data = segment.to_bytes(packed(segment))
        plan, sha256 = segment.plan, hashlib.sha256(data).hexdigest()
        name = f"{_stem(plan, model)}{sha256[:8]}.seg"  # by content: what another generation uses is never written over
        put(self.segments_folder / name, data, lasting=False)
        self._written.append(self.segments_folder / name)
        self._step("reindex.segment")
        return Entry(plan.id, plan.version, plan.org, name, sha256, len(segment.passages))

    def _put_in_force(self, entries: Sequence[Entry], model: str, number: int) -> Generation:
        rows: list[str] = []
        for entry in _unhurried(entries):
            rows.append(json.dumps(vars(entry), ensure_ascii=False, sort_keys=True))
        rest = canonical({"layout": LAYOUT, "model": model, "number": number})
        body = b'{"entries": [' + ", ".join(rows).encode() + b"], " + rest[1:]  # what `canonical` makes of it, but not in one breath
        manifest = b'{"body": ' + body + b', "sha256": "' + hashlib.sha256(body).hexdigest().encode() + b'"}'
        while self._written:  # together, not one by one: a disk takes many files at once in little more than the time of one
            make_lasting(self._written.pop())
        path = self.generations_folder / f"{number}.json"
        put(path, manifest)
        self._step("reindex.manifest")
        put(self.folder / "current", str(number).encode())
        self._step("reindex.swapped")
        self._sweep(number, {entry.file for entry in entries})
        self._spread(entries, model)
        generation = Generation(number, model, {(e.plan_id, e.version): e for e in entries})
        self._current = ((number, path.stat().st_size, path.stat().st_mtime_ns), generation)
        return generation

    def _spread(self, entries: Sequence[Entry], model: str) -> None:
        """Bring the search over all institutions up to date; few are searched one by one."""
        if len({entry.org for entry in entries}) <= ONE_BY_ONE:
            self._store.drop()
            return
        by_file = {entry.file: entry for entry in entries}
        # The generation is in force already; where the disk is full, plans are found in the blocks as they were.
        with contextlib.suppress(OSError, DamagedError):
            self._store.update(by_file, model, lambda file: self.load(by_file[file]))

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


@contextlib.contextmanager
def _giving_way() -> Iterator[None]:
    """Let other threads have their turn sooner while an index is built: a question takes turns many times before it is answered."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, 0.0005))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _unhurried(items: Iterable[T]) -> Iterator[T]:
    """The items of a long list, with a pause now and then in which questions of other threads are answered."""
    for place, item in enumerate(items, start=1):
        yield item
        if place % 100 == 0:
            time.sleep(0.002)


def _stem(plan: Plan, model: str) -> str:
    """The beginning of a segment's name: it changes with the plan's content, the model and the layout."""
    key = hashlib.sha256(f"{LAYOUT}\n{model}\n{plan.model_dump_json(by_alias=True)}".encode()).hexdigest()[:16]
    return f"{re.sub(r'[^a-z0-9-]', '_', plan.id)}-{plan.version}-{key}-"
