"""`onewindow webhook` against a gateway in a process of its own."""

from collections.abc import Iterator

import pytest
from support.command_line import Run
from support.gateway_process import GatewayProcess, free_port


@pytest.fixture
def webhook(run: Run, gateway: GatewayProcess) -> Iterator[str]:
    """The id of a webhook at which nobody listens."""
    url = f"http://127.0.0.1:{free_port()}/hook"
    made = run("webhook", "add", url, "--event", "decided", "--event", "accepted", "--url", gateway.url, "--json")
    assert 0 == made.status
    yield str(made.json["id"])
    run("webhook", "remove", made.json["id"], "--url", gateway.url)


def test_add(run: Run, gateway: GatewayProcess) -> None:
    """A webhook is made, and its secret is shown with the advice to keep it."""
    ended = run("webhook", "add", "http://127.0.0.1:9/", "--declarant", "D", "--url", gateway.url)
    name = ended.out.split("推送订阅  ")[1].split()[0]
    listed = run("webhook", "list", "--url", gateway.url)
    removed = run("webhook", "remove", name, "--url", gateway.url)
    assert (0, 0, 0) == (ended.status, listed.status, removed.status)
    assert "Secret 密钥       whsec_" in ended.out
    assert "not shown again" in ended.out
    assert name in listed.out
    assert (False, True) == ("whsec_" in listed.out, "up to date 已同步" in listed.out)


def test_add_where_it_may_not_lead(run: Run, gateway: GatewayProcess) -> None:
    """A webhook that may not lead where it should is a no, with the reason."""
    ended = run("webhook", "add", "http://10.0.0.1/", "--url", gateway.url)
    assert (1, "") == (ended.status, ended.out)
    assert "loopback addresses only" in ended.err


def test_list_as_json(run: Run, gateway: GatewayProcess, webhook: str) -> None:
    """The list is one JSON document with --json."""
    listed = run("webhook", "list", "--url", gateway.url, "--json")
    assert webhook in [each["id"] for each in listed.json["webhooks"]]
    (own,) = [each for each in listed.json["webhooks"] if each["id"] == webhook]
    assert (["decided", "accepted"], 0) == (own["events"], own["failures"])


def test_resend(run: Run, gateway: GatewayProcess, webhook: str) -> None:
    """A webhook is sent back to a cursor; to one that is none it is not."""
    sent = run("webhook", "resend", webhook, "--after", "0-0", "--url", gateway.url, "--json")
    shown = run("webhook", "resend", webhook, "--after", "0-0", "--url", gateway.url)
    wrong = run("webhook", "resend", webhook, "--after", "somewhere", "--url", gateway.url)
    assert (0, "0-0", 0, 2) == (sent.status, sent.json["cursor"], shown.status, wrong.status)
    assert "Sent again from 重新推送自  0-0" in shown.out
    assert "--after somewhere is no cursor" in wrong.err
    unknown = run("webhook", "resend", webhook, "--after", "999999-1", "--url", gateway.url)
    assert (1, True) == (unknown.status, unknown.err.startswith("cursor-unknown --after 999999-1: "))


def test_test(run: Run, gateway: GatewayProcess, webhook: str) -> None:
    """A test that is not taken is a no, with the reason in both languages."""
    shown = run("webhook", "test", webhook, "--url", gateway.url)
    told = run("webhook", "test", webhook, "--url", gateway.url, "--json")
    assert (1, 1, False) == (shown.status, told.status, told.json["delivered"])
    assert "connection refused 未接收：无法连接订阅方：连接被拒绝" in shown.out


def test_remove_what_is_not_there(run: Run, gateway: GatewayProcess) -> None:
    """A webhook that is not there can't be ended."""
    ended = run("webhook", "remove", "x/../y", "--url", gateway.url)
    assert (1, "") == (ended.status, ended.out)
    assert "not-found" in ended.err
