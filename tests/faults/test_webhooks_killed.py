"""A gateway that is killed between deliveries: its subscribers miss nothing, and know what comes again."""

from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from support.declarations import declaration
from support.gateway_process import ClientLedger, GatewayProcess, gateway
from support.oracle import oracle
from support.subscriber import Subscriber

from onewindow.gateway.place import place_of

KILLED_AT = (1, 4, 10, 2)
"""At which delivery after each declaration the gateway is killed: there are ten at least."""


async def feed(client: aiohttp.ClientSession, url: str) -> list[Any]:
    """The whole feed."""
    entries: list[Any] = []
    after = "0-0"
    while True:
        async with client.get(f"{url}/v1/events", params={"after": after, "limit": 200}) as answer:
            page = await answer.json()
        entries += page["events"]
        after = page["next"]
        if not page["more"]:
            return entries


async def killed_at(process: GatewayProcess, subscriber: Subscriber, count: int, when: int) -> None:
    """Kill the gateway at this delivery: before it is answered, or when the answer is on its way."""
    killed = False

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal killed
        if len(subscriber.received) < count or killed:
            return web.Response(status=204)
        killed = True
        if when == 0:
            await process.kill()
            return web.Response(status=204)
        taken = web.StreamResponse(status=200)
        await taken.prepare(request)
        await taken.write_eof()
        await process.kill()
        return taken

    subscriber.answer = answer
    await subscriber.until(count)
    await process.ended()


async def test_subscribers_of_a_gateway_that_is_killed(tmp_path: Path) -> None:
    """Killed at delivery after delivery, the gateway still delivers each event, in order; repeats have their old id."""
    ledger = ClientLedger()
    subscriber = Subscriber()
    async with gateway(tmp_path) as process, subscriber.listening(), aiohttp.ClientSession() as client:
        process.start()
        await process.ready()
        async with client.post(f"{process.url}/v1/webhooks", json={"url": subscriber.url}) as answer:
            made = await answer.json()
            assert 201 == answer.status
        for number, count in enumerate(KILLED_AT):
            if not process.running:
                process.start()
                await process.ready()
            await ledger.submit(client, process.url, declaration(f"KILL-{number}"))
            await killed_at(process, subscriber, len(subscriber.received) + count, number % 2)
        subscriber.answer = Subscriber().answer
        process.start()
        await process.ready()
        await ledger.settled(client, process.url)
        expected = await feed(client, process.url)
        while len(subscriber.documents) < len(expected):
            await subscriber.until(len(subscriber.received) + 1)
        await process.terminate()
        await oracle(process, ledger)
    assert 10 * len(ledger.receipts) == len(expected)
    assert expected == subscriber.documents
    for each in subscriber.received:
        each.verify(made["secret"])
        assert each.id == f"{each.json['case_id']}-{each.json['sequence']}"
    places = [place_of(document["cursor"]) for document in subscriber.documents]
    assert sorted(places) == places
