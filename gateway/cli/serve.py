"""`onewindow serve`: the gateway."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE, NO, Stop, unusable_keys
from .language import label, spoken

if TYPE_CHECKING:
    from ..config import Config


def serve(
    *,
    config: Path | None = None,
    host: str | None = None,
    port: Annotated[int | None, Parameter(validator=Number(gte=0, lte=65535))] = None,
    workers: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    new_store: Annotated[bool, Parameter(negative=())] = False,
    new_keys: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Run the gateway until it is told to stop (Ctrl-C or SIGTERM); then it ends what is in hand.

    Without keys in the configuration it makes development keys beside the store and says so.
    启动网关，直至按 Ctrl-C 或收到 SIGTERM。未配置密钥时，在存储旁生成开发密钥。

    :param config: A TOML file; every key also is an ONEWINDOW_SECTION_KEY variable. 配置文件（TOML）
    :param host: The address to listen at. 监听地址
    :param port: The port to listen at; 0 takes any free one. 监听端口，0 为任意空闲端口
    :param workers: Processes; 1 in this release. 进程数，本版本为 1
    :param new_store: Go on with the store as it is, though the keys know another, or more of it. 按现有存储继续
    :param new_keys: Sign with other keys than those that signed what is in the store. 改用新密钥签名
    """
    from .log import log_to_stderr
    from .starting import configured

    given = {
        "gateway.host": ("--host", host),
        "gateway.port": ("--port", port),
        "gateway.workers": ("--workers", workers),
    }
    settings = configured(config, {key: option for key, option in given.items() if option[1] is not None})
    log_to_stderr("info")
    _run(settings, new_store=new_store, new_keys=new_keys)
    return DONE


def _run(settings: Config, *, new_store: bool, new_keys: bool) -> None:
    from ...agencies.registry import UnusableAgency
    from ...codecs.finding import Rejected
    from ..config import BadConfig
    from ..server import FOLDER_MISSING as MISSING
    from ..server import run
    from ..store import StoreUnavailable, UnsafeStore
    from .starting import not_taken, unusable

    gateway = settings.gateway
    try:
        run(settings, on_ready=lambda url: _begun(url, settings), new_store=new_store, new_keys=new_keys)
    except Rejected as refusal:
        raise unusable_keys(refusal) from None
    except BadConfig as bad:
        raise not_taken(bad) from bad
    except UnusableAgency as error:
        raise unusable(error) from error
    except UnsafeStore as error:
        url, folder = settings.store.url, settings.store.path.parent
        zh = f"文件夹 {folder} 不存在，请先创建，或更正 [store] url" if error.code == MISSING else "存储不可用"
        raise Stop(NO, error.code, f"{url}: {error.detail}.", f"{url}：{zh}。") from error
    except StoreUnavailable as error:
        url = settings.store.url
        raise Stop(NO, "store-unavailable", f"{url}: {error}.", f"{url}：存储暂时无法读写。") from error
    except OSError as error:
        raise _no_address(error, f"{gateway.host}:{gateway.port}") from error


def _no_address(error: OSError, address: str) -> Stop:
    from errno import EADDRINUSE

    from ...codecs.causes import cause

    why = cause(error)
    en, zh = f"Can't listen at {address}: {why.en}.", f"无法监听 {address}：{why.zh}。"
    if error.errno == EADDRINUSE:
        en += " Another program listens there; choose another port with --port (0 takes any free one)."
        zh += "该端口已有程序在监听，请用 --port 另选端口（0 为任意空闲端口）。"
    return Stop(NO, "no-address", en, zh)


def _begun(url: str, settings: Config) -> None:
    import gc

    gc.freeze()  # what is there now stays: to look through it for garbage, as large documents cause, takes too long
    _welcome(url, settings)


def _welcome(url: str, settings: Config) -> None:
    """What a person at a terminal wants to know; whoever collects the log has it there."""
    from rich.text import Text

    from ...codecs.keys import key_files
    from ..config import KEY_FOLDER
    from .console import stderr

    if not stderr().is_terminal:
        return
    folder = settings.store.path.parent.absolute()
    trust = settings.keys.trust or key_files(folder / KEY_FOLDER).authority_certificate
    stderr().print(Text.assemble(("onewindow", "term"), " at ", (url, "good"), "" if not spoken()[1] else "  启动完成"))
    if settings.gateway.test_mode:
        stderr().print(
            label("test mode: TEST- references say what agencies are to do 测试模式"), style="mixed", soft_wrap=True
        )
    for line in (
        f"{label('store 存储')}    {folder / settings.store.path.name}",
        f"{label('trust 信任')}    {trust.absolute()}  (verify --trust)",
        f"{label('try 试用')}      onewindow sample | onewindow submit - --url {url}",
        label("Ctrl-C stops 停止"),
    ):
        stderr().print(line, style="quiet", markup=False, soft_wrap=True)
