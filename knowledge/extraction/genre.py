"""Whether a text is an administrative document of the kind that plans are: by layout and by words."""

from __future__ import annotations

import re

from knowledge.extraction.clauses import Outlined, says
from knowledge.outlining.formulas import OPENERS, kind_of
from knowledge.text import unaccent

_WORDS = (
    "thi dua", "khen thuong", "dien hinh tien tien", "guong dien hinh", "nguoi tot, viec tot", "danh hieu", "ke hoach",
    "bieu duong",    "to chuc thuc hien",
    "can cu", "quy dinh", "huong dan", "don vi", "hoi dong", "tieu chuan", "tieu chi", "de nghi",
    "trach nhiem",    "sang kien", "ban hanh", "thuc hien", "co quan", "phong trao", "sua doi", "bo sung", "bai bo",
)  # fmt: skip
_WORD = re.compile(r"\b(?:{})\b".format("|".join(_WORDS)))
_EMULATION = re.compile(r"\b(?:thi dua|khen thuong|dien hinh tien tien|guong dien hinh|danh hieu|bieu duong|ton vinh)\b")
_READ = 200_000


def is_plan(plan: Outlined) -> bool:
    """Layout counts for two, each kind of word for one; six make a document, or three words of emulation themselves."""
    text = unaccent(plan.text[:_READ]).lower()
    words = len(set(_WORD.findall(text)))
    titles = [says(clause) for clause in plan.zone("title")]
    kind = any(kind_of(line) or kind_of(line.split("  ")[0]) for line in titles)
    bases = any(OPENERS.match(says(clause)) for clause in plan.zone("preamble"))
    signed = bool(plan.zone("signature") or plan.zone("recipients"))
    numbered = any(clause.marker and clause.heading for clause in plan.body)
    if len(set(_EMULATION.findall(text))) >= 3:
        return True
    return words >= 2 and words + 2 * (kind + bases + signed + numbered) >= 6
