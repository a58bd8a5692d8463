"""Late interaction: what it scores, what it says of a whole document, and that it is saved and read back as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.interaction import PART_NAMES, SUPPORT_NAMES, Interaction, Tokens
from index.passages import Passage


def passage(text: str, path: str = "") -> Passage:
    return Passage("1", text, 0, len(text), None, "body", False, "", None, path)


@pytest.fixture
def interaction() -> Interaction:
    words = ["[UNK]", "han", "nop", "truoc", "ngay", "cham"]
    table = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, -1], [0.8, 0, 0.6]], dtype=np.float16)
    return Interaction({word: i for i, word in enumerate(words)}, table, np.array([1, 1, 1, 1, 1, 3], dtype=np.float32), 0.5)


def scores(interaction: Interaction, question: str, *passages: Passage) -> list[float]:
    return [round(float(s), 3) for s in interaction.scores([question], Tokens.of(passages, interaction.vocabulary))[0]]


def test_scores_mean_of_each_token_met_best(interaction: Interaction) -> None:
    assert scores(interaction, "han nop", passage("han nop"), passage("han"), passage("xyz")) == [1.0, 0.5, 0.0]


def test_scores_near_token_counts_by_its_cosine(interaction: Interaction) -> None:
    assert scores(interaction, "han", passage("cham")) == [0.8]


def test_scores_opposite_token_meets_nothing(interaction: Interaction) -> None:
    assert scores(interaction, "truoc", passage("ngay")) == [0.0]


def test_scores_heading_counts_for_its_share(interaction: Interaction) -> None:
    assert scores(interaction, "han", passage("xyz", "han")) == [0.5]


def test_scores_token_of_more_worth_weighs_more(interaction: Interaction) -> None:
    assert scores(interaction, "cham nop", passage("cham"), passage("nop")) == [0.75, 0.25]


@pytest.mark.parametrize("question", ["", "xyz", "🙂"])
def test_scores_question_of_unknown_words_is_zero(interaction: Interaction, question: str) -> None:
    made, parts, support = interaction.scores([question], Tokens.of([passage("han")], interaction.vocabulary))
    assert made.tolist() == [0.0]
    assert parts.tolist() == [[0.0]] * len(PART_NAMES)
    assert support.tolist() == [0.0] * len(SUPPORT_NAMES)


def test_scores_document_without_passages(interaction: Interaction) -> None:
    assert scores(interaction, "han") == []


def test_support_takes_each_token_wherever_it_is_met(interaction: Interaction) -> None:
    tokens = Tokens.of([passage("han"), passage("nop")], interaction.vocabulary)
    made, _, support = interaction.scores(["han nop"], tokens)
    assert made.tolist() == [0.5, 0.5]
    assert support[SUPPORT_NAMES.index("support")] == 1.0
    assert support[SUPPORT_NAMES.index("unmet")] == 0.0


def test_save_and_load_are_the_identity(interaction: Interaction, tmp_path: Path) -> None:
    interaction.save(tmp_path)
    again = Interaction.load(tmp_path)
    assert again.vocabulary == interaction.vocabulary
    assert np.array_equal(again.table, interaction.table)
    assert np.array_equal(again.worth, interaction.worth)
    assert again.path_share == interaction.path_share


def test_scores_readings_of_a_question_count_alike(interaction: Interaction) -> None:
    made, *_ = interaction.scores(["han", "nop"], Tokens.of([passage("han"), passage("han nop")], interaction.vocabulary))
    assert made.tolist() == [0.5, 1.0]


def parts(interaction: Interaction, question: str, *passages: Passage) -> dict[str, list[float]]:
    made = interaction.scores([question], Tokens.of(passages, interaction.vocabulary))[1]
    return {name: [round(float(value), 3) for value in row] for name, row in zip(PART_NAMES, made, strict=True)}


def test_parts_of_a_heading_are_not_the_passages_own(interaction: Interaction) -> None:
    assert parts(interaction, "han", passage("nop", "han"))["late_own"] == [0.0]


def test_parts_tell_what_is_met_from_what_is_met_by_its_like(interaction: Interaction) -> None:
    found = parts(interaction, "han", passage("han"), passage("cham"), passage("nop"))
    assert found["late_met"] == [1.0, 1.0, 0.0]
    assert found["late_strong"] == [1.0, 1.0, 0.0]
    assert parts(interaction, "truoc", passage("cham"))["late_strong"] == [0.0]


def test_parts_say_how_much_of_a_passage_the_question_meets(interaction: Interaction) -> None:
    assert parts(interaction, "han", passage("han"), passage("han nop"), passage("nop"))["late_reverse"] == [1.0, 0.5, 0.0]


def test_parts_count_a_token_for_the_passage_that_meets_it_best(interaction: Interaction) -> None:
    found = parts(interaction, "han nop", passage("han"), passage("han nop"))
    assert found["late_top"] == [0.5, 1.0]
    assert found["late_contrast"] == [-0.25, 0.25]
