"""The one judge of all fault tests: the client's receipts, the agencies' ledgers and the store have to agree."""

from datetime import UTC, datetime

import msgspec
from support.gateway_process import AGENCIES, ClientLedger, GatewayProcess

from onewindow.agencies.ledger import SqliteLedger
from onewindow.codecs.keys import load_trust
from onewindow.codecs.verification import verify
from onewindow.gateway.config import DOCUMENT_FOLDER
from onewindow.gateway.fsck import check
from onewindow.gateway.receipt import receipt_xml
from onewindow.gateway.store import open_store
from onewindow.gateway.store.document_folder import DocumentFolder


async def oracle(process: GatewayProcess, ledger: ClientLedger) -> None:
    """Holds where every receipt has its case and its one response, and each signature shown verifies offline.

    The gateway has to be stopped. Fails with the problems that fsck names and with the receipts without a response.
    """
    now = datetime.now(UTC)
    trust = load_trust(process.authority)
    for receipt in ledger.receipts.values():
        verify(receipt_xml(msgspec.json.encode(receipt)), trust, now)
    for response in ledger.shown.values():
        verify(response, trust, now)
    store = await open_store(process.store_url)
    try:
        report = await check(
            store,
            trust=trust,
            receipts=ledger.sent.items(),
            ledgers={agency: SqliteLedger(process.ledger(agency)).entries() for agency in AGENCIES},
            folder=DocumentFolder(process.folder / DOCUMENT_FOLDER),
        )
        unanswered = [
            case_id
            for case_id in ledger.receipts
            if (record := await store.load(case_id)) is None or record.case.outcome is None
        ]
    finally:
        await store.close()
    problems = [(problem.code, problem.case_id, problem.message.en) for problem in report.problems]
    assert ([], []) == (problems, unanswered)
