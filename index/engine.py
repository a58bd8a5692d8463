"""The engine: a question, the asker's institution and the earlier questions in; an answer, an abstention or a question back out.

Start here to follow a question: `Engine.ask` reads it (`question`), finds whose plans to search (`institutions`), ranks their passages
(`search`, `fusion`, `trees`), gates (`gate`), chooses what to show (`choice`) and quotes it (`answer`).
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from index.across import Across
from index.answer import Abstain, Answer, Candidate, Clarify, Eligibility, Office, Quote, Run, Source, place_of, places_above, runs
from index.choice import LONGEST_TEXT, chosen, context
from index.embed import Embedder
from index.fusion import NAMES, Layout, features, lexical_scores, people_columns
from index.gate import evidence
from index.institutions import Names
from index.interaction import Tokens
from index.judge import Judge
from index.kept import read, unpacked
from index.kinds import KINDS, question_features
from index.passages import Passage
from index.question import Question, understand
from index.search import DamagedError, Entry, Index, Segment
from index.vocabulary import bare_line, small_talk
from knowledge.library import Institution, Library, is_over
from knowledge.model import Plan
from knowledge.text import clean

Floats = npt.NDArray[np.float32]
Key = tuple[str, int]

OPEN_SEGMENTS = 256
SHOWN_OPTIONS = 8
LIKELIEST = 100  # passages over all institutions whose owners are asked first
EXPIRED_TAKES = 120  # characters that the notice of a plan whose period is over takes from the quotations
LONGEST_TOLD = 1_420  # characters of a first answer, so that it stays under 1,500 with its number
NOTICE = 310  # characters of the notice of a plan whose period is over, or of what a group of criteria asks
MENTIONED_FROM = 0.5  # the probability from which a question is taken to have spoken of a criterion
AMENDING_SHOWN = 6  # clauses of an amending document shown beside what they change
OUTRIGHT = {"stated_once": 5.0, "defines": 4.0, "section_named": 3.0}  # log-odds for what a question names outright, beside the ranking
_OUTRIGHT_COLUMNS = [NAMES.index(name) for name in OUTRIGHT]
_OUTRIGHT_WEIGHTS = np.array(list(OUTRIGHT.values()), dtype=np.float32)
BY_WORDS_FROM = 0.25  # the share of a question's weight in words that a passage must hold where words alone decide

_OPENS_SMALL_TALK = re.compile(
    r"(?:da |vang |u )*(?:(?:xin )?chao|hello|hi|hey|alo|cam on|thank|thanks|tks|ok|oke|okay|okie|vang|da|uh|um|duoc roi|hieu roi|tot qua|"
    r"hay qua|tam biet|bye|ban la ai|bot la ai|(?:bot|ban|ad) lam duoc gi|giup (?:gi|duoc gi)|huong dan su dung|help|menu|start)(?!\w)"
)
_ACROSS = re.compile(
    r"(?:nhung|cac) (?:ke hoach|truong|don vi|noi|co quan|van ban) nao|"
    r"(?:ke hoach|truong|don vi) nao (?:co|quy dinh|yeu cau|cho|xet|thuong)"
)


@dataclass(frozen=True)
class Catalogue:
    """A snapshot of the library: institutions and which plan versions are live. Made on the thread that owns the database."""

    institutions: Mapping[str, Institution]
    live: Mapping[str, tuple[Key, ...]]
    amendments: Mapping[str, tuple[Key, ...]]
    names: Names = field(repr=False, compare=False)

    @staticmethod
    def of(library: Library, before: Catalogue | None = None) -> Catalogue:
        """The library as it is now; what `before` knows of the names is taken over where they are still the same."""
        institutions = {institution.slug: institution for institution in library.institutions()}
        live: dict[str, list[Key]] = {}
        for org, plan_id, version in library.live_keys():
            live.setdefault(org, []).append((plan_id, version))
        amendments: dict[str, tuple[Key, ...]] = {}
        for amended, plan_id, version in library.amended():
            amendments[amended] = (*amendments.get(amended, ()), (plan_id, version))
        names = before.names if before and before.institutions == institutions else Names(institutions.values())
        return Catalogue(institutions, {org: tuple(keys) for org, keys in live.items()}, amendments, names)


@dataclass(frozen=True)
class _Opened:
    segment: Segment
    layout: Layout
    tokens: Tokens
    bare_text: str


@dataclass(frozen=True)
class _Found:
    """What one institution's plans have to say: rows over all of its live plans' passages, one plan after another.

    `asks` is what the question asks for, one probability a kind.
    """

    org: str
    asks: Floats
    opened: tuple[_Opened, ...]
    scores: Floats
    show: Floats
    abstains: float
    plan_of: tuple[int, ...]


class Engine:
    """Answers from an index folder. Safe to call from several threads; `refresh` puts a new snapshot of the library in place."""

    def __init__(self, index: Index, embedder: Embedder | None = None, judge: Judge | None = None) -> None:
        self.index = index
        self.embedder = embedder or Embedder()
        self.judge = judge or Judge.load()
        self._shipped = judge is None
        self._catalogue = Catalogue({}, {}, {}, Names(()))
        self._entries: Mapping[Key, Entry] = {}
        self._checked: set[str] = set()
        self._opened: OrderedDict[Key, _Opened] = OrderedDict()
        self._waiting: frozenset[Key] = frozenset()
        self._across_all: tuple[Across | None, Mapping[str, str]] | None = None
        self._lock = threading.Lock()

    def refresh(self, library: Library) -> None:
        """Take the library's institutions and live plans as they are now; call it on the thread that owns the database.

        A live plan whose segment is missing or damaged is searched by words alone until the index is built again.
        """
        catalogue = Catalogue.of(library, self._catalogue)
        try:
            generation = self.index.current()
        except DamagedError:
            generation = None
        fits = generation is not None and generation.model == self.embedder.identity
        entries = dict(generation.entries) if generation is not None and fits else {}
        wanted = {key for keys in catalogue.live.values() for key in keys}
        by_words: dict[Key, Segment] = {}
        for key in wanted:
            entry = entries.get(key)
            if entry is None or not self._sound(entry):
                stored = library.get(*key)
                if stored is not None:
                    by_words[key] = Segment.build(stored.plan, None)
        with self._lock:
            self._catalogue = catalogue
            self._entries = entries
            self._waiting = frozenset(by_words)
            self._across_all = None
            self._opened = OrderedDict((key, self._open(segment)) for key, segment in by_words.items())

    def _sound(self, entry: Entry) -> bool:
        """Whether a segment can be trusted; each file is read for this once."""
        if entry.sha256 not in self._checked and self.index.sound(entry):
            self._checked.add(entry.sha256)
        return entry.sha256 in self._checked and (self.index.segments_folder / entry.file).is_file()

    @property
    def behind(self) -> bool:
        """Whether a live plan is searched by words alone: not indexed yet, its segment damaged, or the index of another model."""
        return bool(self._waiting)

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    def warm(self) -> None:
        """Load the model, so that the first question does not wait for it."""
        self.embedder.encode(["đề nghị"])

    # --- asking

    def ask(self, question: str, *, org: str | None, history: Sequence[str] = (), today: date) -> Answer | Abstain | Clarify:
        """Answer a question typed by somebody of institution `org` (a slug, or None); `history` holds earlier questions, oldest first."""
        catalogue = self._catalogue
        text = clean(question)
        bare = bare_line(text)
        if not bare or _is_small_talk(bare):
            return Clarify(org=org, notes=(), candidates=(), reason="greeting")
        asked = understand(text, history)
        own = catalogue.institutions.get(org) if org else None
        own_text = self._own_text(catalogue, own.slug) if own else ""
        named = catalogue.names.find(text, own.slug if own else None, own_text)
        if not named.slugs and asked.follows:
            earlier = [catalogue.names.find(line, own.slug if own else None, own_text) for line in reversed(history)]
            named = next((n for n in earlier if n.slugs), named)
        if named.unknown and not named.slugs:
            return Abstain(org=org, notes=("unknown_institution",), candidates=(), unknown=named.unknown)
        if len(named.slugs) > 1:
            return self._which(catalogue, named.slugs, org)
        target = named.slugs[0] if named.slugs else own.slug if own else None
        if target is not None:
            return self._answer(catalogue, asked, target, org, today)
        speaking = [slug for slug in catalogue.live if catalogue.live[slug]]
        if len(speaking) == 1:
            return self._answer(catalogue, asked, speaking[0], org, today)
        return self._across(catalogue, asked, bare, speaking, today)

    def _own_text(self, catalogue: Catalogue, slug: str) -> str:
        return " ".join(opened.bare_text for opened in self._plans(catalogue, slug)[1])

    def _which(self, catalogue: Catalogue, slugs: Iterable[str], org: str | None, candidates: tuple[Candidate, ...] = ()) -> Clarify:
        options = tuple((slug, catalogue.institutions[slug].name) for slug in slugs if slug in catalogue.institutions)
        return Clarify(org=org, notes=(), candidates=candidates, options=options[:SHOWN_OPTIONS])

    def _across(self, catalogue: Catalogue, asked: Question, bare: str, speaking: Sequence[str], today: date) -> Answer | Abstain | Clarify:
        """No institution is known: ask which, unless the question is about all of them or no plan says anything."""
        if len(speaking) > SHOWN_OPTIONS:
            speaking = self._likeliest(catalogue, asked, speaking)
        found = [f for f in (self._find(catalogue, asked, slug) for slug in speaking[:SHOWN_OPTIONS]) if f]
        telling = [f for f in found if f.abstains < (1 + self.judge.abstain_at) / 2]  # asking which costs little
        candidates = tuple(sorted((c for f in found for c in self._candidates(f, today)), key=lambda c: -c.score)[:10])
        if not telling:
            return Abstain(org=None, notes=(), candidates=candidates)
        if not _ACROSS.search(bare):
            return self._which(catalogue, speaking, None, candidates)
        each = []
        for f in telling[:5]:
            row = int(np.argmax(f.show))
            each.extend(self._runs(f, [row], today))
        return Answer(org=None, notes=tuple(_notes(each)), candidates=candidates, runs=tuple(each))

    def _likeliest(self, catalogue: Catalogue, asked: Question, speaking: Sequence[str]) -> list[str]:
        """The institutions, those first whose plans hold the passages that fit a question best."""
        with self._lock:
            across_all, entries = self._across_all, self._entries
        if across_all is None:
            wanted = [entries[key] for keys in catalogue.live.values() for key in keys if key in entries]
            across_all = self.index.across({e.file for e in wanted}, self.embedder.identity), {e.file: e.org for e in wanted}
            with self._lock:
                if self._entries is entries:
                    self._across_all = across_all
        across, owners = across_all
        hits = across.search(asked, self._vector(asked), LIKELIEST) if across else []
        return list(dict.fromkeys([*(owners[hit.file] for hit in hits), *speaking]))

    def _answer(self, catalogue: Catalogue, asked: Question, slug: str, org: str | None, today: date) -> Answer | Abstain:
        found = self._find(catalogue, asked, slug)
        if found is None:
            return Abstain(org=slug, notes=("no_plan",), candidates=())
        notes = ["parent"] if found.org != slug else []
        if org is not None and slug != org:
            notes.append("other_institution")
        candidates = self._candidates(found, today)
        if found.abstains >= self.judge.abstain_at:
            sources = tuple(self._source(o.segment.plan, today) for o in found.opened)
            return Abstain(
                org=slug,
                notes=(*notes, *(["expired"] if all(s.expired for s in sources) else [])),
                candidates=candidates,
                sources=sources,
                office=self._office(found, today),
            )
        best_plan = found.plan_of[int(np.argmax(found.scores))]
        rows = [row for row in range(len(found.scores)) if found.plan_of[row] == best_plan]
        offset = rows[0]
        cut = found.opened[best_plan].segment.passages
        show, scores = found.show[rows], found.scores[rows]
        expired = is_over(found.opened[best_plan].segment.plan, today)
        longest = LONGEST_TEXT - EXPIRED_TAKES if expired else LONGEST_TEXT
        layout = found.opened[best_plan].layout
        picked = chosen(show, scores, cut, self.judge.show_share, longest, people_columns(asked, layout)[2] > 0, layout.unit_above)
        eligibility = self._eligibility(found.asks, found.opened[best_plan].segment.plan, cut, scores, picked)
        shown = self._runs(found, [offset + row for row in picked], today)
        room = LONGEST_TOLD - NOTICE * (expired + (eligibility is not None))
        while len(picked) > 1 and _told(shown) > room:
            picked.remove(min(picked, key=lambda row: show[row]))
            shown = self._runs(found, [offset + row for row in picked], today)
        shown = [run for told in shown for run in (told, *self._amending(catalogue, told, today))]
        return Answer(slug, (*notes, *_notes(shown)), candidates, tuple(shown), eligibility)

    def _amending(self, catalogue: Catalogue, told: Run, today: date) -> list[Run]:
        """What documents that amend a plan say of the clauses shown: each clause that names their place, with what it announces."""
        found: list[Run] = []
        for key in catalogue.amendments.get(told.source.plan_id, ()):
            opened, amended = self._get(key), self._get((told.source.plan_id, told.source.version))
            if opened is None or amended is None:
                continue
            by_ref = {clause.ref: clause for clause in reversed(amended.segment.plan.clauses)}
            places = {place for quote in told.quotes for place in places_above(quote.ref, by_ref)}
            cut = opened.segment.passages
            named = [row for row, p in enumerate(cut) if p.zone == "body" and any(_names(p.quote, place) for place in places)]
            below = [row for row, p in enumerate(cut) if p.parent in named and row not in named]
            if named:
                plan = opened.segment.plan
                told_there = runs(plan, self._source(plan, today), [cut[row] for row in sorted([*named, *below])][:AMENDING_SHOWN])
                found.extend(replace(run, amends=True) for run in told_there)
        return found

    def _eligibility(self, asks: Floats, plan: Plan, cut: Sequence[Passage], scores: Floats, picked: Sequence[int]) -> Eligibility | None:
        """Where somebody asks whether they qualify, and items of one group of criteria are shown: what else the group asks."""
        if KINDS[int(asks.argmax())] != "eligibility":
            return None
        shown = {cut[row].ref for row in picked}
        likely = {cut[row].ref for row in picked if 1 / (1 + np.exp(-scores[row])) >= MENTIONED_FROM}
        groups = [(len(shown & {item.ref for item in group.items}), group) for group in plan.criteria]
        common, group = max(groups, key=lambda pair: pair[0], default=(0, None))
        if group is None or not common or len(group.items) < 2 or not likely & {item.ref for item in group.items}:
            return None
        by_ref = {clause.ref: clause for clause in reversed(plan.clauses)}
        places = {item.ref: place_of(by_ref[item.ref], by_ref) for item in group.items if item.ref in by_ref}
        if len(places) < 2 or group.ref not in by_ref:
            return None
        general = next((ref for ref in group.requires if ref in by_ref), None)
        return Eligibility(
            logic=group.logic,
            place=place_of(by_ref[group.ref], by_ref),
            mentioned=tuple(place for ref, place in places.items() if ref in likely),
            not_mentioned=tuple(place for ref, place in places.items() if ref not in likely),
            general=place_of(by_ref[general], by_ref) if general else None,
            judges=tuple(dict.fromkeys(item.judge for item in group.items if item.judge)),
        )

    # --- finding

    def _plans(self, catalogue: Catalogue, slug: str) -> tuple[str, list[_Opened]]:
        """The live plans of an institution, or of the nearest office above it that has any."""
        at: str | None = slug
        for _ in range(6):
            if at is None:
                break
            keys = catalogue.live.get(at, ())
            if keys:
                return at, [opened for key in keys if (opened := self._get(key))]
            above = catalogue.institutions.get(at)
            at = above.parent if above else None
        return slug, []

    def _find(self, catalogue: Catalogue, asked: Question, slug: str) -> _Found | None:
        at, opened = self._plans(catalogue, slug)
        if not opened:
            return None
        asks = self.judge.question_kinds.probabilities([question_features(asked)])[0]
        vector = self._vector(asked) if any(o.segment.vectors is not None for o in opened) else None
        scores: list[Floats] = []
        shows: list[Floats] = []
        gates: list[float] = []
        for one in opened:
            judged = self._by_words(asked, one) if one.segment.vectors is None else self._judged(asked, one, asks, vector)
            for kept, value in zip((scores, shows), judged[:2], strict=True):
                kept.append(value)
            gates.append(judged[2])
        plan_of = tuple(number for number, part in enumerate(scores) for _ in part)
        return _Found(at, asks, tuple(opened), np.concatenate(scores), np.concatenate(shows), min(gates), plan_of)

    def _judged(self, asked: Question, one: _Opened, asks: Floats, vector: Floats | None) -> tuple[Floats, Floats, float]:
        """Scores, shown probabilities and abstention over one plan's passages, by the trained models."""
        near = one.segment.dense
        dense = near.scores(vector) if near is not None and vector is not None else np.zeros(one.layout.size, dtype=np.float32)
        late, parts, support = self.judge.interaction.scores(asked.spoken, one.tokens)
        rows = features(asked, one.segment, one.layout, asks, dense, late, parts)
        named = rows[:, _OUTRIGHT_COLUMNS]
        ranked = self.judge.rank.margins(rows) + named @ _OUTRIGHT_WEIGHTS
        show = self.judge.show.probabilities(context(rows, ranked, one.layout, one.segment.passages, asked, asks))
        silent = self.judge.silence(evidence(rows, ranked, show, support, one.layout, asked, asks)[None, :])
        return ranked, show, 0.0 if named.any() else float(silent[0])  # no silence where the plan has just what is asked for

    def _by_words(self, asked: Question, one: _Opened) -> tuple[Floats, Floats, float]:
        """The same by words alone, while a plan has no vectors: the models were trained with them and would misjudge."""
        lexical = lexical_scores(asked, one.segment)
        found = one.segment.bare.scores(asked.bare)
        mass = one.segment.bare.weight(asked.bare, unknown=float(np.log1p(one.segment.bare.size)))
        silent = 0.0 if len(found) and mass > 0 and float(found.max()) >= BY_WORDS_FROM * mass else 1.0
        return 6 * lexical - 3, lexical**8, silent

    def _vector(self, asked: Question) -> Floats:
        vector: Floats = self.embedder.encode(asked.spoken).mean(axis=0)
        return vector

    def _get(self, key: Key) -> _Opened | None:
        with self._lock:
            if key in self._opened:
                self._opened.move_to_end(key)
                return self._opened[key]
            entry = self._entries.get(key)
        if entry is None:
            return None
        try:
            opened = self._open(self.index.load(entry))
        except DamagedError:
            return None
        with self._lock:
            self._opened[key] = opened
            while len(self._opened) > OPEN_SEGMENTS:
                self._opened.popitem(last=False)
        return opened

    def _open(self, segment: Segment) -> _Opened:
        kept = unpacked(segment.kept) if segment.kept and self._shipped else None
        return _Opened(segment, *(kept or read(segment, self.judge)))

    # --- telling

    def _runs(self, found: _Found, rows: Sequence[int], today: date) -> list[Run]:
        told: list[Run] = []
        for number in dict.fromkeys(found.plan_of[row] for row in rows):
            opened = found.opened[number]
            offset = found.plan_of.index(number)
            plan = opened.segment.plan
            cut = [opened.segment.passages[row - offset] for row in rows if found.plan_of[row] == number]
            told.extend(runs(plan, self._source(plan, today), cut))
        return told

    def _candidates(self, found: _Found, today: date) -> tuple[Candidate, ...]:
        best = np.argsort(-found.scores, kind="stable")[:10]
        probability = 1 / (1 + np.exp(-found.scores))
        candidates = []
        for row in map(int, best):
            number = found.plan_of[row]
            opened = found.opened[number]
            passage = opened.segment.passages[row - found.plan_of.index(number)]
            source = self._source(opened.segment.plan, today)
            quote = Quote(source, passage.ref, passage.ref, passage.quote, passage.start, passage.end, passage.page)
            candidates.append(Candidate(quote, round(float(probability[row]), 4)))
        return tuple(candidates)

    def _source(self, plan: Plan, today: date) -> Source:
        institution = self._catalogue.institutions.get(plan.org)
        return Source.of(plan, is_over(plan, today), institution.name if institution else plan.org)

    def _office(self, found: _Found, today: date) -> Office | None:
        """The unit that the plan names as its focal point: the one whose duty says so, or to whom nominations go."""
        for opened in found.opened:
            plan: Plan = opened.segment.plan
            by_ref = {clause.ref: clause for clause in reversed(plan.clauses)}
            source = self._source(plan, today)
            focal = [duty for duty in plan.duties if "đầu mối" in duty.quote.lower()]
            for duty in focal:
                if duty.ref in by_ref:
                    return Office(duty.unit, place_of(by_ref[duty.ref], by_ref), source, focal=True)
            for deadline in plan.deadlines:
                if deadline.recipient and deadline.kind == "nomination" and deadline.ref in by_ref:
                    return Office(deadline.recipient, place_of(by_ref[deadline.ref], by_ref), source, focal=False)
        return None


def _is_small_talk(bare: str) -> bool:
    """Whether a line greets, thanks or asks what the bot does, and asks nothing of a plan."""
    return bool(_OPENS_SMALL_TALK.match(bare)) and all(word in small_talk() for word in bare.split())


def _names(quote: str, place: str) -> bool:
    """Whether a clause speaks of a place ("mục II.2" is not "mục II.2.1")."""
    return re.search(re.escape(place.lower()) + r"(?![.]?\w)", " ".join(quote.lower().split())) is not None


def _told(shown: Sequence[Run]) -> int:
    """About how many characters the runs take in a message, their places included."""
    return sum(len(run.text) + len(run.place) + 12 for run in shown) + 60


def _notes(shown: Sequence[Run]) -> list[str]:
    notes = []
    if any(run.source.expired for run in shown):
        notes.append("expired")
    if any(run.source.digest for run in shown):
        notes.append("digest")
    return notes
