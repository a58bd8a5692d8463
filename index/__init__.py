"""Finding the clause that decides, and composing the answer. Imports `knowledge` alone; torch, sentence-transformers and faiss lazily.

Start at `engine.py`: `Engine.ask` follows one question from the words typed to the quotations shown. On its way

    question.py, vocabulary.py, telex.py, institutions.py   what is asked, of whom, about whose plans (word lists: `words/`)
    passages.py, search.py                                  what is searched: passages in segments, segments in generations on disk
    across.py, kept.py, files.py                            all institutions at once; what a segment keeps ready; files and mapped arrays
    lexical.py, embed.py, static.py, dense.py               BM25; the sentence-transformers model; faiss
    across.py, files.py, kept.py                            all institutions at once, on disk; what is read out of a plan once
    interaction.py                                          each token of a question beside the nearest of a passage
    kinds.py, values.py, fusion.py, trees.py, judge.py      features that can be read, and the trained models over them
    gate.py, choice.py, answer.py                           whether to answer, how much to show, the quotations themselves
    evaluate.py, benchmark.py                               figures of question sets and of BEIR-style folders
    model/, training/                                       what ships, and how it is made
"""
