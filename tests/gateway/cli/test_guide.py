"""`onewindow guide`: from a configuration, without a gateway, and from a gateway."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from support.command_line import Run
from support.gateway_process import GatewayProcess, free_port

from onewindow.agencies.registry import installed
from onewindow.gateway.cli.console import THEME
from onewindow.gateway.cli.guide_view import _span, show_guide, show_list
from onewindow.gateway.config import Config, ProcedureName
from onewindow.gateway.service_guide import guide_list, service_guide

CONFIGURED = """
[agencies.tax]
time_limit = "2d"
on_overdue = "deem-approved"
calendar = "china"

[calendars.china]
time_zone = "Asia/Shanghai"
hours = { mon-fri = ["09:00-12:00", "13:30-17:00"], sat = ["09:00-12:00"] }

[procedures.import]
after = { tax = ["customs"] }
documents = ["380"]
deferrable = ["861"]

[procedures.import.when.quality-inspection]
hs = ["01-24"]
"""


def written(folder: Path) -> Path:
    """A configuration file."""
    file = folder / "onewindow.toml"
    file.write_text(CONFIGURED, encoding="utf-8")
    return file


def test_the_list(run: Run) -> None:
    """Without a procedure both are listed, with class, time limit, agencies, and what the classes mean."""
    ended = run("guide")
    assert (0, "") == (ended.status, ended.err)
    for words in ("import 进口申报", "export 出口申报", "immediate 即办件", "40 min", "promised 承诺件  up to 20 d"):
        assert words in ended.out


def test_the_list_by_a_configuration(run: Run, tmp_path: Path) -> None:
    """A limit that counts in working time is listed as one, and only that."""
    without = run("guide").out
    assert "of working time" not in without
    assert 2 == run("guide", "--config", written(tmp_path)).out.count("of working time 工作时间")


def test_a_guide_by_the_defaults(run: Run) -> None:
    """A procedure's guide has its steps, documents, agencies, law and prohibited goods, in both languages."""
    ended = run("guide", "export")
    assert (0, "") == (ended.status, ended.err)
    for words in (
        "Export 出口申报",
        "2 Concurrent processing 并联审批",
        "quality-inspection  Quality inspection 质检  40 min",
        "4 Joint inspection 联合查验  where needed 如需",
        "customs always 必交",
        "No fee; duty by the tariff. 不收费；关税按税则征收。",
        "Customs Law of the PRC 《中华人民共和国海关法》",
        "customs.export.charcoal",
        "not HK, not MO, not TW",
    ):
        assert words in ended.out
    assert "customs.import." not in ended.out


def test_a_guide_by_a_configuration(run: Run, tmp_path: Path) -> None:
    """With --config the guide says what that configuration does."""
    ended = run("guide", "import", "--config", written(tmp_path))
    said = " ".join(ended.out.split())
    for words in (
        "promised 承诺件 up to 20 d of working time 工作时间20天以内",
        "2 d 30 min 2天30分钟 of each agency's working time 按各部门工作时间计",
        "3 Serial step 串联审批",
        "tax Tax 税务 2 d 2天 of working time 工作时间 after 前置 customs",
        "every declaration 所有申报单",
        "2 d of its working time, with a warning after",
        "工作时间内2天",
        "then deemed to have approved",
        "mon-fri 09:00-12:00, 13:30-17:00; sat 09:00-12:00 (Asia/Shanghai)",
        "周一至周五 09:00-12:00、13:30-17:00；周六 09:00-12:00（Asia/Shanghai）",
        "Asked 适用 HS code 01-24 商品编码 01-24",
    ):
        assert words in said
    later = {line[:3]: line.split()[-2:] for line in ended.out.splitlines() if line.startswith(("380", "861"))}
    assert {"380": ["no", "否"], "861": ["yes", "可"]} == later


def test_a_guide_as_json(run: Run, tmp_path: Path) -> None:
    """With --json the guide is one document, the one that a gateway with this configuration sends."""
    ended = run("guide", "import", "--config", written(tmp_path), "--json")
    assert (0, "") == (ended.status, ended.err)
    assert ("import", "promised", ["861"]) == (
        ended.json["procedure"],
        ended.json["class"]["code"],
        [each["type_code"] for each in ended.json["documents"]["deferrable"]],
    )
    assert ["import", "export"] == [each["procedure"] for each in run("guide", "--json").json["procedures"]]


def test_a_guide_of_a_gateway(
    run: Run, gateway: GatewayProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --url, or ONEWINDOW_URL, the guide is the gateway's own; --config stands above both."""
    by_option = run("guide", "import", "--json", "--url", gateway.url)
    listed = run("guide", "--url", gateway.url)
    monkeypatch.setenv("ONEWINDOW_URL", gateway.url)
    by_variable = run("guide", "import", "--json")
    own = run("guide", "import", "--json", "--config", written(tmp_path))
    assert (0, 0, 0) == (by_option.status, by_variable.status, listed.status)
    assert by_option.json == by_variable.json
    assert ("immediate", "promised") == (by_option.json["class"]["code"], own.json["class"]["code"])
    assert "import 进口申报" in listed.out


def test_no_gateway(run: Run) -> None:
    """A gateway that can't be reached is an exit status of its own, and nothing is made up."""
    ended = run("guide", "import", "--url", f"http://127.0.0.1:{free_port()}")
    assert (3, "") == (ended.status, ended.out)
    assert "can't be reached" in ended.err


def test_wrong_usage(run: Run, tmp_path: Path) -> None:
    """A procedure or a configuration that is none is wrong usage, with what is allowed."""
    unknown = run("guide", "transit")
    assert (2, "") == (unknown.status, unknown.out)
    assert "allowed is import or export" in unknown.err
    file = tmp_path / "onewindow.toml"
    file.write_text("[procedures.import.when.tax]\nhs = ['1']\n", encoding="utf-8")
    mistaken = run("guide", "import", "--config", file)
    assert (2, "") == (mistaken.status, mistaken.out)
    assert f'{file}: procedures.import.when.tax.hs: "1" is not allowed; allowed are HS codes' in mistaken.err


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", ["import", "export"])
def test_no_line_is_longer_than_the_terminal(name: ProcedureName, width: int) -> None:
    """The guide and the list fit terminals from sixty columns on."""
    console = Console(width=width, force_terminal=False, theme=THEME)
    with console.capture() as capture:
        show_guide(console, service_guide(name, Config(), installed()))
        show_list(console, guide_list(Config(), installed()))
    assert [] == [line for line in capture.get().splitlines() if cell_len(line.rstrip()) > width]


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (1200, "20 min", "20分钟"),
        (5400.0, "1 h 30 min", "1小时30分钟"),
        (86_401, "1 d 1 s", "1天1秒"),
        (0, "0 s", "0秒"),
    ],
)
def test_spans(seconds: float, en: str, zh: str) -> None:
    """A time limit is said in the largest units that say it exactly."""
    words = _span(seconds)
    assert (en, zh) == (words.en, words.zh)
