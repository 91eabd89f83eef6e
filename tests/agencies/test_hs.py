"""Looking goods up by HS code."""

from onewindow.agencies.hs import longest_heading

TABLE = {"22": "drinks", "2204": "wine", "22042100": "bottled wine"}


def test_longest_heading_decides() -> None:
    """The most exact entry that the code begins with wins over chapter and heading."""
    assert ["bottled wine", "wine", "drinks"] == [
        longest_heading(TABLE, code) for code in ("2204210000", "220429", "220300")
    ]


def test_goods_without_entry() -> None:
    """Goods of a chapter that the table does not have are not found."""
    assert None is longest_heading(TABLE, "010121")
