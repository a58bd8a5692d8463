"""Training the vectors: a table of token vectors, averaged over a text, so that a question lies near the clauses that answer it.

A text is its features (`index.embed.features`). The table has several parts, each trained from its own random start on its own
cosine, which together err less than one of the same width. It is trained contrastively (InfoNCE over the batch and over other passages of
the same document), on questions of the bank paired with their clauses and on the lexicon of everyday words paired with the documents'
terms; questions are seen with their marks dropped, letters slipped and words missing. It is saved as a sentence-transformers model.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import FEATURES_FILE, features
from index.passages import spoken
from index.question import understand
from index.static import TOKENIZER_FILE, WEIGHTS, WEIGHTS_FILE
from index.training.bank import Taught, holds
from index.vocabulary import FOLDER
from knowledge.text import unaccent


@dataclass(frozen=True)
class Settings:
    dimension: int = 64
    parts: int = 4
    epochs: int = 12
    batch: int = 256
    rate: float = 0.1
    temperature: float = 0.1
    hard: int = 2
    smallest_count: int = 1
    largest_vocabulary: int = 40_000
    lexicon_share: float = 0.8
    seed: int = 7


@dataclass(frozen=True)
class Pair:
    """A question and a passage that answers it; `rivals` are passages of the same document that do not."""

    question: str
    passage: str
    rivals: tuple[str, ...]


def pairs_of(documents: Iterable[Taught], draw: random.Random) -> list[Pair]:
    """Every question with each passage that answers it."""
    found: list[Pair] = []
    for read in documents:
        texts = [spoken(p) for p in read.passages]
        for entry in read.entries:
            right = [i for i, p in enumerate(read.passages) if any(holds(p.quote, g) for g in entry.gold)]
            wrong = [i for i in range(len(texts)) if i not in right]
            asked = understand(entry.question, entry.history).whole_text
            for i in right:
                found.append(Pair(asked, texts[i], tuple(texts[j] for j in draw.sample(wrong, min(12, len(wrong))))))
    return found


def lexicon() -> list[tuple[str, tuple[str, ...]]]:
    """Everyday phrases with the documents' terms for them."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for line in (FOLDER / "everyday.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            phrases, terms = line.split("\t")[:2]
            named = tuple(term.strip() for term in terms.split("|") if term.strip())
            found.extend((phrase.strip(), named) for phrase in phrases.split("|") if phrase.strip())
    return found


def noisy(text: str, draw: random.Random) -> str:
    """A question as another might type it: marks dropped, a letter slipped, a word missing."""
    chance = draw.random()
    if chance < 0.3:
        text = unaccent(text)
    elif chance < 0.4:
        letters = list(text)
        for _ in range(max(1, len(letters) // 25)):
            place = draw.randrange(len(letters) - 1) if len(letters) > 2 else 0
            letters[place : place + 2] = letters[place : place + 2][::-1]
        text = "".join(letters)
    spoken_words = text.split()
    return " ".join(word for word in spoken_words if draw.random() > 0.1) or text


def train(documents: Sequence[Taught], settings: Settings) -> tuple[dict[str, int], Any]:
    """(vocabulary, table of shape (tokens, parts * dimension))."""
    import torch

    torch.set_num_threads(1)  # small sums: threads would only wait for one another
    draw = random.Random(settings.seed)
    torch.manual_seed(settings.seed)
    pairs = pairs_of(documents, draw)
    everyday = lexicon()
    every = [spoken(p) for read in documents for p in read.passages]
    counts = Counter(token for text in every for token in set(features(text).split()))
    asked = Counter(token for pair in pairs for token in set(features(pair.question).split()))
    asked.update(token for phrase, terms in everyday for token in set(features(" . ".join([phrase, *terms])).split()))
    asked.update(token for pair in pairs for token in set(features(unaccent(pair.question)).split()))
    counts.update(asked)
    kept = [t for t, c in counts.most_common(settings.largest_vocabulary) if c >= settings.smallest_count and ("_" not in t or c >= 2)]
    vocabulary = {token: i for i, token in enumerate(["[UNK]", *kept])}
    total = len(every) + len(pairs)
    idf = np.log(1 + total / np.array([1e9, *(counts[t] for t in kept)]))
    generator = np.random.default_rng(settings.seed)
    width = settings.dimension * settings.parts
    table = torch.nn.EmbeddingBag(len(vocabulary), width, mode="mean", sparse=True)
    start = generator.normal(0, 1, (len(vocabulary), width)) * idf[:, None] / np.sqrt(settings.dimension)
    table.weight.data = torch.tensor(start, dtype=torch.float32)
    optimiser = torch.optim.SparseAdam(list(table.parameters()), lr=settings.rate)

    def ids(text: str) -> list[int]:
        return [vocabulary[t] for t in features(text).split() if t in vocabulary] or [0]

    cache: dict[str, list[int]] = {}

    def embedded(texts: Sequence[str], keep: bool) -> Any:
        rows = [cache.setdefault(t, ids(t)) if keep else ids(t) for t in texts]
        flat = torch.tensor([i for row in rows for i in row])
        offsets = torch.tensor(np.cumsum([0, *(len(row) for row in rows[:-1])]))
        parted = table(flat, offsets).view(len(texts), settings.parts, settings.dimension).transpose(0, 1)
        return torch.nn.functional.normalize(parted, dim=2)

    batches = max(1, int(len(pairs) + settings.lexicon_share * len(everyday)) // settings.batch)
    steps = settings.epochs * batches
    step = 0
    for _ in range(settings.epochs):
        words = draw.sample(everyday, int(settings.lexicon_share * len(everyday)))
        everything = [*pairs, *(Pair(phrase, draw.choice(terms), ()) for phrase, terms in words)]
        draw.shuffle(everything)
        for begin in range(0, len(everything) - 1, settings.batch):
            chosen = everything[begin : begin + settings.batch]
            for group in optimiser.param_groups:
                group["lr"] = settings.rate * max(0.05, 1 - step / steps)
            question = embedded([noisy(p.question, draw) for p in chosen], keep=False)
            answers = [p.passage for p in chosen]
            rivals = [r for p in chosen for r in draw.sample(p.rivals, min(settings.hard, len(p.rivals)))]
            passage = embedded([*answers, *rivals], keep=True)
            similar = question @ passage.transpose(1, 2) / settings.temperature
            number: dict[str, int] = {}
            which = torch.tensor([number.setdefault(text, len(number)) for text in [*answers, *rivals]])
            same = which[: len(answers), None] == which[None, :]
            same[torch.arange(len(chosen)), torch.arange(len(chosen))] = False
            similar = similar.masked_fill(same, -1e4)
            wanted = torch.arange(len(chosen)).expand(settings.parts, -1)
            loss = settings.parts * torch.nn.functional.cross_entropy(similar.transpose(1, 2), wanted)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()  # type: ignore[no-untyped-call]
            step += 1
    return vocabulary, table.weight.detach().numpy()


def save(vocabulary: dict[str, int], table: Any, folder: Path) -> None:
    """Write the table as a sentence-transformers model that splits its input at blanks."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit

    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    weights = np.array(table, dtype=np.float32)
    weights[0] = 0.0  # an unknown token says nothing
    module = StaticEmbedding(tokenizer, embedding_weights=torch.tensor(weights).half())
    SentenceTransformer(modules=[module], device="cpu").save(str(folder))
    (folder / FEATURES_FILE).write_text(json.dumps({"features": ["bare", "pairs", "marked"]}) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[dict[str, int], Any]:
    """What `save` wrote: (vocabulary, table)."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    vocabulary = Tokenizer.from_file(str(folder / TOKENIZER_FILE)).get_vocab()
    return vocabulary, load_file(folder / WEIGHTS_FILE)[WEIGHTS].astype(np.float32)
