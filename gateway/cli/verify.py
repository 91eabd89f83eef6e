"""`onewindow verify`: whether this is the gateway's word."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .ending import DONE, NO, USAGE, Stop, rejected
from .options import File, Json, in_utc

if TYPE_CHECKING:
    from cryptography import x509

    from ...codecs.certificates import Trust
    from .proof import Proof

AUTHORITY = Path("onewindow-keys") / "authority.crt.pem"
"""Where a gateway that made its own keys has its authority's certificate, from the folder of its store."""


def verify(
    file: File,
    /,
    *,
    receipt: File | None = None,
    declaration: File | None = None,
    trust: Annotated[Path | None, Parameter(env_var="ONEWINDOW_TRUST")] = None,
    signer: Annotated[str | None, Parameter(env_var="ONEWINDOW_SIGNER")] = None,
    at: datetime | None = None,
    as_json: Json = False,
) -> int:
    """Verify the signature of a response or a receipt; nothing is asked of anybody.

    Without --trust the authority's certificate is looked for in onewindow-keys/ in this folder, and beside the store
    that ONEWINDOW_STORE_URL names. One that merely lies beside the document is never believed: whoever forged the
    document could have put it there.
    离线验证统一出件或受理回执的签名。签发机构证书默认在当前文件夹和存储所在文件夹的 onewindow-keys/ 中查找。

    Exit status: 0 genuine; 1 not genuine; 2 wrong usage, or no certificate to go by.
    退出码：0 验签通过；1 未通过；2 用法有误或缺少签发机构证书。

    :param file: A response or a receipt, XML or JSON; - is standard input. 统一出件或受理回执
    :param receipt: The receipt that the response has to answer. 应与之一致的受理回执
    :param declaration: The declaration that it has to be about, byte for byte as it was sent. 所涉申报单原文
    :param trust: Certificates (PEM) of the authorities that are believed. 可信签发机构证书
    :param signer: The gateway's name in its certificate: the common name where that is all of it, or the whole
        subject, such as "CN=Single Window,O=Customs"; without it "onewindow gateway". 网关证书的名称
    :param at: Verify as of this time; now by default. 验签时点，默认为当前时间
    :param as_json: What was checked as one JSON document and nothing else. 以 JSON 输出
    """
    from ...codecs.finding import Rejected
    from .document import read
    from .proof import about, answering, prove

    now = datetime.now(UTC) if at is None else in_utc("--at", at)
    authority = trust or _found()
    believed = _trust(authority)
    holder = _holder(signer)
    given = read(file)
    try:
        proof = prove(given, believed, now, holder)
        if receipt is not None:
            given = read(receipt)
            proof = answering(proof, prove(given, believed, now, holder))
        if declaration is not None:
            proof = about(proof, read(declaration).body)
    except Rejected as refusal:
        raise rejected(refusal, given.name) from None
    except RecursionError:
        words = (f"{given.name}: it is nested too deeply.", f"{given.name}：嵌套过深。")
        raise Stop(NO, "not-well-formed", *words) from None
    _tell(proof, authority, as_json=as_json)
    return DONE


def _found() -> Path:
    """The authority's certificate in the places where it is by default. Raises Stop where it is in none."""
    import os

    from ..config import StoreConfig

    folders = [Path.cwd()]
    if "ONEWINDOW_STORE_URL" in os.environ:
        folders.append(StoreConfig(url=os.environ["ONEWINDOW_STORE_URL"]).path.parent.absolute())
    places = [folder / AUTHORITY for folder in dict.fromkeys(folders)]
    for place in places:
        if place.is_file():
            return place
    looked = [str(place) for place in places]
    raise Stop(
        USAGE,
        "certificate-missing",
        f"There is no authority's certificate at {' or '.join(looked)}. Name it with --trust FILE or ONEWINDOW_TRUST: "
        f"it is {AUTHORITY} in the folder of the gateway's store, and authority.crt.pem in that of `demo --keep`.",
        f"未找到签发机构证书：{'、'.join(looked)}。请用 --trust 或 ONEWINDOW_TRUST 指定；"
        f"它位于网关存储所在文件夹的 {AUTHORITY}，或 `demo --keep` 文件夹的 authority.crt.pem。",
    )


def _holder(name: str | None) -> x509.Name:
    """The subject that the gateway's certificate has to have. Raises Stop where the name is none."""
    from cryptography import x509

    from ...codecs.certificates import subject
    from ...codecs.keys import GATEWAY

    try:
        return (
            x509.Name.from_rfc4514_string(name) if name and "=" in name else subject(GATEWAY if name is None else name)
        )
    except ValueError:
        raise Stop(
            USAGE,
            "signer",
            f'--signer {name}: write the common name, or a whole subject such as "CN=Single Window,O=Customs".',
            f"--signer {name}：应为证书的通用名称，或完整的主体名称，如 CN=Single Window,O=Customs。",
        ) from None


def _trust(file: Path) -> Trust:
    from ...codecs.finding import Rejected
    from ...codecs.keys import load_trust

    try:
        return load_trust(file)
    except Rejected as refusal:
        en, zh = refusal.findings[0].message.en, refusal.findings[0].message.zh
        raise Stop(
            USAGE,
            refusal.findings[0].code,
            f"{file}: {en} Name the authority's certificate with --trust.",
            f"{file}：{zh}请用 --trust 指定签发机构证书。",
        ) from None


def _tell(proof: Proof, authority: Path, *, as_json: bool) -> None:
    import msgspec

    from .console import stdout, write_json
    from .proof_view import show_checks, show_identity, show_verdict

    if not as_json:
        show_checks(stdout(), proof)
        show_identity(stdout(), proof, authority)
        show_verdict(stdout(), proof)
        return
    write_json(
        msgspec.json.encode(
            {
                "verified": True,
                "kind": proof.kind,
                "id": proof.value.id,
                "reference": proof.value.functional_reference_id,
                "issued_at": proof.at,
                "signer": proof.signer.subject,
                "serial": f"{proof.signer.serial:x}",
                "digest": proof.digest,
                "checks": [{"check": check.what, "found": check.found} for check in proof.checks],
            }
        )
    )
