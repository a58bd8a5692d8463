"""A sentence-transformers StaticEmbedding read without torch: a table of token vectors, averaged over a text.

The same files, the same vectors to the last bit (a test compares them), without the seconds and the memory that importing the whole
library takes. Models of any other kind go through the library: `index.embed`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WEIGHTS_FILE, TOKENIZER_FILE, MODULES_FILE = "model.safetensors", "tokenizer.json", "modules.json"
WEIGHTS = "embedding.weight"
KIND = "StaticEmbedding"


class StaticModel:
    """What `index.embed` uses of a SentenceTransformer, for a folder of which `readable` is true."""

    max_seq_length = None

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._table: npt.NDArray[Any] = load_file(folder / WEIGHTS_FILE)[WEIGHTS]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()

    @staticmethod
    def readable(folder: Path) -> bool:
        """Whether a folder holds one StaticEmbedding and nothing besides, with its weights as sentence-transformers writes them."""
        try:
            modules = json.loads((folder / MODULES_FILE).read_text(encoding="utf-8"))
            kinds = [(module["type"].rpartition(".")[2], module["path"]) for module in modules]
            return kinds == [(KIND, "")] and (folder / TOKENIZER_FILE).is_file() and WEIGHTS in _tensors(folder / WEIGHTS_FILE)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return False

    def get_embedding_dimension(self) -> int:
        return int(self._table.shape[1])

    def encode(self, texts: Sequence[str], **_: Any) -> npt.NDArray[Any]:
        """Mean vectors in the precision of the table, shape (len(texts), dimension); zero for a text without a token.

        Summed in single precision token by token, rounded, then divided: as torch's EmbeddingBag does it.
        """
        made = np.zeros((len(texts), self._table.shape[1]), dtype=self._table.dtype)
        for row, encoding in enumerate(self._tokenizer.encode_batch(list(texts), add_special_tokens=False)):
            if encoding.ids:
                summed = self._table[encoding.ids].astype(np.float32).sum(axis=0)
                made[row] = summed.astype(self._table.dtype) / self._table.dtype.type(len(encoding.ids))
        return made


def _tensors(path: Path) -> dict[str, Any]:
    """The header of a safetensors file: its length in eight bytes, then JSON."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header: dict[str, Any] = json.loads(file.read(min(size, 1 << 24)))
    return header
