"""A document understood: its outline and every typed rule, each with its place. The front door of reading a plan.

`understand` applies general rules of the genre (Nghị định 30/2020/NĐ-CP's layout, the wording of emulation plans); it knows no
institution. What a text does not say is None or absent.
"""

from __future__ import annotations

from knowledge.extraction.bases import legal_bases_of
from knowledge.extraction.clauses import Outlined, says
from knowledge.extraction.criteria import criteria_of
from knowledge.extraction.deadlines import calendar_of, deadlines_of
from knowledge.extraction.dossier import dossier_of
from knowledge.extraction.duties import duties_of
from knowledge.extraction.fields import fields_of
from knowledge.extraction.genre import is_plan
from knowledge.extraction.metadata import issued_of, metadata_warnings, number_of, period_of, signer_of, title_of
from knowledge.extraction.table import table_of
from knowledge.model import Document, Plan
from knowledge.outline import outline

NOT_A_PLAN = (
    "Tệp “{source}” không giống kế hoạch, hướng dẫn, quyết định hay luật về thi đua, khen thưởng; hãy xem lại tệp đã gửi."
)


class NotAPlan(Exception):  # noqa: N818 - named for what the text is not
    """A text that is no plan, guidance, decision or law. `message` is one Vietnamese line for the person who gave it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def understand(document: Document, *, org: str, digest: bool = False) -> Plan:
    """The plan in a document, its id and version still unset. Raises NotAPlan."""
    outlined = outline(document)
    plan = Outlined(document, outlined.sections)
    if not is_plan(plan):
        raise NotAPlan(NOT_A_PLAN.format(source=document.source))
    title = title_of(plan)
    number = number_of(says(clause) for clause in plan.zone("title"))
    issued, place = issued_of(plan)
    signer = signer_of(plan)
    criteria, unsettled = criteria_of(plan)
    warnings = (*document.warnings, *outlined.warnings, *unsettled, *metadata_warnings(plan, number, issued, signer))
    period = period_of([title, *(says(clause) for clause in plan.zone("preamble")[-1:])])
    return Plan(
        org=org,
        source=document.source,
        digest=digest,
        title=title,
        number=number,
        issued=issued,
        place=place,
        period=period,
        signer=signer,
        legal_bases=legal_bases_of(plan),
        sections=outlined.sections,
        criteria=criteria,
        deadlines=deadlines_of(plan, calendar_of(title, period, issued)),
        dossier=dossier_of(plan),
        fields=fields_of(plan),
        duties=duties_of(plan),
        table=table_of(plan),
        warnings=warnings,
        text=document.text,
    )
