from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.benchmark import BenchmarkError, parts_of, run

TEXTS = {
    "a": ("Luật mẫu - Điều 1", "Phạm vi\n1. Luật này quy định việc nuôi ong trong trường học.\n2. Không áp dụng với tổ ong rừng."),
    "b": ("Luật mẫu - Điều 2", "Quyền của người nuôi ong\n1. Được bán mật ong.\n2. Được vay vốn của quỹ khuyến khích."),
    "c": ("Luật mẫu - Điều 3", "Hiệu lực\nLuật này có hiệu lực từ ngày 01 tháng 7."),
}
QUERIES = {"1": ("người nuôi ong có được vay vốn không", "b"), "2": ("luật có hiệu lực từ ngày nào", "c")}


def made(folder: Path, id_name: str, header: bool) -> Path:
    corpus = [json.dumps({id_name: name, "title": title, "text": text}) for name, (title, text) in TEXTS.items()]
    (folder / "corpus.jsonl").write_text("\n".join(corpus), encoding="utf-8")
    queries = [json.dumps({id_name: name, "text": text}) for name, (text, _) in QUERIES.items()]
    (folder / "queries.jsonl").write_text("\n".join(queries), encoding="utf-8")
    rows = ["query-id\tcorpus-id\tscore"] * header + [f"{name}\t{right}\t1" for name, (_, right) in QUERIES.items()]
    (folder / "qrels.tsv").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.mark.parametrize("id_name", ["id", "_id"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("unaccented", [True, False])
def test_run_reads_either_layout(tmp_path: Path, id_name: str, header: bool, unaccented: bool) -> None:
    figures = run(made(tmp_path, id_name, header), unaccented=unaccented)
    assert (figures["ndcg@10"], figures["recall@1"], figures["recall@10"], figures["mrr@10"]) == (1.0, 1.0, 1.0, 1.0)
    assert set(figures) == {"ndcg@10", "recall@1", "recall@10", "mrr@10", "index_s", "query_ms_p50", "query_ms_p95", "peak_mb"}


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_run_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (made(tmp_path, "id", True) / name).unlink()
    with pytest.raises(BenchmarkError, match=name):
        run(tmp_path)


def test_run_broken_line_is_named(tmp_path: Path) -> None:
    (made(tmp_path, "id", True) / "queries.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="dòng 1"):
        run(tmp_path)


def test_parts_of_stand_behind_their_heading() -> None:
    assert parts_of("Quyền\n1. Được bán.\n2. Được vay\nvốn.") == ["Quyền 1. Được bán.", "Quyền 2. Được vay vốn."]
    assert parts_of("Một câu.") == ["Một câu."]
