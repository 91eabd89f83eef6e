"""Goods that customs lets neither in nor out, by HS code: what the window refuses, and customs' own rules after it.

The table is illustrative: real in form and in its sources, a sample in content. In force are the Lists of Goods
Prohibited from Import and from Export (禁止进口货物目录、禁止出口货物目录), which are published in batches under the
Foreign Trade Law and by ten digits, with exceptions that six digits can't say.
"""

from typing import Final

from ...codecs.finding import Text
from ...codecs.messages.codes import CountryCode, DeclarationType
from ..prohibition import Prohibition

IMPORT, EXPORT = DeclarationType.IM, DeclarationType.EX

IMPORT_LIST: Final = Text("List of Goods Prohibited from Import", "《禁止进口货物目录》")
EXPORT_LIST: Final = Text("List of Goods Prohibited from Export", "《禁止出口货物目录》")

CITES: Final = Text(
    "CITES, Appendix I; Regulations on the Import and Export of Endangered Wild Fauna and Flora, article 6; "
    "State Council Notice Guofa [1993] 39 on rhinoceros horn and tiger bone",
    "《濒危野生动植物种国际贸易公约》附录一；《濒危野生动植物进出口管理条例》第六条；"
    "《国务院关于禁止犀牛角和虎骨贸易的通知》（国发〔1993〕39号）",
)
SOLID_WASTE: Final = Text(
    "Law on the Prevention and Control of Environmental Pollution by Solid Waste; Announcement 53 of 2020 of the "
    "Ministry of Ecology and Environment and others; Basel Convention",
    "《中华人民共和国固体废物污染环境防治法》；生态环境部等公告2020年第53号；《控制危险废物越境转移及其处置巴塞尔公约》",
)
OZONE: Final = Text(
    "Montreal Protocol, Annexes A and B; Regulations on the Administration of Ozone Depleting Substances",
    "《关于消耗臭氧层物质的蒙特利尔议定书》附件A、附件B；《消耗臭氧层物质管理条例》",
)
POLLUTANTS: Final = Text(
    "Stockholm Convention on Persistent Organic Pollutants, Annexes A and B",
    "《关于持久性有机污染物的斯德哥尔摩公约》附件A、附件B",
)
MERCURY: Final = Text("Minamata Convention on Mercury, Annex A", "《关于汞的水俣公约》附件A")
ASBESTOS: Final = Text("Rotterdam Convention, Annex III", "《鹿特丹公约》附件三")
KIMBERLEY: Final = Text(
    "Kimberley Process Certification Scheme, section III; Provisions on the Implementation of the Kimberley Process "
    "(AQSIQ Decree 42)",
    "金伯利进程国际证书制度第三节；《中华人民共和国实施金伯利进程国际证书制度管理规定》（质检总局令第42号）",
)
COAL_AND_ORE: Final = Text(
    "Security Council resolution 2371 (2017); Announcement 40 of 2017 of the Ministry of Commerce and the GACC",
    "联合国安理会第2371（2017）号决议；商务部、海关总署公告2017年第40号",
)
GAS: Final = Text(
    "Security Council resolution 2375 (2017); Announcement 52 of 2017 of the Ministry of Commerce and the GACC",
    "联合国安理会第2375（2017）号决议；商务部、海关总署公告2017年第52号",
)

OUTSIDE_KIMBERLEY: Final = (CountryCode.BI, CountryCode.NE, CountryCode.SO, CountryCode.SS)
"""Countries that take no part in the Kimberley Process: a sample."""

EXCEPT_NEIGHBOURS: Final = ("!HK", "!MO", "!TW")
"""All destinations but Hong Kong, Macao and Taiwan, to which sand may go under licence."""


def _rule(
    type_code: DeclarationType,
    name: str,
    hs: tuple[str, ...],
    goods: Text,
    *bases: Text,
    countries: tuple[str, ...] = (),
) -> Prohibition:
    basis = Text("; ".join(basis.en for basis in bases), "；".join(basis.zh for basis in bases))
    direction = "import" if type_code is IMPORT else "export"
    return Prohibition(
        rule=f"customs.{direction}.{name}",
        type_code=type_code,
        hs=hs,
        countries=countries,
        goods=goods,
        legal_basis=basis,
    )


_IVORY = Text("ivory and rhinoceros horn", "象牙和犀牛角")
_CROCIDOLITE = Text("crocidolite (blue asbestos)", "青石棉")
_OZONE_DEPLETING = Text("carbon tetrachloride, CFCs and halons", "四氯化碳、全氯氟烃和哈龙")
_PESTICIDES = Text("DDT, hexachlorobenzene, aldrin, chlordane and heptachlor", "滴滴涕、六氯苯、艾氏剂、氯丹和七氯")
_MERCURY_BATTERIES = Text("mercuric oxide batteries", "氧化汞电池")

PROHIBITIONS: Final[tuple[Prohibition, ...]] = (
    _rule(
        IMPORT,
        "coal-and-ore",
        ("03", "2601", "2607", "2701"),
        Text("coal, iron ore, lead ore and seafood", "煤炭、铁矿石、铅矿石和水产品"),
        COAL_AND_ORE,
        countries=(CountryCode.KP,),
    ),
    _rule(IMPORT, "ivory", ("050710",), _IVORY, CITES, IMPORT_LIST),
    _rule(IMPORT, "opium", ("130211",), Text("opium", "鸦片"), IMPORT_LIST),
    _rule(IMPORT, "crocidolite", ("252410",), _CROCIDOLITE, ASBESTOS, IMPORT_LIST),
    _rule(IMPORT, "slag-and-ash", ("2618-2621",), Text("slag, ash and residues", "矿渣、矿灰及残渣"), SOLID_WASTE),
    _rule(IMPORT, "ozone-depleting", ("290314", "290376-290377"), _OZONE_DEPLETING, OZONE, IMPORT_LIST),
    _rule(IMPORT, "pesticides", ("290382", "290392"), _PESTICIDES, POLLUTANTS, IMPORT_LIST),
    _rule(IMPORT, "waste-plastics", ("3915",), Text("waste plastics", "废塑料"), SOLID_WASTE),
    _rule(IMPORT, "waste-paper", ("4707",), Text("waste paper", "废纸"), SOLID_WASTE),
    _rule(IMPORT, "used-textiles", ("6309-6310",), Text("used clothing and rags", "旧衣物和废碎织物"), SOLID_WASTE),
    _rule(
        IMPORT,
        "rough-diamonds",
        ("710210", "710221", "710231"),
        Text("rough diamonds", "毛坯钻石"),
        KIMBERLEY,
        countries=OUTSIDE_KIMBERLEY,
    ),
    _rule(IMPORT, "mercury-batteries", ("850630",), _MERCURY_BATTERIES, MERCURY, IMPORT_LIST),
    _rule(
        IMPORT, "electronic-waste", ("8549",), Text("electrical and electronic waste", "电子电气废弃物"), SOLID_WASTE
    ),
    _rule(EXPORT, "ivory", ("050710",), _IVORY, CITES, EXPORT_LIST),
    _rule(EXPORT, "musk", ("05100030",), Text("musk", "麝香"), EXPORT_LIST),
    _rule(EXPORT, "ephedra", ("121150",), Text("ephedra herb", "麻黄草"), EXPORT_LIST),
    _rule(EXPORT, "natural-sand", ("2505",), Text("natural sand", "天然砂"), EXPORT_LIST, countries=EXCEPT_NEIGHBOURS),
    _rule(EXPORT, "crocidolite", ("252410",), _CROCIDOLITE, ASBESTOS, EXPORT_LIST),
    _rule(EXPORT, "gas", ("271111",), Text("liquefied natural gas", "液化天然气"), GAS, countries=(CountryCode.KP,)),
    _rule(EXPORT, "ozone-depleting", ("290314", "290376-290377"), _OZONE_DEPLETING, OZONE, EXPORT_LIST),
    _rule(EXPORT, "pesticides", ("290382", "290392"), _PESTICIDES, POLLUTANTS, EXPORT_LIST),
    _rule(EXPORT, "charcoal", ("440290",), Text("wood charcoal", "木炭"), EXPORT_LIST),
    _rule(EXPORT, "logs", ("4403",), Text("logs", "原木"), EXPORT_LIST),
    _rule(EXPORT, "mercury-batteries", ("850630",), _MERCURY_BATTERIES, MERCURY, EXPORT_LIST),
)
"""Every rule, imports first, by HS code."""
