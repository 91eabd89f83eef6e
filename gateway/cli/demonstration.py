"""What the demonstration does, step by step, and what it shows of it. Nothing is staged: every figure is measured."""

import asyncio
import sys
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from shutil import which
from typing import Final

from rich.live import Live
from rich.table import Table
from rich.text import Text

from ...agencies.registry import installed
from ...codecs import DECLARATION, RESPONSE
from ...codecs.causes import cause
from ...codecs.certificates import subject
from ...codecs.finding import Rejected
from ...codecs.finding import Text as Words
from ...codecs.keys import GATEWAY, key_files, load_trust
from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.declaration import Declaration
from ..api import Limits
from ..config import KEY_FOLDER, AgencyConfig, Config, GatewayConfig, StoreConfig
from ..sample import sample
from ..server import serve
from ..status import Status
from ..window import Window
from .agencies_view import LiveCase, agencies_table, duration, lanes
from .client import Client, Taken
from .console import grid as new_grid
from .console import stdout
from .console import table as new_table
from .document import JSON, XML, Given
from .ending import NO, Stop, rejected
from .language import label
from .moments import moment
from .proof import about, answering, prove, shortened
from .proof_view import show_checks, show_verdict
from .response_view import show_response
from .saving import save
from .terms import both

DELAY_SECONDS: Final = (1.1, 0.7, 0.9, 1.4)
"""How long the reference agencies are made to take, so that they can be watched."""

SHOWN_ITEM_COUNT_MAX: Final = 6

DECIDED_SECONDS_MAX: Final = 60.0

NEXT: Final = (
    ("onewindow demo --items 12", "goods that two agencies want to see 联合查验"),
    ("onewindow demo --keep FOLDER", "keep the documents 保存文件"),
    ("onewindow serve", "a gateway of your own 启动网关"),
    ("onewindow sample | onewindow submit -", "a declaration through it 提交申报单"),
    ("onewindow --help", "everything else 其他"),
)


class Demonstration:
    """One run: a gateway in `folder`, one declaration, its response."""

    def __init__(self, folder: Path, items: int, type_code: DeclarationType, keep: Path | None) -> None:
        self._items = items
        self._type = type_code
        self._keep = keep
        self._console = stdout()
        self._authority = key_files(folder / KEY_FOLDER).authority_certificate
        self._delays = dict(zip(installed(), cycle(DELAY_SECONDS), strict=False))
        self._config = Config(
            gateway=GatewayConfig(port=0),
            store=StoreConfig(url=f"sqlite:///{folder / 'onewindow.db'}"),
            agencies={code: AgencyConfig(delay=delay) for code, delay in self._delays.items()},
        )

    async def run(self) -> None:
        """Show it all. Raises Stop where anything is not as it has to be, KeyboardInterrupt on Ctrl-C."""
        self._console.print(
            Text.assemble(("onewindow", "term"), "  ", label("one window for a trade declaration 单一窗口"))
        )
        window = await Window.open(self._config)
        stop = asyncio.Event()
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        limits = Limits(drain_seconds=0)
        host = self._config.gateway.host
        serving = asyncio.create_task(serve(window, host, 0, on_ready=ready.set_result, limits=limits, stop=stop))
        showing = asyncio.create_task(self._show(ready))
        interrupted = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((showing, serving, interrupted), return_when=asyncio.FIRST_COMPLETED)
            if showing.done():
                await showing
            elif not serving.done():
                raise KeyboardInterrupt
        finally:
            for task in (showing, interrupted):
                task.cancel()
            await asyncio.wait((showing, interrupted))
            stop.set()
            await serving

    async def _show(self, ready: asyncio.Future[str]) -> None:
        url = await ready
        self._title("A gateway starts", "启动网关")
        takes = ", ".join(f"{code} {delay} s" for code, delay in self._delays.items())
        grid = self._grid()
        grid.add_row(label("Address 地址"), url)
        grid.add_row(label("Store 存储"), "SQLite in a temporary folder, gone afterwards")
        grid.add_row(label("Keys 密钥"), "an authority's and a gateway's, made just now")
        grid.add_row(label("Agencies 部门"), f"reference rules, slowed down so that you can watch: {takes}")
        self._console.print(grid)
        now = datetime.now(UTC)
        declaration = sample(self._items, self._type, f"DEMO-{now:%Y%m%d-%H%M%S}", now)
        given = Given("the declaration", DECLARATION.encode_xml(declaration), XML)
        self._show_declaration(declaration, given)
        async with Client(url) as client:
            begun = datetime.now(UTC)
            taken = await client.submit(given)
            until_receipt = (datetime.now(UTC) - begun).total_seconds()
            self._show_receipt(taken, until_receipt)
            status = await self._watch(client, taken)
            document = await client.response(taken.receipt.id)
        self._show_times(status, begun)
        self._title("One answer, signed", "统一出件")
        show_response(self._console, RESPONSE.decode_xml(document))
        self._show_proof(given, taken, document)
        if self._keep is not None:
            self._save(self._keep, given, taken, document)
        self._show_next()

    def _title(self, english: str, chinese: str) -> None:
        self._console.print()
        self._console.rule(both(Words(english, chinese), "bold cyan"), align="left", style="quiet")

    def _say(self, words: str, style: str = "") -> None:
        self._console.print(words, style=style, markup=False)

    def _show_declaration(self, declaration: Declaration, given: Given) -> None:
        importing = declaration.type_code is DeclarationType.IM
        kind = label("import 进口") if importing else label("export 出口")
        count = declaration.goods_item_quantity
        total = declaration.invoice_amount
        self._title("One declaration, submitted once", "一次申报")
        self._say(
            f"{declaration.functional_reference_id}: {kind}, {total.value:,.2f} {total.currency_id.value}, "
            f"{len(given.body) / 1000:.1f} kB of XML"
        )
        self._console.print()
        table = new_table()
        table.add_column("Item\n项", justify="right")
        table.add_column("Goods\n商品", ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column("HS code\n商品编码", no_wrap=True)
        table.add_column("Origin\n原产地", no_wrap=True)
        table.add_column("Price\n价格", justify="right", no_wrap=True)
        for item in declaration.goods_shipment.government_agency_goods_item[:SHOWN_ITEM_COUNT_MAX]:
            charge = item.commodity.invoice_line.item_charge_amount
            table.add_row(
                str(item.sequence_numeric),
                item.commodity.description,
                item.commodity.classification[0].id,
                item.origin.country_code.value,
                f"{charge.value:,.2f} {charge.currency_id.value}",
            )
        self._console.print(table)
        if count > SHOWN_ITEM_COUNT_MAX:
            self._say(f"... {label('and more items: 其余商品从略：')} {count - SHOWN_ITEM_COUNT_MAX}", "quiet")

    def _show_receipt(self, taken: Taken, seconds: float) -> None:
        receipt = taken.receipt
        self._title("A receipt: the gateway's promise", "受理回执")
        grid = self._grid()
        grid.add_row(label("After 用时"), f"{duration(seconds)}: read, checked, on disk, receipt signed")
        grid.add_row(label("Case 办件"), receipt.id)
        grid.add_row(label("Accepted 受理时间"), moment(receipt.received_at))
        grid.add_row(label("Digest 摘要值"), shortened(receipt.digest))
        self._console.print(grid)

    async def _watch(self, client: Client, taken: Taken) -> Status:
        """The agencies at work, live where there is a terminal; the final status."""
        self._title("The agencies, all at once", "并联审批")
        case_id = taken.receipt.id
        try:
            async with asyncio.timeout(DECIDED_SECONDS_MAX):
                if self._console.is_terminal:
                    await self._watch_live(client, case_id)
                else:
                    async for _ in client.events(case_id):
                        pass
        except TimeoutError:
            raise Stop(
                NO, "not-decided", f"There is no response after {DECIDED_SECONDS_MAX:.0f} s.", "未按时出件。"
            ) from None
        status, _ = await client.status(case_id)
        if not self._console.is_terminal:
            self._console.print(agencies_table(lanes(status), status.elapsed_seconds))
        return status

    async def _watch_live(self, client: Client, case_id: str) -> None:
        view = LiveCase(max(self._delays.values()))
        status, _ = await client.status(case_id)
        view.see(status)
        with Live(view, console=self._console, refresh_per_second=15):
            async for _ in client.events(case_id):
                status, _ = await client.status(case_id)
                view.see(status)

    def _show_times(self, status: Status, begun: datetime) -> None:
        """One after another, side by side, and what the machine took: from the first byte sent to the decision."""
        taken = [agency.elapsed_seconds or 0.0 for agency in status.agencies]
        total = ((status.decided_at or status.received_at) - begun).total_seconds()
        longest = max(self._delays[agency.code] for agency in status.agencies)
        grid = self._grid()
        grid.add_row(label("One after another 串联"), duration(sum(taken)), "the agencies' times added up")
        grid.add_row(label("Side by side 并联"), duration(total), "from the first byte sent to the decision")
        grid.add_row(
            label("The window itself 网关自身"),
            duration(total - longest),
            f"all but the slowest one's {longest} s (cold start)",
        )
        self._console.print()
        self._console.print(grid)

    def _grid(self) -> Table:
        grid = new_grid(padding=(0, 2))
        grid.add_column(style="quiet", no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_column(style="quiet")
        return grid

    def _show_proof(self, given: Given, taken: Taken, document: bytes) -> None:
        self._title("Verified offline, by whoever has the authority's certificate", "验签")
        now = datetime.now(UTC)
        try:
            trust, holder = load_trust(self._authority), subject(GATEWAY)
            promise = prove(Given("the receipt", taken.body, JSON), trust, now, holder)
            proof = prove(Given("the response", document, XML), trust, now, holder)
            proof = about(answering(proof, promise), given.body)
        except Rejected as refusal:
            raise rejected(refusal, "the response") from None
        show_checks(self._console, proof)
        show_verdict(self._console, proof)

    def _save(self, folder: Path, given: Given, taken: Taken, document: bytes) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = cause(error)
            words = (f"{folder} can't be made: {why.en}.", f"无法创建 {folder}：{why.zh}。")
            raise Stop(NO, "not-written", *words) from error
        save(folder / "declaration.xml", given.body, label("Declaration 申报单"))
        save(folder / "receipt.json", taken.body, label("Receipt 受理回执"))
        save(folder / "response.xml", document, label("Response 统一出件"))
        save(folder / "authority.crt.pem", self._authority.read_bytes(), label("Authority 签发机构"))
        command = f"onewindow verify {folder / 'response.xml'} --trust {folder / 'authority.crt.pem'}"
        self._console.print(f"{label('Verify 验签')}  {command}", style="quiet", markup=False, soft_wrap=True)

    def _show_next(self) -> None:
        self._title("What next", "下一步")
        grid = new_grid(padding=(0, 2))
        grid.add_column(style="term", no_wrap=True)
        grid.add_column(style="quiet")
        if which("onewindow") is None:
            folder = Path(sys.executable).parent
            shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
            grid.add_row(f". {shown / 'activate'}", label("puts onewindow on your path 加入路径"))
        for command, does in NEXT:
            grid.add_row(command, label(does))
        self._console.print(grid)
