"""Entries of the Dangerous Goods List: UN number, proper shipping name, class, and what the goods are.

An illustrative extract, as the UN Model Regulations (chapter 3.2) and the IMDG Code (chapter 3.2) have them. Left out
are packing groups, subsidiary hazards, special provisions and stowage categories; whoever uses this for real uses the
list of the amendment in force.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from onewindow.codecs import Text


class Form(StrEnum):
    """What the goods are, as far as their packagings hang on it."""

    GAS = "gas"
    LIQUID = "liquid"
    SOLID = "solid"
    ARTICLE = "article"


class Entry(Struct, frozen=True):
    """One entry. classes: the class or division; more than one where the entry leaves it open."""

    name: Text
    classes: tuple[str, ...]
    form: Form


ENTRIES: Mapping[str, Entry] = {
    "0333": Entry(Text("FIREWORKS", "烟花"), ("1.1",), Form.ARTICLE),
    "0335": Entry(Text("FIREWORKS", "烟花"), ("1.3",), Form.ARTICLE),
    "0336": Entry(Text("FIREWORKS", "烟花"), ("1.4",), Form.ARTICLE),
    "1005": Entry(Text("AMMONIA, ANHYDROUS", "无水氨"), ("2.3",), Form.GAS),
    "1017": Entry(Text("CHLORINE", "氯"), ("2.3",), Form.GAS),
    "1072": Entry(Text("OXYGEN, COMPRESSED", "压缩氧"), ("2.2",), Form.GAS),
    "1075": Entry(Text("PETROLEUM GASES, LIQUEFIED", "液化石油气"), ("2.1",), Form.GAS),
    "1170": Entry(Text("ETHANOL", "乙醇"), ("3",), Form.LIQUID),
    "1203": Entry(Text("GASOLINE", "汽油"), ("3",), Form.LIQUID),
    "1263": Entry(Text("PAINT", "涂料"), ("3",), Form.LIQUID),
    "1268": Entry(Text("PETROLEUM DISTILLATES, N.O.S.", "石油馏出物，未另作规定的"), ("3",), Form.LIQUID),
    "1350": Entry(Text("SULPHUR", "硫"), ("4.1",), Form.SOLID),
    "1361": Entry(Text("CARBON", "碳"), ("4.2",), Form.SOLID),
    "1402": Entry(Text("CALCIUM CARBIDE", "碳化钙"), ("4.3",), Form.SOLID),
    "1593": Entry(Text("DICHLOROMETHANE", "二氯甲烷"), ("6.1",), Form.LIQUID),
    "1789": Entry(Text("HYDROCHLORIC ACID", "氢氯酸"), ("8",), Form.LIQUID),
    "1824": Entry(Text("SODIUM HYDROXIDE SOLUTION", "氢氧化钠溶液"), ("8",), Form.LIQUID),
    "1830": Entry(Text("SULPHURIC ACID", "硫酸"), ("8",), Form.LIQUID),
    "1942": Entry(Text("AMMONIUM NITRATE", "硝酸铵"), ("5.1",), Form.SOLID),
    "1950": Entry(Text("AEROSOLS", "气雾剂"), ("2.1", "2.2", "2.3"), Form.ARTICLE),
    "2015": Entry(Text("HYDROGEN PEROXIDE, STABILIZED", "过氧化氢，稳定的"), ("5.1",), Form.LIQUID),
    "2794": Entry(Text("BATTERIES, WET, FILLED WITH ACID", "蓄电池，湿的，装有酸液"), ("8",), Form.ARTICLE),
    "2814": Entry(Text("INFECTIOUS SUBSTANCE, AFFECTING HUMANS", "感染性物质，对人感染"), ("6.2",), Form.LIQUID),
    "3077": Entry(
        Text("ENVIRONMENTALLY HAZARDOUS SUBSTANCE, SOLID, N.O.S.", "对环境有害的固态物质，未另作规定的"),
        ("9",),
        Form.SOLID,
    ),
    "3082": Entry(
        Text("ENVIRONMENTALLY HAZARDOUS SUBSTANCE, LIQUID, N.O.S.", "对环境有害的液态物质，未另作规定的"),
        ("9",),
        Form.LIQUID,
    ),
    "3090": Entry(Text("LITHIUM METAL BATTERIES", "锂金属电池组"), ("9",), Form.ARTICLE),
    "3091": Entry(Text("LITHIUM METAL BATTERIES WITH EQUIPMENT", "同设备包装的锂金属电池组"), ("9",), Form.ARTICLE),
    "3105": Entry(Text("ORGANIC PEROXIDE TYPE D, LIQUID", "液态D型有机过氧化物"), ("5.2",), Form.LIQUID),
    "3480": Entry(Text("LITHIUM ION BATTERIES", "锂离子电池组"), ("9",), Form.ARTICLE),
    "3481": Entry(Text("LITHIUM ION BATTERIES WITH EQUIPMENT", "同设备包装的锂离子电池组"), ("9",), Form.ARTICLE),
}
"""By UN number."""

PACKAGES: Mapping[Form, frozenset[str]] = {
    Form.GAS: frozenset({"CY", "TY", "TK"}),
    Form.LIQUID: frozenset(
        {
            "1A",
            "1B",
            "1D",
            "1G",
            "1W",
            "3A",
            "3H",
            "4A",
            "4B",
            "4C",
            "4D",
            "4F",
            "4G",
            "4H",
            "BX",
            "CA",
            "CS",
            "CT",
            "CX",
        }
        | {"DR", "JC", "JY", "TK", "TY", "WA"}
    ),
    Form.SOLID: frozenset(
        {
            "1A",
            "1B",
            "1D",
            "1G",
            "1W",
            "3A",
            "3H",
            "4A",
            "4B",
            "4C",
            "4D",
            "4F",
            "4G",
            "4H",
            "BX",
            "CA",
            "CS",
            "CT",
            "CX",
        }
        | {"BG", "DR", "EC", "JC", "JY", "SA", "TK", "TY", "WA"}
    ),
    Form.ARTICLE: frozenset(
        {"1A", "1B", "1D", "1G", "4A", "4B", "4C", "4D", "4F", "4G", "4H", "AE", "BX", "CS", "CT", "DR"}
    ),
}
"""Package types (UN/ECE Recommendation 21) that packing instructions know for such goods: P200 for gases, P001 for
liquids, P002 for solids, P130, P207, P801 and P903 for articles (IMDG Code, 4.1.4). Pallets and the like only hold
packages together and are passed over."""

OVERPACKS = frozenset({"8A", "8B", "CG", "CR", "PX", "SI"})
"""Pallets, crates and skids around packages (IMDG Code, 1.2.1, overpack)."""

BULK = frozenset({"VG", "VL", "VO", "VQ", "VR", "VY"})
"""In bulk: not under the IMDG Code but under the IMSBC, IBC or IGC Code."""
