"""The codec path of one declaration: all that the window does to bytes and structs between the trader's and its own.

Decode the declaration, sign the receipt, split, encode four messages, decode four replies, merge, encode and sign the
response. Left out are HTTP, the store, and what the agencies do with their messages.
"""

from collections.abc import Callable, Mapping
from typing import Any

from onewindow.agencies.registry import installed
from onewindow.bench.documents import AT, Own
from onewindow.bench.pairs import Clock
from onewindow.codecs import Codec
from onewindow.codecs.digest import digest
from onewindow.codecs.keys import Signer
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Reply
from onewindow.codecs.messages.response import Response
from onewindow.codecs.signature import sign_encoded
from onewindow.gateway import commands
from onewindow.gateway.case import Case
from onewindow.gateway.commands import Send, Submit
from onewindow.gateway.events import Assignment
from onewindow.gateway.life import decide, replay
from onewindow.gateway.merge import Answer, merge
from onewindow.gateway.message_id import message_id
from onewindow.gateway.receipt import receipt

CASE_ID = "019cad9c-2b58-7c3a-9f00-3d2c1b0a9e8f"


class CodecPath:
    """The path of one document, with everything ready that comes from outside of it: the case and the four replies.

    `codecs` by message name, so that it can be taken with either walker. Each stage can be run on its own: it takes
    what the one before has left and leaves what the next one takes.
    """

    def __init__(self, document: Own, codecs: Mapping[str, Codec[Any]], signer: Signer) -> None:
        self._data = document.data
        self._codecs = codecs
        self._signer = signer
        self._agencies = installed()
        self.decode()
        self.split()
        self.encode_messages()
        self._case = self._answered({code: self._reply(code) for code in self.messages})
        self.run()

    @property
    def stages(self) -> dict[str, Callable[[], None]]:
        """The stages in their order, by name."""
        return {
            "decode": self.decode,
            "receipt": self.sign_receipt,
            "split": self.split,
            "4 encodes": self.encode_messages,
            "4 reply decodes": self.decode_replies,
            "merge": self.merge,
            "encode": self.encode_response,
            "sign": self.sign_response,
        }

    def run(self) -> None:
        """The whole path."""
        self.decode()
        self.sign_receipt()
        self.split()
        self.encode_messages()
        self.decode_replies()
        self.merge()
        self.encode_response()
        self.sign_response()

    def timed(self, clock: Clock) -> dict[str, float]:
        """The seconds of each stage of one run of the whole path.

        Run for itself again and again, a stage would find the processor's caches full of its own.
        """
        times: dict[str, float] = {}
        before = clock()
        for name, stage in self.stages.items():
            stage()
            now = clock()
            times[name], before = now - before, now
        return times

    def decode(self) -> None:
        """The declaration from the trader's bytes."""
        self.declaration: Declaration = self._codecs["declaration"].decode_xml(self._data)

    def sign_receipt(self) -> None:
        """The signed receipt."""
        self.receipt = sign_encoded(self._codecs["receipt"].encode_xml(receipt(self._case)), self._signer)

    def split(self) -> None:
        """The message of each agency that is concerned."""
        messages = {code: agency.split(self.declaration) for code, agency in self._agencies.items()}
        self.messages = {code: message for code, message in messages.items() if message is not None}

    def encode_messages(self) -> None:
        """The messages' bytes."""
        self.bodies = {code: self._codecs[code].encode_xml(message) for code, message in self.messages.items()}

    def decode_replies(self) -> None:
        """The replies from the agencies' bytes."""
        decode = self._codecs["reply"].decode_xml
        self.replies: dict[str, Reply] = {code: decode(body) for code, body in self._answers.items()}

    def merge(self) -> None:
        """The response, unsigned."""
        answers = {code: Answer(self.messages[code], reply) for code, reply in self.replies.items()}
        self.response: Response = merge(self._case, self.declaration, answers, self._agencies, AT)

    def encode_response(self) -> None:
        """The response's bytes, unsigned."""
        self.unsigned: bytes = self._codecs["response"].encode_xml(self.response)

    def sign_response(self) -> None:
        """The signed response."""
        self.signed = sign_encoded(self.unsigned, self._signer)

    def _reply(self, code: str) -> Reply:
        """What the agency's reference rules say to its message."""
        assess = self._agencies[code].assess
        if assess is None:
            raise ValueError(f"the agency {code!r} has no reference rules")
        return assess(self.messages[code], message_id(CASE_ID, code, 1), AT)

    def _answered(self, replies: Mapping[str, Reply]) -> Case:
        """The case with all its answers in; their bytes are kept for `decode_replies`."""
        self._answers = {code: self._codecs["reply"].encode_xml(value) for code, value in replies.items()}
        submitted = Submit(
            case_id=CASE_ID,
            reference=self.declaration.functional_reference_id,
            declarant=self.declaration.declarant.id,
            type_code=self.declaration.type_code.value,
            digest=digest(self._data),
            media_type="application/xml",
            plan=tuple(Assignment(agency=code, message_digest=digest(body)) for code, body in self.bodies.items()),
        )
        case = replay(decide(None, submitted, AT))
        case = replay(decide(case, Send(), AT), case)
        for code, value in replies.items():
            answer = commands.Reply(
                agency=code,
                message_id=value.message_id,
                outcome=value.outcome_code,
                agency_reference=value.agency_reference_id,
                decided_at=value.decision_date_time,
                digest=digest(self._answers[code]),
            )
            case = replay(decide(case, answer, AT), case)
        return case
