"""A person's answer to an agency's message, made into a reply and brought to the gateway."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ...agencies.decision import agency_reference
from ...codecs import REPLY
from ...codecs.messages.codes import LanguageCode, ReplyOutcome
from ...codecs.messages.common import Text
from ...codecs.messages.reply import Finding, Reply
from ..api.replies import ReplyTaken
from ..config import BadConfig
from ..transports import read_token
from .client import Client
from .console import stderr
from .ending import DONE, USAGE, Stop
from .starting import not_taken
from .terms import CASES, term


async def answer_by_hand(
    url: str,
    agency: str,
    message_id: str,
    outcome: str,
    words: tuple[str | None, str | None],
    token_file: Path | None = None,
) -> int:
    """Bring the reply, say that it was taken and where the case stood when it came; the command's exit status.

    Raises Stop (`reason-missing`) where an outcome other than `approved` comes without words.
    """
    if outcome != "approved" and not any(words):
        en, zh = "Say why: give --en, --zh or both.", "请说明理由：填写 --en、--zh 或两者。"
        raise Stop(USAGE, "reason-missing", en, zh)
    languages = (LanguageCode.EN, LanguageCode.ZH)
    texts = tuple(
        Text(value=said, language_id=language) for said, language in zip(words, languages, strict=True) if said
    )
    reply = Reply(
        message_id=message_id,
        agency_code=agency,
        agency_reference_id=agency_reference(agency, message_id),
        outcome_code=ReplyOutcome(outcome),
        decision_date_time=datetime.now(UTC),
        finding=(Finding(code=f"{agency}.officer", text=texts),) if texts else (),
    )
    try:
        body = REPLY.encode_xml(reply)
    except ValueError:
        en, zh = "A reply can't hold control characters.", "回执报文不能含有控制字符。"
        raise Stop(USAGE, "usage", en, zh) from None
    try:
        token = read_token("--token-file", token_file)
    except BadConfig as bad:
        raise not_taken(bad) from bad
    async with Client(url, token) as client:
        taken = msgspec.json.decode(await _brought(client, agency, body), type=ReplyTaken)
    stderr().print("Had it before 此前已接受" if taken.known else "Taken 已接受", f" {message_id}", soft_wrap=True)
    stands = term(CASES, taken.status)
    stderr().print(f"When it came 收到时  case 办件 {taken.case_id}:", stands.text(), soft_wrap=True)
    return DONE


async def _brought(client: Client, agency: str, reply: bytes) -> bytes:
    """What the gateway says to the reply. Raises Stop; where it asks for a token, it names the option."""
    try:
        return await client.reply(agency, reply)
    except Stop as stop:
        if stop.code != "unauthenticated":
            raise
        en, zh = (
            "Name the file that holds the agency's token: --token-file.",
            "请用 --token-file 指定该部门的令牌文件。",
        )
        raise Stop(stop.status, stop.code, f"{stop.en} {en}", f"{stop.zh}{zh}", problem=stop.problem) from stop
