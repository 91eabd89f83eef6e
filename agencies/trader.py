"""Who answers for the goods: the importer of an import, the exporter of an export."""

from typing import Protocol

from ..codecs.messages.codes import DeclarationType


class Named(Protocol):
    """A party with an identifier."""

    @property
    def id(self) -> str:
        """The unified social credit code, or a foreign identifier."""


class Traded(Protocol):
    """A message that names the parties."""

    @property
    def type_code(self) -> DeclarationType:
        """Import or export."""

    @property
    def declarant(self) -> Named:
        """Who declares."""

    @property
    def exporter(self) -> Named | None:
        """Who sends the goods."""

    @property
    def importer(self) -> Named | None:
        """Who receives the goods."""


def trader(root: str, message: Traded) -> tuple[str, str]:
    """Pointer to the trader's identifier, and the identifier; the declarant's where the trader is not named.

    root: the message's root element.
    """
    importing = message.type_code is DeclarationType.IM
    party = message.importer if importing else message.exporter
    if party is None:
        return f"/{root}/Declarant/ID", message.declarant.id
    return f"/{root}/{'Importer' if importing else 'Exporter'}/ID", party.id
