"""`onewindow submit --dry-run` against a gateway in a process of its own."""

from support.command_line import Run
from support.declarations import declaration, incomplete
from support.gateway_process import GatewayProcess


def test_what_would_become_of_it(run: Run, gateway: GatewayProcess) -> None:
    """It is shown who would be asked and what would come of it, that it binds nobody, and no case is there."""
    ended = run("submit", "-", "--dry-run", "--url", gateway.url, stdin=declaration("DRY-1", items=3))
    assert 0 == ended.status
    assert "nothing was stored or sent" in ended.out
    assert "Would be 预计结果  cleared" in ended.out
    assert "Value added tax 增值税*" in ended.out
    assert "provisional until all is settled" in ended.out
    assert "approved 同意" in next(line for line in ended.out.splitlines() if line.startswith("Customs"))


def test_what_is_asked_for(run: Run, gateway: GatewayProcess) -> None:
    """What an agency would ask for is shown with the place in the declaration."""
    ended = run("submit", "-", "--dry-run", "--url", gateway.url, stdin=incomplete("DRY-2"))
    assert 0 == ended.status
    assert "supplement required 需补正" in ended.out
    assert "customs  item 1" in ended.out


def test_as_json(run: Run, gateway: GatewayProcess) -> None:
    """With --json the gateway's own answer is standard output."""
    ended = run("submit", "-", "--dry-run", "--json", "--url", gateway.url, stdin=declaration("DRY-3"))
    assert (0, "DRY-3", "cleared") == (ended.status, ended.json["reference"], ended.json["outcome"])


def test_a_reference_in_use(run: Run, gateway: GatewayProcess) -> None:
    """A reference of another declaration is a no, and one of this very declaration is not; the case is named."""
    body = declaration("DRY-4")
    taken = run("submit", "-", "--json", "--url", gateway.url, stdin=body)
    again = run("submit", "-", "--dry-run", "--url", gateway.url, stdin=body)
    other = run("submit", "-", "--dry-run", "--url", gateway.url, stdin=body.replace(b"DEHAM", b"DEBRV"))
    assert (0, 1) == (again.status, other.status)
    assert taken.json["id"] in again.out
    assert "refused with 409" in other.out


def test_not_valid(run: Run, gateway: GatewayProcess) -> None:
    """A declaration that is not valid is a no, with its findings."""
    body = declaration("DRY-5").replace(b"<GoodsItemQuantity>1<", b"<GoodsItemQuantity>2<")
    ended = run("submit", "-", "--dry-run", "--url", gateway.url, stdin=body)
    assert (1, "") == (ended.status, ended.out)
    assert "item-count" in ended.err
