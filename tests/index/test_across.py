"""Search over all institutions: what is found, what is not found any more, and what happens to damaged or half-written files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.database import open_memory
from index import across as module
from index import kept
from index.across import Block, Store, merged, ranked
from index.dense import Lists
from index.embed import Embedder
from index.engine import Engine
from index.files import arrays_of, mapped
from index.question import understand
from index.search import Index, Live, Segment
from knowledge.library import Library
from knowledge.model import Plan
from tests.bench import generator

COUNT = 12
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    return list(generator.plans(COUNT + 2, clauses=30))


@pytest.fixture(scope="module")
def segments(plans: list[Plan], embedder: Embedder) -> dict[str, Segment]:
    return {plan.org: Segment.build(plan, embedder) for plan in plans}


def slugs(count: int = COUNT) -> list[str]:
    return [generator.slug_of(number) for number in range(count)]


def asked_of(number: int) -> str:
    """A question made of a clause of a plan."""
    return next(one.question for one in generator.questions(400, COUNT, clauses=30) if one.plan == number and len(one.question) > 45)


def found(store: Store, question: str, live: list[str], embedder: Embedder) -> list[str]:
    opened = store.open(live, "m")
    assert opened is not None
    return [hit.file for hit in opened.search(understand(question), embedder.encode([question])[0], 10)]


@pytest.mark.parametrize("number", [0, 5, 11])
def test_search_finds_the_plan_that_the_question_is_made_of(
    number: int, segments: dict[str, Segment], embedder: Embedder, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    store.update(slugs(), "m", segments.__getitem__)
    assert found(store, asked_of(number), slugs(), embedder)[0] == generator.slug_of(number)


def test_search_finds_what_exact_search_finds(segments: dict[str, Segment], embedder: Embedder, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.update(slugs(), "m", segments.__getitem__)
    opened = store.open(slugs(), "m")
    assert opened is not None
    for number in range(COUNT):
        asked = understand(asked_of(number))
        vector = embedder.encode([asked.whole_text])[0]
        places, weights = opened.weighted(asked)
        words = [block.scores(at, weights) for block, at in zip(opened.blocks, places, strict=True)]
        every = [(block, np.arange(block.size), scores) for block, scores in zip(opened.blocks, words, strict=True)]
        exact = ranked(every, max(float(scores.max()) for scores in words), vector, 10)
        assert [hit.score for hit in opened.search(asked, vector, 10)] == pytest.approx([hit.score for hit in exact])


def test_large_block_is_searched_by_lists_of_near_vectors(
    segments: dict[str, Segment], embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "LISTED_FROM", 200)
    monkeypatch.setattr(module, "CANDIDATES", 40)
    store = Store(tmp_path)
    store.update(slugs(), "m", segments.__getitem__)
    opened = store.open(slugs(), "m")
    assert opened is not None
    assert [type(block.dense) for block in opened.blocks] == [Lists]
    for number in range(COUNT):
        assert found(store, asked_of(number), slugs(), embedder)[0] == generator.slug_of(number)
    (lists,) = tmp_path.glob("*.lists")
    data = lists.read_bytes()
    lists.unlink()  # not cut short in place: it is mapped
    lists.write_bytes(data[:-7])
    assert Store(tmp_path).open(slugs(), "m") is None


def test_plan_that_is_not_live_is_not_found_at_once(segments: dict[str, Segment], embedder: Embedder, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.update(slugs(), "m", segments.__getitem__)
    assert generator.slug_of(5) not in found(store, asked_of(5), [slug for slug in slugs() if slug != generator.slug_of(5)], embedder)


def test_update_reads_only_what_is_new(segments: dict[str, Segment], embedder: Embedder, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.update(slugs(), "m", segments.__getitem__)
    read: list[str] = []
    store.update(slugs(COUNT + 1), "m", lambda file: read.append(file) or segments[file])  # type: ignore[func-returns-value]
    assert read == [generator.slug_of(COUNT)]
    assert found(store, "quy định về " + segments[generator.slug_of(COUNT)].passages[12].quote, slugs(COUNT + 1), embedder)


def test_update_of_another_model_reads_everything(segments: dict[str, Segment], tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.update(slugs(), "m", segments.__getitem__)
    assert store.open(slugs(), "another") is None
    store.update(slugs(), "another", segments.__getitem__)
    assert store.open(slugs(), "another") is not None
    assert store.open(slugs(), "m") is None


def test_levels_keep_large_blocks_as_they_are(segments: dict[str, Segment], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "LEVELS", (80, 200))
    store = Store(tmp_path)
    store.update(slugs(8), "m", segments.__getitem__)
    (largest,) = tmp_path.glob("*.block")
    for count in (9, 10, 11):
        store.update(slugs(count), "m", segments.__getitem__)
        assert largest.exists()
        assert len(list(tmp_path.glob("*.block"))) <= 3
        opened = store.open(slugs(count), "m")
        assert opened is not None
        assert opened.size == sum(len(segments[slug].passages) for slug in slugs(count))


def test_block_with_many_dead_rows_is_written_anew(segments: dict[str, Segment], tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.update(slugs(), "m", segments.__getitem__)
    store.update(slugs(4), "m", segments.__getitem__)
    (path,) = tmp_path.glob("*.block")
    assert {part.file for part in Block(path).parts} == set(slugs(4))


def test_merged_blocks_score_like_blocks_made_of_the_same_plans(segments: dict[str, Segment], tmp_path: Path) -> None:
    means = {"words": 9.0, "bare": 9.0, "pairs": 8.0, "path": 12.0}

    def made(name: str, numbers: range) -> Block:
        gathered = module._Gathered.empty()
        for slug in (generator.slug_of(number) for number in numbers):
            gathered.add(slug, segments[slug], means)
        gathered.write(tmp_path / name)
        return Block(tmp_path / name)

    live = slugs(9)[3:]
    merged([made("a", range(6)), made("b", range(6, 12))], live, tmp_path / "merged")
    both, alone = Block(tmp_path / "merged"), made("alone", range(3, 9))
    assert both.parts == alone.parts
    assert np.array_equal(both.vectors, alone.vectors)
    assert np.array_equal(both.tokens, alone.tokens)
    assert np.array_equal(both.starts, alone.starts)
    hashes = alone.tokens[:: max(1, len(alone.tokens) // 50)]
    weights = np.ones(len(hashes), dtype=np.float32)
    assert np.array_equal(both.scores(both.places(hashes), weights), alone.scores(alone.places(hashes), weights))


@pytest.mark.parametrize("suffix", [".block", ".json"])
def test_damaged_file_is_refused_and_made_again(suffix: str, segments: dict[str, Segment], tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.update(slugs(), "m", segments.__getitem__)
    path = next(path for path in tmp_path.iterdir() if path.suffix == suffix)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert Store(tmp_path).open(slugs(), "m") is None
    again = Store(tmp_path)
    again.update(slugs(), "m", segments.__getitem__)
    assert again.open(slugs(), "m") is not None


def test_crash_before_the_swap_leaves_the_old_blocks_in_force(
    segments: dict[str, Segment], embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path).update(slugs(), "m", segments.__getitem__)
    rename = __import__("os").replace

    def power_cut(source: object, target: object) -> None:
        if str(target).endswith("current"):
            raise OSError("power cut")
        rename(source, target)

    monkeypatch.setattr("index.files.os.replace", power_cut)
    with pytest.raises(OSError, match="power cut"):
        Store(tmp_path).update(slugs(COUNT + 1), "m", segments.__getitem__)
    monkeypatch.undo()
    assert found(Store(tmp_path), asked_of(5), slugs(), embedder)[0] == generator.slug_of(5)


def test_lists_find_nearly_what_looking_at_all_vectors_finds(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    centres = chance.normal(size=(60, 32))
    vectors = (centres[chance.integers(60, size=4_000)] + 0.6 * chance.normal(size=(4_000, 32))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    Lists.make(vectors.astype(np.float16), tmp_path / "lists")
    lists, shares = Lists(tmp_path / "lists"), []
    for query in vectors[:40]:
        best = np.argsort(-(vectors @ query))[:10]
        shares.append(len(set(best) & set(lists.rows(query, 40))) / 10)
    assert np.mean(shares) >= 0.95


def test_arrays_come_back_as_they_were_written(tmp_path: Path) -> None:
    with arrays_of(tmp_path / "a", {"name": "Đồi"}, {"few": ((3,), "<i4"), "none": ((0, 7), "<f2"), "many": ((2, 2), "<f4")}) as made:
        made["few"][:] = [1, 2, 3]
        made["many"][:] = 0.5
    header, arrays = mapped(tmp_path / "a")
    assert header == {"name": "Đồi"}
    assert arrays["few"].tolist() == [1, 2, 3]
    assert arrays["none"].shape == (0, 7)
    assert arrays["many"].tolist() == [[0.5, 0.5], [0.5, 0.5]]


# --- through the index and the engine


@pytest.fixture
def library(plans: list[Plan]) -> Library:
    stocked = Library(open_memory())
    for number, plan in enumerate(plans[:COUNT]):
        one = generator.institution(number)
        stocked.add_institution(one.slug, one.name)
        stocked.add(plan, sha256=f"{number:064d}", now=NOW)
    return stocked


def brought_up(index: Index, library: Library, embedder: Embedder) -> list[str]:
    """Update the index; the ids of the plans that it read."""
    read: list[str] = []

    def stored(key: tuple[str, int]) -> Plan | None:
        read.append(key[0])
        held = library.get(*key)
        return held.plan if held else None

    live = [Live(*row) for row in library.live_marks()]
    missing = index.missing(live, embedder.identity)
    index.update(live, stored, embedder)
    assert [plan_id for plan_id, _ in missing] == read
    return read


def test_question_of_nobody_is_put_to_the_institutions_whose_plans_fit(library: Library, embedder: Embedder, tmp_path: Path) -> None:
    index = Index(tmp_path)
    brought_up(index, library, embedder)
    engine = Engine(index, embedder)
    engine.refresh(library)
    for number in (0, 5, 11):
        reply = engine.ask(asked_of(number), org=None, today=TODAY)
        assert generator.slug_of(number) in {candidate.quote.source.org for candidate in reply.candidates}


def test_index_reads_only_plans_that_are_new_or_stored_again(
    library: Library, plans: list[Plan], embedder: Embedder, tmp_path: Path
) -> None:
    index = Index(tmp_path)
    assert len(brought_up(index, library, embedder)) == COUNT
    assert brought_up(index, library, embedder) == []
    one = generator.institution(COUNT)
    library.add_institution(one.slug, one.name)
    library.add(plans[COUNT], sha256="a" * 64, now=NOW)
    assert brought_up(index, library, embedder) == [f"{one.slug}-1"]
    library.forget(f"{one.slug}-1", 1)
    library.add(plans[COUNT + 1].model_copy(update={"org": one.slug}), sha256="b" * 64, now=NOW)
    assert brought_up(index, library, embedder) == [f"{one.slug}-1"]
    generation = index.current()
    assert generation is not None
    assert index.load(generation.entries[(f"{one.slug}-1", 1)]).plan.text == plans[COUNT + 1].text


def test_merging_institutions_moves_the_segments(library: Library, embedder: Embedder, tmp_path: Path) -> None:
    index = Index(tmp_path)
    brought_up(index, library, embedder)
    library.merge(generator.slug_of(1), generator.slug_of(2))
    assert brought_up(index, library, embedder) == [f"{generator.slug_of(1)}-1"]
    generation = index.current()
    assert generation is not None
    assert generation.entries[(f"{generator.slug_of(1)}-1", 1)].org == generator.slug_of(2)


def test_full_disk_while_the_blocks_are_written_leaves_the_generation_in_force(
    library: Library, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(module, "merged", full)
    index = Index(tmp_path)
    brought_up(index, library, embedder)
    engine = Engine(index, embedder)
    engine.refresh(library)
    assert index.verify() == []
    assert engine.ask(asked_of(0), org=None, today=TODAY).candidates


def test_few_institutions_have_no_blocks(plans: list[Plan], embedder: Embedder, tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.build(plans[:3], embedder)
    assert not list(tmp_path.glob("across/*"))


def test_reading_kept_in_a_segment_is_the_reading_made_anew(segments: dict[str, Segment], monkeypatch: pytest.MonkeyPatch) -> None:
    segment = segments[generator.slug_of(3)]
    data = kept.packed(segment)
    again, told = kept.unpacked(data), kept.read(segment, kept._judge())
    assert again is not None
    assert all(np.array_equal(getattr(again[1], name), value) for name, value in vars(told[1]).items())
    assert again[2] == told[2]
    assert vars(again[0]).keys() == vars(told[0]).keys()
    for name, value in vars(told[0]).items():
        assert np.array_equal(getattr(again[0], name), value)
    monkeypatch.setattr(kept, "identity", lambda: "other code")
    assert kept.unpacked(data) is None
