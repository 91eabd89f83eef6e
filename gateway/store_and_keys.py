"""Store and keys are two halves of one gateway: neither begins anew beside the other without a word from its operator.

An empty store beside keys that have signed, or new keys beside a store full of what others signed, look like a start
like any other, and whoever holds a receipt from before learns of it when it is too late. So the store has the
fingerprint of the authority by which it was signed, and with the keys lies a note of the store: see `store.head_file`.
"""

from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from ..codecs.certificates import Trust, trusted
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.keys import Signer
from .config import Config
from .store.head_file import Noted, noted
from .store.peek import Peek, peek

log = structlog.get_logger("onewindow.store")

_PUT_BACK: Final = Text(
    "Put all of its files back (also -wal), or start with --new-store to go on with what is here.",
    "请还原存储的全部文件（含 -wal），或以 --new-store 启动，按现有存储继续。",
)


def authority_of(signer: Signer, trust: Trust) -> str:
    """The fingerprint of the authority that issued the gateway's certificate."""
    return _fingerprint(trusted(signer.certificate.public_bytes(Encoding.DER), trust).authority)


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex()


def check_store(config: Config, *, new_store: bool, new_keys: bool) -> Peek | None:
    """The store as it stands, before it is opened and before keys are made.

    Raises Rejected where it is not the one that the keys know (`store-new-beside-keys`, `store-another`,
    `store-behind`, `store-differs`) unless `new_store`, and where keys would be made beside a store with cases
    (`keys-new-beside-store`) unless `new_keys`; StoreUnavailable, UnsafeStore.
    """
    note = _noted(config.head_file)
    found = peek(config.store.path, note.head.number if note is not None and note.head is not None else 0)
    if note is not None and not new_store:
        _check_note(config, note, found)
    if found is not None and found.has_cases and not new_keys and config.makes_keys and not config.key_folder.exists():
        raise _refused("keys-new-beside-store", config.key_folder, _no_keys(config))
    return found


def check_keys(config: Config, found: Peek | None, trust: Trust) -> None:
    """Raises Rejected (`keys-another`) where nothing that the store has signed would be believed by this trust."""
    if found is None or found.authority is None or not found.has_cases:
        return
    if found.authority not in {_fingerprint(authority) for authority in trust.authorities}:
        raise _refused("keys-another", config.keys.trust or config.key_folder, _other_keys(config, found.authority))


def _noted(file: Path) -> Noted | None:
    try:
        return noted(file)
    except OSError as error:
        log.warning("the note of the store can't be read", file=str(file), error=error.strerror)
        return None


def _check_note(config: Config, note: Noted, found: Peek | None) -> None:
    file, store = config.head_file, config.store.path
    if found is None or (note.store != found.id and not found.has_cases):
        entries = "" if note.head is None else f" with {note.head.number} entries"
        raise _refused(
            "store-new-beside-keys",
            store,
            Text(
                f"There is no store here, or an empty one, and {file} knows of one{entries}. {_PUT_BACK.en}",
                f"此处没有存储或存储为空，而 {file} 载有既有存储。{_PUT_BACK.zh}",
            ),
        )
    if note.head is None:
        log.warning("the note of the store can't be read and is made anew", file=str(file))
    elif note.store != found.id:
        words = Text(
            f"This is not the store that {file} knows. {_PUT_BACK.en}", f"并非 {file} 所载的存储。{_PUT_BACK.zh}"
        )
        raise _refused("store-another", store, words)
    elif found.head.number < note.head.number:
        ends, known = found.head.number, note.head.number
        words = Text(
            f"The store ends at entry {ends}, and {file} knows of entry {known}: what came between is lost, or this is"
            f" an older copy. {_PUT_BACK.en}",
            f"存储止于第 {ends} 条，而 {file} 载有第 {known} 条：其间记录已丢失，或此为旧副本。{_PUT_BACK.zh}",
        )
        raise _refused("store-behind", store, words)
    elif note.head.number and found.at != note.head:
        words = Text(
            f"Entry {note.head.number} of the store is not the one that {file} knows. {_PUT_BACK.en}",
            f"存储的第 {note.head.number} 条与 {file} 所载不符。{_PUT_BACK.zh}",
        )
        raise _refused("store-differs", store, words)


def _no_keys(config: Config) -> Text:
    store = config.store.path
    return Text(
        f"The keys are not here, and {store} holds cases that they signed. Put the folder back, or start with"
        " --new-keys to sign with new ones: whoever trusts the former authority will not believe them.",
        f"此处没有密钥，而 {store} 中已有其签名的办件。请还原该文件夹；或以 --new-keys 启动并生成新密钥，"
        "但原签发机构证书将无法验证新的签名。",
    )


def _other_keys(config: Config, authority: str) -> Text:
    store, known = config.store.path, authority[:16]
    return Text(
        f"{store} holds cases signed under another authority ({known}…), which these keys do not trust: their"
        " signatures would not verify any more. Put the keys back, add that authority to [keys] trust, or start with"
        " --new-keys.",
        f"{store} 中的办件由另一签发机构（{known}…）签名，现有密钥不信任该机构，原签名将无法验证。"
        "请还原密钥，或将该机构加入 [keys] trust，或以 --new-keys 启动。",
    )


def _refused(code: str, file: Path, words: Text) -> Rejected:
    return Rejected("store", (Finding(code, str(file), words),))
