"""`onewindow keys`: development keys."""

from pathlib import Path

from cyclopts import App

from .ending import DONE, unusable_keys
from .language import label
from .options import Json

keys = App(name="keys", help="Make development keys. 密钥")


@keys.command
def init(folder: Path = Path("onewindow-keys"), /, *, as_json: Json = False) -> int:
    """Make keys and certificates for development: an authority's, a gateway's, a trader's. 生成开发用密钥和证书.

    Keys that are there already are never overwritten. The folder is readable by its owner only.
    生成开发用密钥和证书，已有的不覆盖。

    :param folder: A folder that does not exist yet. 尚不存在的文件夹
    :param as_json: The files as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from datetime import UTC, datetime

    import msgspec

    from ...codecs.finding import Rejected
    from ...codecs.keys import init as make
    from .console import stdout, write_json

    try:
        files = make(folder, datetime.now(UTC))
    except Rejected as refusal:
        raise unusable_keys(refusal) from None
    made = {name: str(getattr(files, name)) for name in files.__struct_fields__}
    if as_json:
        write_json(msgspec.json.encode(made))
        return DONE
    for name, file in made.items():
        stdout().print(f"{name.replace('_', ' '):<22} {file}", markup=False, soft_wrap=True)
    stdout().print(label("For development only: whoever can read the folder can sign. 仅供开发使用。"), style="quiet")
    return DONE
