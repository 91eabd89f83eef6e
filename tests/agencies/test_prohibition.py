"""Prohibitions: which goods they forbid, and the customs table of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.answering import AGENCIES

from onewindow.agencies.prohibition import Prohibition, Prohibitions, flaws
from onewindow.codecs.finding import Text
from onewindow.codecs.messages.codes import CountryCode, DeclarationType

IVORY = Prohibition(
    rule="port-health.ivory",
    type_code=DeclarationType.IM,
    hs=("050710",),
    goods=Text("ivory", "象牙"),
    legal_basis=Text("CITES", "《公约》"),
)
SAND = replace(IVORY, rule="port-health.sand", type_code=DeclarationType.EX, hs=("2505",), countries=("!HK",))
PROHIBITIONS = AGENCIES["customs"].prohibitions


@pytest.mark.parametrize(
    ("type_code", "hs", "country", "rules"),
    [
        (DeclarationType.IM, "05071000", "ZA", ["port-health.ivory"]),
        (DeclarationType.EX, "05071000", "ZA", []),
        (DeclarationType.IM, "05079000", "ZA", []),
        (DeclarationType.EX, "250510", "JP", ["port-health.sand"]),
        (DeclarationType.EX, "250510", "HK", []),
    ],
)
def test_goods_are_forbidden(type_code: DeclarationType, hs: str, country: str, rules: list[str]) -> None:
    """Goods are forbidden by direction, by HS code, and by country where the rule names countries."""
    found = Prohibitions((IVORY, SAND)).forbidding(type_code, hs, country)
    assert rules == [prohibition.rule for prohibition in found]


@given(
    type_code=st.sampled_from(DeclarationType),
    hs=st.sampled_from([code for each in PROHIBITIONS for code in each.hs]).flatmap(
        lambda pattern: st.from_regex(pattern.partition("-")[0] + r"[0-9]{0,2}", fullmatch=True)
    )
    | st.from_regex(r"[0-9]{6}([0-9]{2}){0,2}", fullmatch=True),
    country=st.sampled_from(CountryCode),
)
def test_looking_up_by_chapter_finds_all(type_code: DeclarationType, hs: str, country: CountryCode) -> None:
    """The way by chapter finds those prohibitions that forbid the goods, all of them and in their order."""
    expected = [each for each in PROHIBITIONS if each.forbids(type_code, hs, country)]
    assert expected == list(Prohibitions(PROHIBITIONS).forbidding(type_code, hs, country))


@pytest.mark.parametrize(
    ("prohibitions", "words"),
    [
        ((), []),
        ((IVORY, SAND), []),
        ((IVORY, IVORY), ["the rule port-health.ivory is there more than once"]),
        ((replace(IVORY, hs=()),), ["port-health.ivory: name 1 to 300"]),
        ((replace(IVORY, hs=("507",)),), ['port-health.ivory: "507" is not allowed']),
        ((replace(IVORY, countries=("China",)),), ['port-health.ivory: "China" is not allowed']),
    ],
)
def test_flaws(prohibitions: tuple[Prohibition, ...], words: list[str]) -> None:
    """A rule that is there twice, or whose codes can't be read, is found, in both languages."""
    found = list(flaws(prohibitions))
    assert len(words) == len(found)
    assert all(flaw.en.startswith(start) and flaw.zh for flaw, start in zip(found, words, strict=True))


def test_the_customs_table_can_be_applied() -> None:
    """Every prohibition of customs can be applied, forbids something, and says what and on what law."""
    assert [] == list(flaws(PROHIBITIONS))
    for prohibition in PROHIBITIONS:
        assert all((prohibition.goods.en, prohibition.goods.zh, prohibition.legal_basis.en, prohibition.legal_basis.zh))
        code = prohibition.hs[0].partition("-")[0].ljust(10, "0")
        assert any(prohibition.forbids(prohibition.type_code, code, country) for country in CountryCode)
        assert f"customs.{'import' if prohibition.type_code is DeclarationType.IM else 'export'}." in prohibition.rule


@pytest.mark.parametrize(
    ("type_code", "hs", "country", "rule"),
    [
        ("IM", "391510", "DE", "customs.import.waste-plastics"),
        ("IM", "262011", "PE", "customs.import.slag-and-ash"),
        ("IM", "270112", "KP", "customs.import.coal-and-ore"),
        ("IM", "270112", "AU", None),
        ("IM", "854911", "US", "customs.import.electronic-waste"),
        ("IM", "710231", "SO", "customs.import.rough-diamonds"),
        ("IM", "710231", "BW", None),
        ("IM", "710239", "SO", None),
        ("IM", "290376", "IN", "customs.import.ozone-depleting"),
        ("IM", "290339", "IN", None),
        ("IM", "252490", "RU", None),
        ("EX", "440290", "JP", "customs.export.charcoal"),
        ("EX", "440210", "JP", None),
        ("EX", "250510", "JP", "customs.export.natural-sand"),
        ("EX", "250510", "MO", None),
        ("EX", "271111", "KP", "customs.export.gas"),
        ("EX", "271111", "JP", None),
    ],
)
def test_what_specialists_know(type_code: str, hs: str, country: str, rule: str | None) -> None:
    """Goods that conventions and lists forbid are forbidden, and their neighbours in the nomenclature are not."""
    found = Prohibitions(PROHIBITIONS).forbidding(DeclarationType(type_code), hs, country)
    assert ([] if rule is None else [rule]) == [prohibition.rule for prohibition in found]
