"""The outline of a document: its sections and clauses, by numbering and never by Markdown.

Every character but white space belongs to exactly one clause, clauses follow the text, and `clause.quote` is the run of the
text as it stands there, damage and Markdown included. What cannot be placed is kept and warned about, never dropped.

Refs are the numbering joined by dots from the top:

- `II.3.1` part II, number 3, number 3.1 ("1.1" below "1." adds only its last part); `II.2.a` letter a); `I.5.2.a` chương I,
  điều 5, khoản 2, điểm a, and `5.2.a` where a law has no chapters; phần thứ nhất is `I`;
- `II.3.1.-2` the second bullet there, `III.1.2.-3.-1` the first below that bullet; bullets are counted through a section;
- `II.2.p1` the first unnumbered paragraph below II.2; `r1` the first row of a table; `h1` the first title without a number;
- `title.1`, `preamble.2`, `signature.1`, `recipients.3`, `appendix.4` (a second appendix is `appendix-2`), line by line;
- `break.1` a page number or a rule that the reading left in the text.

A repeated number gets `~2` behind it. `parent` is the ref of the clause that governs: the lead-in sentence or label of a bullet,
paragraph or item, else the heading. A section without a title holds clauses that stand behind the subsections of their part.
"""

from __future__ import annotations

from knowledge.model import PAGE_BREAK, Document, Frozen, Section, Warned
from knowledge.outlining.blocks import blocks_of
from knowledge.outlining.lines import lines_of
from knowledge.outlining.pages import PageFinder
from knowledge.outlining.tree import Tree
from knowledge.outlining.zones import zoned


class Outline(Frozen):
    sections: tuple[Section, ...]
    warnings: tuple[Warned, ...] = ()


def outline(document: Document) -> Outline:
    """The sections of a document, in time linear in its length."""
    text = document.text
    paged = document.format not in ("text", "docx", "doc")
    tree = Tree(text, PageFinder(document.pages, len(PAGE_BREAK), paged))
    tree.build(zoned(blocks_of(lines_of(text))))
    return Outline(sections=tuple(tree.sections), warnings=tuple(tree.warnings))
