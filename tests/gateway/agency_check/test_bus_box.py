"""The place of a check on the bus, next to others' messages there."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.bad_agency_ways import bus_box
from support.nats_server import nats_server
from support.outgoing import message

from onewindow.agencies.nats import STREAM, subject
from onewindow.agencies.registry import installed
from onewindow.agencies.transport import HELD

TAX = installed()["tax"]
FIRST, OTHERS = message("tax"), message("tax", 7)


@pytest.mark.parametrize("body", [FIRST.body, b"<Other/>"])
async def test_deliveries_of_one_id(tmp_path: Path, body: bytes) -> None:
    """A message is laid there again, with whatever bytes, only when the agency has let go of it, and then it is."""
    async with nats_server(tmp_path) as server, bus_box(server, TAX) as (box, _):
        client = await server.client()
        pulled = await client.jetstream().pull_subscribe_bind(durable="tax", stream=STREAM)
        assert HELD is await box.deliver(FIRST)
        (fetched,) = await pulled.fetch(1, timeout=20)
        laying = asyncio.create_task(box.deliver(replace(FIRST, body=body, attempt=2)))
        await asyncio.wait([laying], timeout=0.2)
        assert (FIRST.body, False) == (fetched.data, laying.done())
        await fetched.ack()
        (fetched,) = await pulled.fetch(1, timeout=20)
        assert (body, HELD) == (fetched.data, await laying)
        await client.close()


async def test_clearing(tmp_path: Path) -> None:
    """What the check laid is taken out, leased or not; what somebody else laid stays, and so does its lease."""
    async with nats_server(tmp_path) as server:
        client = await server.client()
        async with bus_box(server, TAX) as (box, _):
            await client.jetstream().publish(subject(OTHERS.message_id), OTHERS.body)
            await box.deliver(FIRST)
            pulled = await client.jetstream().pull_subscribe_bind(durable="tax", stream=STREAM)
            leased = await pulled.fetch(2, timeout=20)
            await box.deliver(message("tax", 8))
        stream = client.jetstream()
        assert 1 == (await stream.stream_info(STREAM)).state.messages
        assert OTHERS.body == (await stream.get_msg(STREAM, subject=subject(OTHERS.message_id))).data
        await leased[0].ack_sync()
        assert 0 == (await stream.stream_info(STREAM)).state.messages
        await client.close()
