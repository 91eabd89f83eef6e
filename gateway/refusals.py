"""Refusals: all that is wrong with a declaration is said at once, also what only a running window knows."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from ..agencies.agency import AnyAgency
from ..codecs.certificates import Trust
from ..codecs.finding import Finding, Rejected
from ..codecs.messages.declaration import Declaration
from . import intake
from .config import ProcedureName, procedure_name
from .document_reuse import Reference, references
from .documents_on_file import DocumentsOnFile
from .dry_run import objections
from .plan import Procedure
from .store import StoreUnavailable


class Refusals:
    """What a window adds to a refusal: documents on file, the signature and, in a dry run, what agencies would say."""

    def __init__(
        self,
        documents: DocumentsOnFile,
        trust: Trust,
        agencies: Mapping[str, AnyAgency],
        procedures: Mapping[ProcedureName, Procedure],
        clock: Callable[[], datetime],
        test: bool,
    ) -> None:
        self._documents = documents
        self._trust = trust
        self._agencies = agencies
        self._procedures = procedures
        self._clock = clock
        self._test = test

    async def in_full(self, error: Exception, body: bytes, media_type: str, *, dry: bool = False) -> Exception:
        """What to raise for an error: a refusal of a declaration with all its mistakes, another error as it is."""
        if not isinstance(error, Rejected) or error.problem != "invalid" or intake.is_full(error):
            return error
        referred = await asyncio.to_thread(_referred, body, media_type, error)
        if referred is None:
            return error
        try:
            on_file = await self._documents.referred(referred)
        except StoreUnavailable:
            return error  # what is known of the declaration is true without the store

        def filed(declaration: Declaration) -> tuple[Finding, ...]:
            return self._documents.wrong(references(declaration), declaration, on_file)

        signed = partial(intake.signature_mistakes, body, media_type, self._trust, self._clock())
        rules = (filed, signed, self._objections) if dry else (filed, signed)
        return await asyncio.to_thread(intake.also, error, rules, body, media_type)

    def _objections(self, declaration: Declaration) -> Iterator[Finding]:
        procedure = self._procedures[procedure_name(declaration.type_code.value)]
        return objections(declaration, procedure, self._agencies, self._clock(), test=self._test)


def _referred(body: bytes, media_type: str, refusal: Rejected) -> tuple[Reference, ...] | None:
    """What the readable part of a refused declaration refers to; None where it is none at all."""
    readings = intake.readings_of(body, media_type, refusal)
    return None if readings is None else references(readings.least())
