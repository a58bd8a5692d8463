"""The shipped model without torch: the same vectors as through sentence-transformers, bit for bit."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import SHIPPED, Embedder, features
from index.static import StaticModel


def texts() -> list[str]:
    """Texts of every length that the model may meet: none, one word, a word many times, unknown words, whole pages."""
    chance = random.Random(7)
    known = list(json.loads((SHIPPED / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"])
    made = ["", " ", "zzqxw", "co", "co " * 5000, "👍 ???", "[UNK]"]
    for length in (1, 2, 3, 7, 15, 16, 17, 33, 100, 1000, 4000):
        for _ in range(20):
            made.append(" ".join(chance.choice(known) if chance.random() < 0.9 else "zzqxw" for _ in range(length)))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("precision", [np.float16, np.float32])
def test_vectors_are_those_of_sentence_transformers_bit_for_bit(precision: type[np.floating], tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file
    from sentence_transformers import SentenceTransformer

    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    weights = load_file(SHIPPED / "model.safetensors")["embedding.weight"].astype(precision)
    save_file({"embedding.weight": weights}, tmp_path / "model.safetensors")
    library = SentenceTransformer(str(tmp_path), device="cpu").encode(texts(), batch_size=256, show_progress_bar=False)
    ours = StaticModel(tmp_path).encode(texts())
    assert (ours.dtype, ours.shape) == (library.dtype, library.shape)
    assert ours.tobytes() == np.ascontiguousarray(library).tobytes()


def test_shipped_model_is_read_without_torch() -> None:
    code = (
        "import sys; from index.embed import Embedder; Embedder().encode(['hồ sơ']);"
        "sys.exit(int('torch' in sys.modules or 'sentence_transformers' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2], check=False).returncode == 0


def test_model_with_more_than_a_table_is_left_to_the_library(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    assert StaticModel.readable(tmp_path)
    modules = json.loads((tmp_path / "modules.json").read_text(encoding="utf-8"))
    modules.append({"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"})
    (tmp_path / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    assert not StaticModel.readable(tmp_path)


@pytest.mark.parametrize("damage", ["modules.json", "tokenizer.json", "model.safetensors"])
def test_folder_without_a_file_is_left_to_the_library(damage: str, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    (tmp_path / damage).unlink()
    assert not StaticModel.readable(tmp_path)


def test_embedder_takes_the_shipped_model_this_way() -> None:
    vectors = Embedder().encode(["hồ sơ đề nghị"])
    raw = StaticModel(SHIPPED).encode([features("hồ sơ đề nghị")]).astype(np.float32)
    assert np.array_equal(vectors, raw / np.linalg.norm(raw, axis=1, keepdims=True))
