"""The sentence-transformers model, loaded when the first text is to be embedded and not before.

`GUONGSANG_MODEL` names any sentence-transformers model (a folder or a Hugging Face id); the default is the one that ships in
`index/model/`. One that is nothing but a table of token vectors, as ours, is read without the library (`index.static`). Ours reads a
text as blank-separated features (accented words, bare words, pairs of bare words), which `features` writes out; the file
`features.json` in a model's folder says that it wants them.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.lexical import pairs
from index.static import StaticModel
from knowledge.text import unaccent, words

SHIPPED = Path(__file__).parent / "model"
FEATURES_FILE = "features.json"

Floats = npt.NDArray[np.float32]


def features(text: str) -> str:
    """A text as the shipped model reads it: bare words, pairs of them, and the words that carry a mark."""
    spoken = words(text)
    bare = [unaccent(word) for word in spoken]
    marked = [word for word, plain in zip(spoken, bare, strict=True) if word != plain]
    return " ".join([*bare, *pairs(bare), *marked])


class Embedder:
    """Texts to unit vectors. `name` is a folder or a Hugging Face id; None takes GUONGSANG_MODEL or the shipped model."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name or os.environ.get("GUONGSANG_MODEL") or str(SHIPPED)
        self._wants_features = (Path(self.name) / FEATURES_FILE).is_file()
        self._model: Any = None
        self._identity: str | None = None
        self._loading = threading.Lock()

    @property
    def identity(self) -> str:
        """What tells this model's vectors from another's: the name, and the content of a folder's weights and word list."""
        if self._identity is None:
            folder = Path(self.name)
            files = sorted(folder.rglob("*.safetensors")) + sorted(folder.rglob("tokenizer.json")) if folder.is_dir() else []
            digest = hashlib.sha256()
            for file in files:
                digest.update(file.read_bytes())
            self._identity = f"{folder.name}|{digest.hexdigest()[:16]}" if files else self.name
        return self._identity

    def encode(self, texts: Sequence[str], batch: int = 256) -> Floats:
        """Unit vectors, float32 of shape (len(texts), dimension); zero for a text in which the model knows no word.

        A text over the model's token limit is encoded in parts that fit, and gets the mean of their vectors.
        """
        prepared = [features(text) for text in texts] if self._wants_features else list(texts)
        if not prepared:
            return np.zeros((0, self.dimension), dtype=np.float32)
        parts = [self._fitting(text) for text in prepared]
        encoded = self._loaded().encode([part for text in parts for part in text], batch_size=batch, show_progress_bar=False)
        vectors = np.asarray(encoded, dtype=np.float32)
        if len(vectors) > len(parts):
            starts = np.cumsum([0, *(len(text) for text in parts[:-1])])
            vectors = np.add.reduceat(vectors, starts, axis=0)
        # In half precision the library would divide nothing by nothing for a text without a known word.
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6), dtype=np.float32)

    @property
    def dimension(self) -> int:
        return int(self._loaded().get_embedding_dimension())

    def _fitting(self, text: str) -> list[str]:
        """A text in as many parts, cut between words, as the model's token limit asks for."""
        limit, spoken = self.token_limit, text.split()
        if limit is None or len(spoken) < 2 or len(self._loaded().tokenizer(text)["input_ids"]) <= limit:
            return [text]
        half = len(spoken) // 2
        return [*self._fitting(" ".join(spoken[:half])), *self._fitting(" ".join(spoken[half:]))]

    @property
    def token_limit(self) -> int | None:
        """The longest text in tokens that the model reads whole; None where it has no limit."""
        limit = self._loaded().max_seq_length
        return None if limit is None or limit == float("inf") else int(limit)

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None and StaticModel.readable(Path(self.name)):
                self._model = StaticModel(Path(self.name))
            if self._model is None:
                if Path(self.name).is_dir():
                    os.environ.setdefault("HF_HUB_OFFLINE", "1")
                from sentence_transformers import SentenceTransformer

                self._model = SentenceTransformer(self.name, device="cpu")
            return self._model
