"""Pointers into an agency's message: XPath over local names, counted from 1."""


def item_pointer(root: str, index: int) -> str:
    """The pointer to a goods item; root: the message's root element, index: 1 for the first."""
    return f"/{root}/GoodsShipment/GovernmentAgencyGoodsItem[{index}]"
