"""Documents that rules require."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from onewindow.agencies.documents import DEFERRAL, Standing, State, own_documents, placed, remarks_on, standing
from onewindow.codecs.finding import Text
from onewindow.codecs.messages.codes import DocumentType, ReplyOutcome
from onewindow.codecs.messages.common import AdditionalDocument

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
INVOICE = AdditionalDocument(type_code=DocumentType._380, id="FM-1")
EXPIRED = replace(INVOICE, expiration_date_time=NOW)
DEFERRED = replace(INVOICE, deferred_indicator=True, due_date=date(2026, 10, 12))
OVERDUE = replace(INVOICE, deferred_indicator=True, due_date=date(2026, 10, 11))


def found(*documents: AdditionalDocument) -> Standing:
    """How the invoice stands among documents of the message's header."""
    return standing(placed("/Tax", documents), (DocumentType._380,), NOW)


@pytest.mark.parametrize(
    ("document", "state"),
    [
        (INVOICE, State.PRESENT),
        (replace(INVOICE, expiration_date_time=NOW + timedelta(seconds=1)), State.PRESENT),
        (EXPIRED, State.EXPIRED),
        (DEFERRED, State.DEFERRED),
        (OVERDUE, State.OVERDUE),
        (replace(INVOICE, type_code=DocumentType._271), State.MISSING),
    ],
)
def test_state_of_one_document(document: AdditionalDocument, state: State) -> None:
    """A document counts until the moment it expires, a promise until the end of its day, another type not at all."""
    assert state is found(document).state


def test_best_document_counts() -> None:
    """Among several documents of a type the best one decides, and is the one pointed at."""
    assert Standing(State.PRESENT, "/Tax/AdditionalDocument[3]") == found(EXPIRED, DEFERRED, INVOICE)
    assert "/Tax/AdditionalDocument[2]" == found(OVERDUE, EXPIRED).pointer


@pytest.mark.parametrize(("second", "state"), [(59, State.DEFERRED), (60, State.OVERDUE)])
def test_last_second(second: int, state: State) -> None:
    """A promise holds to the last second of its day in China, and not a second longer."""
    moment = datetime(2026, 10, 12, 15, 59, tzinfo=UTC) + timedelta(seconds=second)
    assert state is standing(placed("/Tax", (DEFERRED,)), (DocumentType._380,), moment).state


def test_due_time() -> None:
    """A deferred document is due at the end of its day in China, without a date after the usual time."""
    assert datetime(2026, 10, 12, 15, 59, 59, tzinfo=UTC) == found(DEFERRED).due
    assert NOW + DEFERRAL == found(replace(DEFERRED, due_date=None)).due


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ((INVOICE,), []),
        ((), [("tax.invoice-missing", "/Tax/InvoiceAmount", ReplyOutcome.SUPPLEMENT_REQUIRED)]),
        ((EXPIRED,), [("tax.invoice-expired", "/Tax/AdditionalDocument[1]", ReplyOutcome.SUPPLEMENT_REQUIRED)]),
        ((OVERDUE,), [("tax.invoice-overdue", "/Tax/AdditionalDocument[1]", ReplyOutcome.SUPPLEMENT_REQUIRED)]),
        ((DEFERRED,), [("tax.invoice-deferred", "/Tax/AdditionalDocument[1]", ReplyOutcome.APPROVED_WITH_CONDITIONS)]),
    ],
)
def test_remarks(documents: tuple[AdditionalDocument, ...], expected: list[tuple[str, str, ReplyOutcome]]) -> None:
    """A document that is there needs no remark; one that is not is asked for where it is needed or wrong."""
    remarks = remarks_on(found(*documents), "tax.invoice", Text("invoice", "发票"), "/Tax/InvoiceAmount")
    assert expected == [(remark.code, remark.pointer, remark.outcome) for remark in remarks]


def test_own_documents_keep_their_order() -> None:
    """An agency's own documents are kept as they are and in order, others left out."""
    packing = replace(INVOICE, type_code=DocumentType._271)
    assert (INVOICE, EXPIRED) == own_documents((INVOICE, packing, EXPIRED), {DocumentType._380})
