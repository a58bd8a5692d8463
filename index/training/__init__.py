"""How the shipped model is made: `python -m index.training` reads `data/` and writes `index/model/`.

`data/` holds invented documents (`SLUG.txt`) with the questions that people might ask about them (`SLUG.jsonl`), and clauses without a
document with theirs (`pairs.tsv`); `CARD.md` beside them says how they came to be. `bank.py` reads them, `embedding.py` trains the
vectors, `interaction.py` the late interaction, `ranking.py` the reranker and the gates; `ablation.py` says what each part earns.
"""
