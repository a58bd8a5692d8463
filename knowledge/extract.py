"""A document understood: its outline and every typed rule, each with its place. The front door of reading a plan.

`understand` applies general rules of the genre (Nghị định 30/2020/NĐ-CP's layout, the wording of emulation plans); it knows no
institution. What a text does not say is None or absent.
"""

from __future__ import annotations

from knowledge.extraction.bases import legal_bases_of
from knowledge.extraction.clauses import Outlined, says
from knowledge.extraction.metadata import issued_of, metadata_warnings, number_of, period_of, signer_of, title_of
from knowledge.model import Document, Plan
from knowledge.outline import outline


class NotAPlan(Exception):
    """A text that is no plan, guidance, decision or law. `message` is one Vietnamese line for the person who gave it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def understand(document: Document, *, org: str, digest: bool = False) -> Plan:
    """The plan in a document, its id and version still unset. Raises NotAPlan."""
    outlined = outline(document)
    plan = Outlined(document, outlined.sections)
    title = title_of(plan)
    number = number_of(says(clause) for clause in plan.zone("title"))
    issued, place = issued_of(plan)
    signer = signer_of(plan)
    warnings = (*document.warnings, *outlined.warnings, *metadata_warnings(plan, number, issued, signer))
    return Plan(
        org=org,
        source=document.source,
        digest=digest,
        title=title,
        number=number,
        issued=issued,
        place=place,
        period=period_of([title, *(says(clause) for clause in plan.zone("preamble")[-1:])]),
        signer=signer,
        legal_bases=legal_bases_of(plan),
        sections=outlined.sections,
        warnings=warnings,
        text=document.text,
    )
