"""`onewindow fsck`: proof that the store holds what was promised."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter
from msgspec import Struct

from .ending import DONE, NO, UNREACHABLE, USAGE, Stop, unusable_keys
from .options import Json

if TYPE_CHECKING:
    from ...agencies.ledger import Entry, SqliteLedger
    from ...codecs.certificates import Trust
    from ..config import Config
    from ..fsck import Report
    from ..store.chain import Head


RECEIPT_BYTES_MAX: Final = 64 * 1024
"""Of one line of a file of receipts: what is longer is none."""


def fsck(
    *,
    config: Path | None = None,
    receipts: Path | None = None,
    ledger: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    head: str | None = None,
    as_json: Json = False,
) -> int:
    """Go through the store and hold every case against its journal, its documents and their signatures.

    逐件核对办件、日志、文件与签名。

    :param config: The gateway's configuration file. 配置文件
    :param receipts: Receipts that clients hold, one JSON document a line: each has to have its case. 各方持有的受理回执
    :param ledger: CODE=FILE, what an agency says it took, beside the ledgers that the configuration names. 部门台账
    :param head: The head that an earlier run printed, NUMBER:DIGEST, beside the note with the keys. 此前打印的日志头
    :param as_json: The report as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from .log import log_to_stderr
    from .starting import configured

    log_to_stderr("error")  # standard output is the report's
    settings = configured(config)
    file = settings.store.path
    if not file.exists():
        raise Stop(USAGE, "no-store", f"There is no store at {file}.", f"{file} 处没有存储。")
    heads = _heads(settings, head)
    _check_is_store(settings, heads)
    report = asyncio.run(_check(settings, receipts, _ledger_files(settings, ledger), heads))
    _tell(report, as_json=as_json)
    return DONE if report.sound else NO


def _ledger_files(settings: Config, given: tuple[str, ...]) -> dict[str, Path]:
    files = {code: own.ledger for code, own in settings.agencies.items() if own.ledger is not None}
    for each in given:
        code, equals, file = each.partition("=")
        if not (code and equals and file):
            raise Stop(USAGE, "ledger", f"--ledger {each}: write CODE=FILE.", f"--ledger {each}：应写作“代码=文件”。")
        files[code] = Path(file)
    for kept in files.values():
        if not kept.exists():
            raise Stop(USAGE, "no-ledger", f"There is no ledger at {kept}.", f"{kept} 处没有台账。")
    return files


def _check_is_store(settings: Config, heads: list[Head]) -> None:
    """Raises Stop where the file holds no store: to open it would make one of it, over what may still be saved."""
    from ..store import StoreUnavailable, UnsafeStore
    from ..store.peek import peek

    file = settings.store.path
    try:
        if peek(file) is not None:
            return
    except (StoreUnavailable, UnsafeStore) as error:
        raise _store(error) from None
    newest = max((head.number for head in heads), default=0)
    en, zh = f"{file} holds no store", f"{file} 中没有存储"
    if newest:
        en, zh = f"{en}, and {newest} entries are known to have been in one", f"{zh}，而已知曾有 {newest} 条条目"
    raise Stop(NO, "store-empty", f"{en}.", f"{zh}。")


def _heads(settings: Config, given: str | None) -> list[Head]:
    """What is known of the store from outside of it."""
    from ..store.chain import Head
    from ..store.head_file import noted

    heads = []
    if given is not None:
        try:
            heads.append(Head.read(given))
        except ValueError as error:
            raise Stop(
                USAGE,
                "head",
                f"--head {given}: {error}.",
                f"--head {given}：应为条目编号、半角冒号和 64 位十六进制摘要。",
            ) from None
    note = noted(settings.head_file)
    if note is not None and note.head is not None:
        heads.append(note.head)
    return heads


async def _check(settings: Config, receipts: Path | None, ledgers: dict[str, Path], heads: list[Head]) -> Report:
    from ..fsck import check
    from ..store import StoreUnavailable, UnsafeStore, open_store
    from ..store.document_folder import DocumentFolder
    from ..store.ledger_files import open_ledger

    trust = _trust(settings)
    held = None if receipts is None else list(_receipts(receipts))
    opened: dict[str, SqliteLedger] = {}
    try:
        store = await open_store(settings.store.url)
    except (StoreUnavailable, UnsafeStore) as error:
        raise _store(error) from None
    try:
        for code, file in ledgers.items():
            with _naming(file):
                opened[code] = open_ledger(file)
        taken = {code: _entries(ledger, ledgers[code]) for code, ledger in opened.items()} or None
        folder = DocumentFolder(settings.documents_folder)
        return await check(store, trust=trust, receipts=held, ledgers=taken, folder=folder, heads=heads)
    except StoreUnavailable as error:
        raise _store(error) from None
    finally:
        for ledger in opened.values():
            ledger.close()
        await store.close()


def _entries(ledger: SqliteLedger, file: Path) -> Iterator[Entry]:
    from ..store.ledger_files import entries

    with _naming(file):
        yield from entries(ledger)


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """Raises Stop (`not-a-ledger`) with the file's name where it turns out to be none."""
    from ..store.ledger_files import NotALedger

    try:
        yield
    except NotALedger as error:
        en, zh = f"{file} is no agency's ledger: {error}.", f"{file} 不是部门台账，详见英文说明。"
        raise Stop(USAGE, "not-a-ledger", en, zh) from error


def _store(error: Exception) -> Stop:
    return Stop(UNREACHABLE, "store-unavailable", f"The store can't be read: {error}.", "存储无法读取。")


def _trust(settings: Config) -> Trust:
    from ...codecs.finding import Rejected
    from ...codecs.keys import key_files, load_trust
    from ..config import KEY_FOLDER

    keys = settings.keys
    development = key_files(settings.store.path.parent / KEY_FOLDER).authority_certificate
    try:
        return load_trust(keys.trust or development)
    except Rejected as refusal:
        raise unusable_keys(refusal) from None


def _receipts(file: Path) -> Iterator[tuple[str, str]]:
    """Case id and digest of each receipt. Raises Stop where a line is not one."""
    from .document import opened

    with opened(file) as lines:
        for number, line in enumerate(iter(lambda: lines.readline(RECEIPT_BYTES_MAX + 1), b""), start=1):
            if line.strip():
                yield _receipt(line, f"{file}:{number}")


class _Promise(Struct, frozen=True):
    id: str
    digest: str


def _receipt(line: bytes, place: str) -> tuple[str, str]:
    import msgspec

    try:
        if len(line) > RECEIPT_BYTES_MAX:
            raise ValueError(f"the line has more than {RECEIPT_BYTES_MAX} bytes")
        promise = msgspec.json.decode(line, type=_Promise)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        words = f"{place}: this is not a receipt ({error})."
        raise Stop(USAGE, "not-a-receipt", words, f"{place}：不是受理回执。") from error
    return promise.id, promise.digest


def _unknown(number: int, noted: int) -> tuple[str, str]:
    """What a sound report leaves open where no head tells of the newest entry."""
    known = f" It holds what was noted up to entry {noted}." if noted else ""
    return (
        f"Whether entries after {number} were cut off: that shows against a head kept outside of the store.{known}"
        " Keep the one above, and give it with --head next time.",
        f"第 {number} 条之后是否另有条目被截去，须与库外留存的日志头核对。请留存上列日志头，下次以 --head 给出。",
    )


def _tell(report: Report, *, as_json: bool) -> None:
    import msgspec

    from .console import stdout, write_json
    from .language import label, said
    from .paragraph import show_paragraph

    if as_json:
        write_json(msgspec.json.encode({"sound": report.sound, **msgspec.to_builtins(report)}))
        return
    console = stdout()
    if report.problems:
        for problem in report.problems:
            show_paragraph(console, problem.case_id, problem.message.en, problem.message.zh)
        console.print()
    en = f"received {report.received} = decided {report.decided} + open {report.open}"
    zh = f"受理 {report.received} = 办结 {report.decided} + 在办 {report.open}"
    console.print(said(en, zh, "\n"), markup=False)
    if report.on_file:
        console.print(f"{label('documents on file 存档单证')}  {report.on_file}", markup=False)
    number = int(report.head.partition(":")[0])
    console.print(f"{label('entries 条目')}  {number}", markup=False)
    console.print(f"{label('head 日志头')}  {report.head}", markup=False, soft_wrap=True)
    if report.sound and report.noted and report.noted >= number:
        console.print(label("Nothing lost, nothing changed 核对无误"), style="good")
    elif report.sound:
        console.print(label("Nothing changed, and no gaps 未见改动或缺号"), style="good")
        show_paragraph(console, label("What this can't tell 未能核实"), *_unknown(number, report.noted))
    else:
        console.print(f"{label('Problems 问题')}  {report.problem_count}", style="bad")
