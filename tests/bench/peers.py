"""Search over the same clauses, with the same questions and vectors, by the libraries that people would take: extra `bench`.

LangChain's EnsembleRetriever over BM25Retriever and FAISS, txtai's hybrid index, and bm25s plus faiss put together in thirty lines,
each as its documentation shows it. Beside every speed stands nDCG@10 on alqac2023.
"""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import benchmark
from index.across import Across, Block, _Gathered
from index.embed import Embedder
from index.lexical import Counts, accented, bare, pairs
from index.passages import spoken
from index.question import understand
from tests.bench import generator
from tests.bench.library import opened, stocked
from tests.bench.section import Options, Row, clock_of, percentiles
from tests.shared import SHARED

NAME = "peers"
SIZE = 1_000  # plans
LEAST_QUESTIONS = 40  # put to a peer that takes long

Find = Callable[[str], list[int]]


def langchain(texts: Sequence[str], embedder: Embedder) -> Find:
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embedder.encode(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return embedder.encode([text])[0].tolist()

    places = [{"row": row} for row in range(len(texts))]
    words = BM25Retriever.from_texts(list(texts), metadatas=places)
    words.k = 10
    vectors = FAISS.from_texts(list(texts), Ours(), metadatas=places).as_retriever(search_kwargs={"k": 10})
    both = EnsembleRetriever(retrievers=[words, vectors], weights=[0.5, 0.5])
    return lambda question: [document.metadata["row"] for document in both.invoke(question)][:10]


def txtai(texts: Sequence[str], embedder: Embedder) -> Find:
    from txtai import Embeddings

    index = Embeddings(method="external", transform=lambda texts: embedder.encode(list(texts)), hybrid=True, content=False)
    index.index((row, text, None) for row, text in enumerate(texts))
    return lambda question: [int(row) for row, _ in index.search(question, 10)]


def thirty_lines(texts: Sequence[str], embedder: Embedder) -> Find:
    import bm25s
    import faiss

    words = bm25s.BM25()
    words.index(bm25s.tokenize(list(texts), stopwords=None, show_progress=False), show_progress=False)
    vectors = faiss.IndexFlatIP(embedder.dimension)
    for begin in range(0, len(texts), 10_000):
        vectors.add(embedder.encode(texts[begin : begin + 10_000]))

    def find(question: str) -> list[int]:
        tokens = bm25s.tokenize([question], stopwords=None, show_progress=False)
        by_words, _ = words.retrieve(tokens, k=min(100, len(texts)), show_progress=False)
        _, near = vectors.search(embedder.encode([question]), min(100, len(texts)))
        score: dict[int, float] = {}
        for rows in (by_words[0], near[0]):
            for rank, row in enumerate(rows):
                score[int(row)] = score.get(int(row), 0.0) + 1 / (60 + rank)
        return sorted(score, key=lambda row: -score[row])[:10]

    return find


PEERS = {"LangChain": langchain, "txtai": txtai, "bm25s + faiss": thirty_lines}
ASKED_OF_US = {"LangChain": 1 / 50, "txtai": 1 / 3, "bm25s + faiss": 2.0}


@dataclass(frozen=True)
class _Text:
    """A text with its parts, in the shape of a segment."""

    counts: dict[str, Counts]
    vectors: np.ndarray
    passages: Sequence[str]


def across_texts(texts: Sequence[tuple[str, str]], embedder: Embedder, path: Path) -> Across:
    """Our search over titled texts, cut into their numbered parts; text i is file "i"."""
    gathered = _Gathered.empty()
    means = {"words": 60.0, "bare": 60.0, "pairs": 60.0, "path": 20.0}
    for number, (title, text) in enumerate(texts):
        parts = benchmark.parts_of(text)
        spoken_words, plain = [accented(part) for part in parts], [bare(part) for part in parts]
        above = bare(title)
        counts = {
            "words": Counts.of(spoken_words),
            "bare": Counts.of(plain),
            "pairs": Counts.of(map(pairs, plain)),
            "path": Counts.of([[*above, *pairs(above)]] * len(parts)),
        }
        gathered.add(str(number), _Text(counts, embedder.encode(parts), parts), means)  # type: ignore[arg-type]
    gathered.write(path)
    return Across([Block(path)], {str(number) for number in range(len(texts))})


def ndcg(find: Find, data: benchmark.Folder) -> float:
    ids = list(data.texts)
    asked = [query for query in data.queries if query in data.relevant]
    return float(np.mean([benchmark._ndcg([ids[row] for row in find(data.queries[q])], data.relevant[q]) for q in asked]))


def ours(across: Across, embedder: Embedder, k: int = 10) -> Callable[[str], list[Any]]:
    def find(question: str) -> list[Any]:
        asked = understand(question)
        return across.search(asked, embedder.encode([asked.whole_text])[0], k)

    return find


def quality(embedder: Embedder, folder: Path) -> dict[str, float]:
    """nDCG@10 on alqac2023, of ours as it searches over all institutions, of `guongsang benchmark`, and of each peer."""
    data = benchmark.read(folder)
    titled = list(data.texts.values())
    whole = [f"{title} {text}" for title, text in titled]
    with tempfile.TemporaryDirectory() as scratch:
        search = ours(across_texts(titled, embedder, Path(scratch) / "texts.block"), embedder, 30)
        found = {"ours": ndcg(lambda question: list(dict.fromkeys(int(hit.file) for hit in search(question)))[:10], data)}
        found["benchmark"] = benchmark.run(folder, embedder=embedder)["ndcg@10"]
        found.update({name: ndcg(make(whole, embedder), data) for name, make in PEERS.items()})
        gc.collect()
    return found


def measure(options: Options) -> list[Row]:
    if not options.peers:
        return []
    embedder = Embedder()
    clock = clock_of(options)
    count = SIZE if SIZE in options.plans else max(options.plans)
    stock = stocked(count, options, embedder)
    across = opened(stock)
    generation = stock.index.current()
    assert generation is not None
    texts = [spoken(p) for entry in generation.entries.values() for p in stock.index.load(entry).passages]
    asked = [one.question for one in generator.questions(options.questions, count, options.clauses, options.seed)]
    gained = quality(embedder, SHARED / "bench" / "alqac2023") if SHARED else {}
    search = ours(across, embedder)
    rows: list[Row] = []
    for name, make in PEERS.items():
        began = clock()
        find = make(texts, embedder)
        built = clock() - began
        times: dict[str, list[float]] = {"ours": [], name: []}
        search(asked[0]), find(asked[0])
        for question in asked if name != "LangChain" else asked[:LEAST_QUESTIONS]:
            for who, ask in (("ours", search), (name, find)):  # by turns, so that both meet the same moments of the machine
                began = clock()
                ask(question)
                times[who].append((clock() - began) * 1000)
        mine, theirs = percentiles(times["ours"]), percentiles(times[name])
        rows.append(
            Row(
                f"search over {len(texts):,} clauses, p95",
                mine["p95"],
                "ms",
                name,
                mine["p95"] / theirs["p95"],
                at_most=ASKED_OF_US[name],
                more={
                    "p50": round(mine["p50"], 2),
                    f"{name} p50": round(theirs["p50"], 2),
                    f"{name} p95": round(theirs["p95"], 2),
                    "its indexing s": round(built, 1),
                },
            )
        )
        if gained:
            rows.append(
                Row(
                    "nDCG@10 on alqac2023",
                    gained["ours"],
                    "",
                    name,
                    gained["ours"] / gained[name],
                    at_least=1.0,
                    more={name: round(gained[name], 4)},
                )
            )
        del find
        gc.collect()
    if gained:
        rows.append(Row("nDCG@10 on alqac2023, guongsang benchmark", gained["benchmark"], "", at_least=0.94))
    stock.db.close()
    return rows


if __name__ == "__main__":
    assert SHARED is not None
    print(json.dumps(quality(Embedder(), SHARED / "bench" / "alqac2023")))
