"""What no agency may take for a message: it is to be refused, so that nobody sends it again, and to leave no trace."""

from collections.abc import Iterator

from lxml import etree

from ...agencies.agency import AnyAgency
from ...codecs import DECLARATION, NOTICE
from .deliveries import not_its_own
from .probe import Came, Probe
from .specimen import Specimen
from .verdict import Verdict, broken, kept

_DOCTYPE = b'<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def rubbish(agency: AnyAgency, specimen: Specimen) -> Iterator[tuple[str, bytes]]:
    """What is sent, by the check's name; each is something that happens."""
    head, _, rest = specimen.body.partition(b"?>")
    yield "rubbish-empty", b""
    yield "rubbish-text", b"<html><body><h1>502 Bad Gateway</body>"
    half = specimen.body[: len(specimen.body) // 2].decode(errors="ignore")  # whole characters: a mailbox holds text
    yield "rubbish-cut-off", half.encode()
    yield "rubbish-doctype", head + b"?>" + _DOCTYPE + rest.replace(b"CHECK-", b"&b;", 1)
    foreign = NOTICE if agency.message.namespace != NOTICE.namespace else DECLARATION
    yield "rubbish-foreign", f'<{foreign.root} xmlns="{foreign.namespace}"/>'.encode()
    yield "rubbish-schema", _without_its_first(specimen.body)


def _without_its_first(body: bytes) -> bytes:
    """The message without the first element that its schema demands."""
    root = etree.fromstring(body)
    root.remove(root[0])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


async def refusals(agency: AnyAgency, probe: Probe, specimen: Specimen) -> list[Verdict]:
    """A verdict on each piece of rubbish, and on whether one of their ids can be used afterwards."""
    verdicts = []
    identifier = probe.fresh_id()
    for name, body in rubbish(agency, specimen):
        came = await probe.send(identifier if name == "rubbish-schema" else probe.fresh_id(), body)
        if came.came is Came.REFUSED:
            verdicts.append(kept(name, came.told(), came.told()))
        else:
            verdicts.append(broken(name, f"it was not refused: {came.told()}", f"未被拒收：{came.told()}"))
    wrong = not_its_own(agency, await probe.send(identifier, specimen.body))
    verdicts.append(kept("rubbish-no-trace") if wrong is None else broken("rubbish-no-trace", wrong, wrong))
    return verdicts
