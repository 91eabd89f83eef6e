"""The window: takes declarations over, has them carried, and shows where they stand.

This is the shell around the pure parts: it owns the clock, the store, the keys and the transports. HTTP and the
command line are two ways to it.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from typing import Any, Self, TypeVar

import structlog

from ..agencies.agency import AnyAgency
from ..agencies.registry import installed
from ..agencies.rehearsal import Rehearsal
from ..agencies.transport import Transport
from ..agencies.trial import tried
from ..codecs import DECLARATION, RECEIPT, REPLY, RESPONSE, Codec
from ..codecs.certificates import Trust
from ..codecs.digest import digest
from ..codecs.finding import Rejected
from ..codecs.keys import Signer
from ..codecs.messages.declaration import Declaration
from . import intake
from .admission import admission_rules
from .agency_queue import AgencyQueue, agency_queue
from .announcer import Announcer
from .capacity import Capacity
from .case import Case, Money, RevisionKind
from .case_following import CaseFollowing
from .case_id import PATTERN, case_id
from .case_turns import CaseTurns
from .clock import Clock, SystemClock, pause
from .commands import Acknowledge, FailSend, Forbidden, Rate, RecordPayment, Reply, Submit
from .config import PROCEDURES, Config, procedure_name
from .crash_point import crash_point
from .dead_letter_office import DeadLetterOffice
from .deferral import deferred_documents
from .dispatch import Dispatch
from .distribution import Distribute, attempt, distribute
from .document_names import RECEIPT_NAME, declaration_name, message_name
from .documents_on_file import Arriving, DocumentsOnFile, Statement
from .dry_run import DryRun, Planned, ReferenceUse, dry_run, reference_use
from .events import Event
from .feed import Feed
from .life import decide, outstanding, replay
from .lookout import Lookout
from .mailboxes import Mailboxes
from .message_id import message_id
from .metrics import Metrics
from .off_loop import off_loop, read_off_loop
from .papers import JSON, XML, Papers
from .payment import Claim, treasury
from .plausible_dates import DATE_CODES, Promised, date_rules
from .presence import present
from .receipt import receipt
from .refusals import Refusals
from .replies import Replies
from .requests import Given, Granted, Requests
from .seal import Seal, Unsealed, watch
from .signing_keys import signing_keys
from .store import open_store
from .store.register import OnFile
from .store.store import Document, Entry, Names, Query, Record, ReferenceTaken, Store, no_names
from .store_and_keys import authority_of, check_keys, check_store
from .submission import NotServing, ReferenceConflict, Submission, is_of, same_reference, verdict
from .supervision import Question, Supervision
from .supervisor import Supervisor, supervised
from .time_limits import time_limits
from .transports import open_transports, tokens
from .unnamed import say_unnamed
from .webhooks import Webhooks

GRACE_SECONDS = 1.0
"""How long a stopping window lets cases in hand come to their end; the others go on at the next start."""

T = TypeVar("T")

log = structlog.get_logger("onewindow.window")


class Window:
    """One window on one store."""

    def __init__(
        self,
        config: Config,
        store: Store,
        agencies: Mapping[str, AnyAgency],
        transports: Mapping[str, Transport],
        signer: Signer,
        trust: Trust,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self.config, self.agencies, self.trust = config, agencies, trust
        self.metrics, self.clock = metrics, clock
        self.documents = DocumentsOnFile(config, store.documents, clock)
        self._store = store
        self._resources = AsyncExitStack()
        self.seal = Seal(signer, trust)
        metrics.certificate(lambda: self.seal.seconds_left(clock()))
        self._announcer = Announcer()
        self._stopping, self._stopped = asyncio.Event(), asyncio.Event()
        self._running = False
        self.dead_letters = DeadLetterOffice(store, clock, metrics, lambda *work: self._dispatch.send_again(*work))
        keep = self.dead_letters.keep
        self.mailboxes = Mailboxes(transports, keep)
        turns = CaseTurns()
        self._replies = Replies(store, turns, agencies, clock, metrics, self._granted, self._settled, keep)
        self._rules = admission_rules(config, agencies)
        if config.gateway.test_mode:
            self._rules = (*self._rules, partial(intake.test_directives, tuple(agencies)))
            transports = {
                code: Rehearsal(each, self._replies.take, partial(pause, clock)) for code, each in transports.items()
            }
        self._dispatch = Dispatch(
            store,
            agencies,
            transports,
            self.seal,
            self._announcer,
            metrics,
            clock,
            time_limits(config, agencies),
            config.gateway.max_inflight,
            {code: config.agency(code).inflight_max(config.gateway.max_inflight) for code in agencies},
            keep,
        )
        self.mailboxes.when_lost(self._dispatch.lost)
        self._capacity = Capacity(self._dispatch, config.gateway.max_inflight)
        metrics.in_hand(lambda: self._capacity.in_hand)
        self._procedures = {name: config.procedure(name, tuple(agencies)) for name in PROCEDURES}
        self._refusals = Refusals(self.documents, trust, agencies, self._procedures, clock, config.gateway.test_mode)
        self._requests = Requests(store, turns, self.documents, agencies, self._procedures, clock, self._granted)
        self.agency_tokens = tokens(config)
        self._treasury = treasury(config.payment.treasury)
        self._supervisor = Supervisor(store, supervised(config, agencies), clock)
        self._lookout = Lookout(store, self._announcer)
        self._following = CaseFollowing(self.load, self._announcer, self._lookout, self._stopping)
        self.feed = Feed(store, self._announcer, self._lookout, self._stopping)
        self.webhooks = Webhooks(store, self._announcer, clock, metrics, demo=config.identity.mode == "demo")

    @classmethod
    async def open(
        cls, config: Config, clock: Clock | None = None, *, new_store: bool = False, new_keys: bool = False
    ) -> Self:
        """The window that a configuration describes; `new_store` and `new_keys`: see `store_and_keys`.

        Raises Rejected (keys, store), UnusableAgency, BadConfig (of a file that it names), UnsafeStore or
        StoreUnavailable, each with a code and words.
        """
        clock = clock or SystemClock()
        found = check_store(config, new_store=new_store, new_keys=new_keys)
        signer, trust = signing_keys(config, clock())
        if not new_keys:
            check_keys(config, found, trust)
        agencies = installed()
        say_unnamed(config, agencies)
        messages: list[Codec[Any]] = [RECEIPT, REPLY, RESPONSE, *(agency.message for agency in agencies.values())]
        for message in messages:
            message.prepare(explanations=False)
        DECLARATION.prepare()  # the first trader, and the first mistake, must not wait for what can be made beforehand
        tried(agencies.values(), clock())
        metrics = Metrics()
        async with AsyncExitStack() as stack:
            if (presence := present(config.store.path, f"{config.gateway.host}:{config.gateway.port}")) is not None:
                stack.callback(presence.close)
            store = await open_store(config.store.url, observe=metrics.committed)
            stack.push_async_callback(store.close)
            await store.adopt(authority_of(signer, trust), config.head_file)
            transports = await open_transports(config, agencies, clock, stack, store)
            window = cls(config, store, agencies, transports, signer, trust, metrics, clock)
            window._resources = stack.pop_all()
            return window

    @property
    def ready(self) -> bool:
        """It takes what comes; a declaration only while the seal signs receipts."""
        return self._running and not self._stopping.is_set()

    def _check_ready(self) -> None:
        if not self.ready:
            raise NotServing("stopping" if self._stopping.is_set() else "not-ready", 5)

    @property
    def stopping(self) -> bool:
        """No new declarations: what is in hand is being brought to an end."""
        return self._stopping.is_set()

    async def run(self) -> None:
        """Carry open cases on and new ones to their response, and tell webhooks of them, until `stop`."""
        self._running = True
        try:
            async with asyncio.TaskGroup() as beside:
                watching = beside.create_task(watch(self.seal, self.clock, self._dispatch.sweep_again))
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._dispatch.run(self._stopping, GRACE_SECONDS))
                    group.create_task(self._lookout.run(self._stopping))
                    group.create_task(self.webhooks.run(self._stopping, GRACE_SECONDS))
                watching.cancel()
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        """Take no more; let what is in hand end or leave it to the next start; close the store."""
        await self._capacity.ended()
        self.close_intake()
        if self._running:
            await self._stopped.wait()
        await self._resources.aclose()
        await self._store.close()
        self.documents.close()

    def close_intake(self) -> None:
        """From here on submissions are refused as `stopping`, and whoever waits or follows is let go at once."""
        self._stopping.set()
        self._announcer.announce_all()
        self._capacity.look_again()
        self.mailboxes.close()

    async def validate(self, body: bytes, media_type: str) -> Declaration:
        """The declaration in `body`, valid by schema, signature (where it has one) and rules.

        `media_type`: application/xml or application/json. Raises Rejected with every finding.
        """
        return await read_off_loop(body, partial(self._read, body, media_type, self.clock()))

    async def dry_run(self, body: bytes, media_type: str) -> DryRun:
        """What would become of a declaration; nothing is kept or sent. Raises as `submit`, less conflict and fault."""
        self._check_ready()
        try:
            planned = await read_off_loop(body, partial(self._prepare, body, media_type, attempt))
            if wrong := await self.documents.findings(planned.declaration):
                raise await read_off_loop(body, partial(intake.refused, wrong, body, media_type))
        except Rejected as refusal:
            raise await self._refusals.in_full(refusal, body, media_type, dry=True) from refusal
        for fault in planned.faults.values():
            log.error("agency unable", agency=fault.agency, work=fault.work.value, exc_info=fault)
        used = await self._reference_use(planned.declaration, body)
        shown = partial(dry_run, planned, self.agencies, self.clock(), used, in_json=media_type == JSON)
        return await read_off_loop(body, partial(shown, test=self.config.gateway.test_mode))

    async def _reference_use(self, declaration: Declaration, body: bytes) -> ReferenceUse | None:
        for case in await self._store.find(same_reference(declaration)):
            record = await self._store.load(case.id, declaration_name(1))
            if record is not None:
                same = await off_loop(record.document_bytes, partial(is_of, record, body, declaration))
                return reference_use(record.case, same=same)
        return None

    async def submit(self, body: bytes, media_type: str, *, patient: bool = False) -> Submission:
        """Take a declaration over: when this returns it is on disk, has its signed receipt, and is being carried.

        `patient`: where too much is in hand, wait until there is room, after those that came before. Raises Rejected,
        ReferenceConflict, AgencyFault, NotServing, Unsealed or StoreUnavailable; then nothing is kept.
        """
        try:
            submission = await self._taken(body, media_type, patient=patient)
        except Exception as error:
            self.metrics.declaration(verdict(error))
            raise await self._refusals.in_full(error, body, media_type) from error
        self.metrics.declaration("replayed" if submission.replay else "accepted")
        return submission

    async def _taken(self, body: bytes, media_type: str, *, patient: bool) -> Submission:
        if not patient:
            return await asyncio.shield(self._begun(body, media_type))
        async with self._capacity.patiently(lambda: self.ready):
            task = self._begun(body, media_type)
        return await asyncio.shield(task)

    def _begun(self, body: bytes, media_type: str) -> asyncio.Task[Submission]:
        self._check_ready()
        if self._capacity.is_full:
            raise NotServing("overloaded", 1)
        return self._capacity.let_in(self._submit(body, media_type))

    async def _to_its_end(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.shield(self._capacity.let_in(work))

    async def _submit(self, body: bytes, media_type: str) -> Submission:
        try:
            prepared = await read_off_loop(body, partial(self._prepare, body, media_type))
        except Rejected as refusal:
            return await self._taken_in_time(body, media_type, refusal)
        if wrong := await self.documents.findings(prepared.declaration):
            before = await self._store.find(same_reference(prepared.declaration))
            if before:  # it was taken when its documents were in order
                return await self._again(before[0].id, body, prepared.declaration)
            raise await read_off_loop(body, partial(intake.refused, wrong, body, media_type))
        with self.metrics.stage("accept"):
            now = self.clock()
            events = decide(
                None,
                Submit(
                    case_id=case_id(now, secrets.token_bytes(10)),
                    reference=prepared.declaration.functional_reference_id,
                    declarant=prepared.declaration.declarant.id,
                    type_code=prepared.declaration.type_code.value,
                    digest=digest(body),
                    media_type=media_type,
                    plan=prepared.plan,
                    deferred=deferred_documents(prepared.declaration),
                    release=prepared.release,
                    test=self.config.gateway.test_mode,
                ),
                now,
            )
            case = replay(events)
            try:
                signed = self.seal.sign(RECEIPT.encode_xml(receipt(case)), now)
            except Unsealed:  # what was taken before has its receipt, and its trader must not be told otherwise
                if before := await self._store.find(same_reference(prepared.declaration)):
                    return await self._again(before[0].id, body, prepared.declaration)
                raise
            proof = Document(name=RECEIPT_NAME, media_type=XML, body=signed)
            declared = Document(name=declaration_name(1), media_type=media_type, body=body)
            sent = tuple(
                Document(name=message_name(message_id(case.id, agency, 1)), media_type=XML, body=message.body)
                for agency, message in prepared.messages.items()
            )
            try:
                await self._store.append(Entry(case=case, events=events, documents=(declared, proof, *sent)))
            except ReferenceTaken as taken:
                return await self._again(taken.case_id, body, prepared.declaration)
        crash_point("accepted")
        self._announcer.announce(case.id, case.declarant)
        in_hand = Papers(case=case, declaration=prepared.declaration, messages=prepared.messages, replies={})
        self._dispatch.carry(case.id, in_hand)
        return Submission(case=case, receipt=proof, replay=False)

    async def _taken_in_time(self, body: bytes, media_type: str, refusal: Rejected) -> Submission:
        """The case of a declaration whose dates were right when it came first. Raises the refusal where there is none.

        A trader who did not hear the answer sends the same again, and a document may have become due in between.
        """
        if DATE_CODES.issuperset(finding.code for finding in refusal.findings):
            declaration = await read_off_loop(body, partial(self._read, body, media_type, at=None))
            before = await self._store.find(same_reference(declaration))
            if before:
                return await self._again(before[0].id, body, declaration)
        raise refusal

    async def _again(self, existing: str, body: bytes, declaration: Declaration) -> Submission:
        """The case that is there already, if it is of the same declaration, in the same bytes or in others."""
        record = await self._store.load(existing, declaration_name(1), RECEIPT_NAME)
        if record is None or not await off_loop(record.document_bytes, partial(is_of, record, body, declaration)):
            raise ReferenceConflict(existing, declaration.functional_reference_id)
        if outstanding(record.case):  # a disk that failed after it wrote leaves a case that nobody carries
            self._dispatch.carry(existing)
        return Submission(case=record.case, receipt=record.documents[RECEIPT_NAME], replay=True)

    async def supplement(self, case_id: str, body: bytes, media_type: str) -> Granted | None:
        """Take a supplement, as a whole declaration, and ask the agencies again that it concerns.

        Returns the case when its new revision is on disk, None where there is no such case. Raises Rejected, Forbidden,
        AgencyFault, NotServing or StoreUnavailable; then nothing is kept.
        """
        return await self._revise(case_id, RevisionKind.SUPPLEMENT, body, media_type)

    async def amend(self, case_id: str, body: bytes, media_type: str) -> Granted | None:
        """Replace the declaration of an open case and ask the agencies again whose message changes; as `supplement`."""
        return await self._revise(case_id, RevisionKind.AMENDMENT, body, media_type)

    async def withdraw(self, case_id: str, reason: str) -> Granted | None:
        """Take a declaration back; its case ends in a signed response that says so. Raises as `supplement`."""
        return await self._asked(case_id, lambda: self._requests.withdraw(case_id, reason))

    async def receive_document(self, case_id: str, type_code: str, number: str, digest_given: str) -> Granted | None:
        """Take a deferred document, by the digest of its bytes. Raises as `withdraw`, and Rejected."""
        return await self._asked(case_id, lambda: self._requests.receive(case_id, type_code, number, digest_given))

    async def pay(self, case_id: str, reference: str, money: Money) -> Granted | None:
        """Record a payment that the treasury confirms.

        Raises as `withdraw`, Forbidden("payment-unconfirmed"), TreasuryUnavailable.
        """
        if not await self._treasury.confirm(Claim(case_id=case_id, reference=reference, money=money)):
            raise Forbidden("payment-unconfirmed")
        command = RecordPayment(reference=reference, money=money)
        return await self._asked(case_id, lambda: self._requests.settle(case_id, command))

    async def rate(self, case_id: str, score: int, comment: str | None) -> Granted | None:
        """Record what the trader thinks of a decided case: 1 to 5. Raises as `withdraw`."""
        command = Rate(score=score, comment=comment)
        return await self._asked(case_id, lambda: self._requests.settle(case_id, command))

    async def reply(self, agency: str, body: bytes) -> tuple[Case, bool] | None:
        """Take a reply that an agency brings; the case and whether it had it, None where there is no such agency.

        Raises as `Replies.take` does, and NotServing.
        """
        self._check_ready()
        return await self._to_its_end(self._replies.take(agency, body)) if agency in self.agencies else None

    async def acknowledge(self, agency: str, message: str, refused: str | None) -> tuple[Case, bool] | None:
        """Take an agency's word that it has a message, or refuses it; else as `reply`."""
        self._check_ready()
        if agency not in self.agencies:
            return None
        return await self._to_its_end(self._replies.acknowledge(agency, message, refused))

    def _settled(self, command: Acknowledge | FailSend | Reply) -> None:
        if isinstance(command, FailSend):
            self._dispatch.rest(command.message_id)
        self.mailboxes.settle(command.agency, command.message_id)

    async def _asked(self, case_id: str, work: Callable[[], Coroutine[Any, Any, Granted | None]]) -> Granted | None:
        self._check_ready()
        return await self._to_its_end(work()) if PATTERN.fullmatch(case_id) else None

    async def _revise(self, case_id: str, kind: RevisionKind, body: bytes, media_type: str) -> Granted | None:
        self._check_ready()
        if not PATTERN.fullmatch(case_id):
            return None
        record = await self._store.load(case_id)
        if record is None:
            return None
        promised = {(each.document.type_code, each.document.document_id) for each in record.case.deferred}

        async def read() -> Given:
            work = partial(self._read, body, media_type, self.clock(), promised)
            return Given(body=body, media_type=media_type, declaration=await read_off_loop(body, work))

        try:
            return await self._to_its_end(self._requests.revise(case_id, kind, read))
        except Rejected as refusal:
            raise await self._refusals.in_full(refusal, body, media_type) from refusal

    async def put_on_file(self, arrived: Arriving, stated: Statement) -> tuple[OnFile, bool]:
        """Keep a document that has come in whole; its entry when it is on disk, and whether that is new.

        Raises NotServing or StoreUnavailable.
        """
        self._check_ready()
        return await self._to_its_end(self.documents.keep(arrived, stated))

    def _granted(self, case: Case) -> None:
        self._announcer.announce(case.id, case.declarant)
        self._dispatch.carry(case.id)

    def _prepare(self, body: bytes, media_type: str, distributed: Distribute = distribute) -> Planned:
        declaration = self._read(body, media_type, self.clock())
        with self.metrics.stage("split"):
            name = procedure_name(declaration.type_code.value)
            shared = distributed(declaration, self._procedures[name], self.agencies)
        release, given = self.config.release(name), shared.messages
        return Planned(declaration=declaration, messages=given, plan=shared.plan, release=release, faults=shared.faults)

    def _read(self, body: bytes, media_type: str, at: datetime | None, promised: Promised = ()) -> Declaration:
        """A declaration whose dates are plausible at a moment; None: whose dates do not matter."""
        rules = self._rules if at is None else (*self._rules, *date_rules(at, promised))
        with self.metrics.stage("decode"):
            declaration = intake.read(body, media_type, rules)
        if declaration.signature is None:
            return declaration
        with self.metrics.stage("verify"):
            return intake.verified(declaration, body, media_type, self.trust, self.clock())

    async def decided(self, case_id: str, seconds: float) -> Case | None:
        """The case once it has its response, as `CaseFollowing.decided` has it."""
        return await self._following.decided(case_id, seconds)

    def follow(self, case_id: str, after: int) -> AsyncGenerator[tuple[int, Event]]:
        """The case's events after sequence `after`, as they happen, as `CaseFollowing.follow` has it."""
        return self._following.follow(case_id, after)

    async def load(self, case_id: str, *documents: str, of: Names = no_names) -> Record | None:
        """A case with its journal and the documents named, or None; as `Store.load`. Raises StoreUnavailable."""
        return await self._store.load(case_id, *documents, of=of) if PATTERN.fullmatch(case_id) else None

    async def probe(self) -> None:
        """Returns where the store can write just now. Raises StoreUnavailable."""
        await self._store.probe()

    async def count_open(self) -> Mapping[str, int]:
        """The number of cases that are not decided, by status. Raises StoreUnavailable."""
        return await self._store.count_open()

    async def find(self, query: Query) -> tuple[Case, ...]:
        """The cases that match, newest first. Raises StoreUnavailable."""
        return await self._store.find(query)

    async def queue(self, agency: str, count_max: int) -> AgencyQueue:
        """What waits for a person at an agency. Raises StoreUnavailable."""
        return await agency_queue(self._store, agency, count_max, self.clock())

    async def supervise(self, question: Question) -> Supervision:
        """What agencies and cases did in a stretch of time. Raises Unanswered or StoreUnavailable."""
        return await self._supervisor.answer(question)
