"""A person's answer to an agency's message, made into a reply and brought to the gateway."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from ...agencies.decision import agency_reference
from ...codecs import REPLY
from ...codecs.finding import Rejected
from ...codecs.messages.codes import LanguageCode, ReplyOutcome
from ...codecs.messages.common import Text
from ...codecs.messages.reply import Finding, Reply
from ..api.replies import ReplyTaken
from ..config import BadConfig
from ..transports import read_token
from .client import Client
from .console import stderr
from .document import JSON, Given, read
from .ending import DONE, USAGE, Stop, rejected
from .harmless import values
from .language import label
from .starting import not_taken
from .terms import CASES, term

OFFICER: Final = "officer"
"""The last part of the code of what a person found."""


class Answer(msgspec.Struct, frozen=True):
    """What a person says: an outcome with words, or a whole reply in a file."""

    outcome: str | None
    en: str | None
    zh: str | None
    reply: Path | None


async def answer_by_hand(url: str, agency: str, message_id: str, answer: Answer, token_file: Path | None = None) -> int:
    """Bring the reply, say that it was taken and where the case stood when it came; the command's exit status.

    Raises Stop (`reason-missing`) where an outcome other than `approved` comes without words, and where the file holds
    no reply to this message.
    """
    reply = _reply(agency, message_id, answer) if answer.reply is None else _of_file(agency, message_id, answer)
    try:
        body = REPLY.encode_xml(reply)
    except ValueError:
        en, zh = "A reply can't hold control characters.", "回执报文不能含有控制字符。"
        raise Stop(USAGE, "usage", en, zh) from None
    async with Client(url, shown_token(token_file)) as client:
        with naming_token_file():
            answered = await client.reply(agency, body)
    taken = values(msgspec.json.decode(answered, type=ReplyTaken))
    said = label("Had it before 此前已接受" if taken.known else "Taken 已接受")
    stderr().print(f"{said}  {message_id}", soft_wrap=True)
    stands = term(CASES, taken.status)
    stderr().print(
        f"{label('When it came 收到时')}  {label('case 办件')} {taken.case_id}: {stands.said}", soft_wrap=True
    )
    return DONE


def _reply(agency: str, message_id: str, answer: Answer) -> Reply:
    """The reply of an outcome and words."""
    if answer.outcome is None:
        en, zh = "Give --outcome, or a whole reply with --reply FILE.", "请填写 --outcome，或用 --reply 提供完整答复。"
        raise Stop(USAGE, "usage", en, zh)
    words = (answer.en, answer.zh)
    if answer.outcome != "approved" and not any(words):
        en, zh = "Say why: give --en, --zh or both.", "请说明理由：填写 --en、--zh 或两者。"
        raise Stop(USAGE, "reason-missing", en, zh)
    languages = (LanguageCode.EN, LanguageCode.ZH)
    texts = tuple(
        Text(value=said, language_id=language) for said, language in zip(words, languages, strict=True) if said
    )
    return Reply(
        message_id=message_id,
        agency_code=agency,
        agency_reference_id=agency_reference(agency, message_id),
        outcome_code=ReplyOutcome(answer.outcome),
        decision_date_time=datetime.now(UTC),
        finding=(Finding(code=f"{agency}.{OFFICER}", text=texts),) if texts else (),
    )


def _of_file(agency: str, message_id: str, answer: Answer) -> Reply:
    """The reply in a file; JSON may leave out what the command line and the clock say."""
    if answer.reply is None or answer.outcome or answer.en or answer.zh:
        en, zh = (
            "--reply FILE says all of it; give no --outcome, --en or --zh.",
            "--reply 已含全部内容，不得再填其他项。",
        )
        raise Stop(USAGE, "usage", en, zh)
    given = read(answer.reply)
    try:
        if given.media_type == JSON:
            reply = REPLY.decode_json(_completed(given, agency, message_id))
        else:
            reply = REPLY.decode_xml(given.body)
    except Rejected as refusal:
        raise rejected(refusal, given.name) from refusal
    if (reply.agency_code, reply.message_id) != (agency, message_id):
        en = f"{given.name} answers {reply.message_id} for {reply.agency_code}, and not {message_id} for {agency}."
        zh = f"{given.name} 为 {reply.agency_code} 对 {reply.message_id} 的答复，与所填部门和报文编号不符。"
        raise Stop(USAGE, "reply-of-another", en, zh)
    return reply


def _completed(given: Given, agency: str, message_id: str) -> bytes:
    try:
        members = msgspec.json.decode(given.body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return given.body  # the codec says what is wrong with it
    if not isinstance(members, dict):
        return given.body
    own = {
        "MessageID": message_id,
        "AgencyCode": agency,
        "AgencyReferenceID": agency_reference(agency, message_id),
        "DecisionDateTime": datetime.now(UTC),
    }
    return msgspec.json.encode(own | members)


def shown_token(file: Path | None) -> str:
    """What --token-file holds. Raises Stop where that is no token."""
    try:
        return read_token("--token-file", file)
    except BadConfig as bad:
        raise not_taken(bad) from bad


@contextmanager
def naming_token_file() -> Iterator[None]:
    """Where the gateway asks for a token, the option is named."""
    try:
        yield
    except Stop as stop:
        if stop.code != "unauthenticated":
            raise
        en, zh = (
            "Name the file that holds the agency's token: --token-file.",
            "请用 --token-file 指定该部门的令牌文件。",
        )
        raise Stop(stop.status, stop.code, f"{stop.en} {en}", f"{stop.zh}{zh}", problem=stop.problem) from stop
