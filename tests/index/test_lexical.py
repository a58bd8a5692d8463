from __future__ import annotations

import numpy as np

from index.lexical import Postings, accented, bare, pairs

TEXTS = ["Hồ sơ đề nghị gồm tờ trình", "Biên bản họp bình xét", "Tờ trình và biên bản gửi trước ngày 30/8"]


def test_scores_rank_the_text_with_the_rarer_words_first() -> None:
    postings = Postings.build(bare(text) for text in TEXTS)
    assert int(np.argmax(postings.scores({"hop": 1.0, "bien": 1.0}))) == 1


def test_scores_of_unknown_words_are_nothing() -> None:
    postings = Postings.build(bare(text) for text in TEXTS)
    assert not postings.scores({"xyz": 1.0}).any()


def test_build_of_no_texts_scores_nothing() -> None:
    assert Postings.build([]).scores({"a": 1.0}).shape == (0,)


def test_weights_scale_scores() -> None:
    postings = Postings.build(bare(text) for text in TEXTS)
    assert np.allclose(2 * postings.scores({"ho": 1.0}), postings.scores({"ho": 2.0}))


def test_tokens_keep_dates_whole_and_marks_apart() -> None:
    assert accented("Trước ngày 30/8") == ["trước", "ngày", "30/8"]
    assert bare("Điển hình") == ["dien", "hinh"]
    assert pairs(["to", "trinh", "gui"]) == ["to_trinh", "trinh_gui"]
