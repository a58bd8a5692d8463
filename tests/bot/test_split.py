"""Long texts become messages that Telegram takes, and nothing of them is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.split import split, units

TEXTS = st.text(st.sampled_from("aâ🌟 \n.;"), min_size=1, max_size=300)


@st.composite
def formatted(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    text = draw(TEXTS)
    spans = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
    entities = [
        {"type": "bold", "offset": units(text[: min(span)]), "length": units(text[min(span) : max(span)])}
        for span in spans
        if span[0] != span[1]
    ]
    return text, entities


@given(TEXTS, st.integers(2, 60))
def test_parts_fit_and_hold_every_character(text: str, limit: int) -> None:
    parts = [part for part, _ in split(text, [], limit)]
    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(formatted(), st.integers(4, 60))
def test_entities_fit_their_part(given_text: tuple[str, list[dict[str, Any]]], limit: int) -> None:
    text, entities = given_text
    for part, kept in split(text, entities, limit):
        for entity in kept:
            assert entity["offset"] >= 0
            assert entity["length"] > 0
            assert entity["offset"] + entity["length"] <= units(part)


def test_cut_falls_between_clauses() -> None:
    text = "1. " + "a" * 30 + "\n\n2. " + "b" * 30
    assert [part for part, _ in split(text, [], 40)] == ["1. " + "a" * 30, "2. " + "b" * 30]


def test_entity_over_a_cut_goes_on_in_the_next_part() -> None:
    text = "a" * 30 + "\n" + "b" * 30
    parts = split(text, [{"type": "bold", "offset": 20, "length": 21}], 40)
    assert [part[1] for part in parts] == [
        [{"type": "bold", "offset": 20, "length": 10}],
        [{"type": "bold", "offset": 0, "length": 10}],
    ]
