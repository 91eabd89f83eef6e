"""What XSDs of the world say, each construct in a schema of its own: documents survive as structs, and stay typed."""

import datetime as dt
import keyword
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import canonicalize

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from support.bindings import compiled

from onewindow.codecs import Codec, Rejected
from onewindow.codecs.compiler import UnsupportedConstruct, compile_module
from onewindow.codecs.walker import COMPILED, PYTHON

HEAD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t"
  elementFormDefault="{form}">"""
WALKERS = [PYTHON] if COMPILED is None else [PYTHON, COMPILED]
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


class Bound:
    """A schema's module and its codecs, the Python form first."""

    def __init__(self, folder: Path, body: str, form: str = "qualified", root: str = "Root") -> None:
        self.path = folder / f"planted_{len(list(folder.iterdir()))}.xsd"
        self.path.write_text(f"{HEAD.format(form=form)}\n{body}\n</xs:schema>", "utf-8")
        self.module: ModuleType = compiled(self.path, folder)
        type_ = self.module.ROOTS[root]
        self.codecs: list[Codec[Any]] = [Codec.of(self.path, type_, root=root, walker=each) for each in WALKERS]

    def survives(self, content: str, attributes: str = "", root: str = "Root") -> Any:
        """The struct for a root element, after every way there and back has given the same."""
        document = f'<{root} xmlns="urn:t" {attributes}>{content}</{root}>'.encode()
        assert etree.XMLSchema(etree.parse(str(self.path))).validate(etree.fromstring(document))
        values = [codec.decode_xml(document) for codec in self.codecs]
        value = values[0]
        assert [value] * len(values) == values
        for codec in self.codecs:
            written = codec.encode_xml(value)
            assert canonical(document) == canonical(written)
            assert value == codec.decode_xml(written)
            assert value == codec.decode_json(codec.encode_json(value))
        assert value == msgspec.json.decode(msgspec.json.encode(value), type=type(value))
        assert value == msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=type(value))
        return value


def canonical(document: bytes) -> str:
    """Elements, attributes and texts; names in attributes' values keep their meaning under new prefixes."""
    return canonicalize(
        document.decode(),
        strip_text=True,
        rewrite_prefixes=True,
        qname_aware_attrs=["{http://www.w3.org/2001/XMLSchema-instance}type"],
    )


def root(content: str, others: str = "") -> str:
    """A root element with a type of this content."""
    return f"<xs:element name='Root'><xs:complexType>{content}</xs:complexType></xs:element>{others}"


def element(name: str, type_: str = "xs:token", more: str = "", *, occurs: tuple[int, int] | None = None) -> str:
    """The declaration of an element."""
    often = "" if occurs is None else f"minOccurs='{occurs[0]}' maxOccurs='{occurs[1]}'"
    return f"<xs:element name='{name}' type='{type_}' {more} {often}/>"


def sequence(*particles: str) -> str:
    """A sequence."""
    return f"<xs:sequence>{''.join(particles)}</xs:sequence>"


def complex_type(name: str, content: str) -> str:
    """A named complex type."""
    return f"<xs:complexType name='{name}'>{content}</xs:complexType>"


def escaped(text: str) -> str:
    """A text as it stands in XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


A, B, C = element("A"), element("B"), element("C")


def test_choice(tmp_path: Path) -> None:
    """A choice is optional fields, of which those are set that the document has."""
    bound = Bound(tmp_path, root(f"<xs:choice><xs:sequence>{A}{B}</xs:sequence>{C}</xs:choice>"))
    value = bound.survives("<A>1</A><B>2</B>")
    assert ("1", "2", None) == (value.a, value.b, value.c)
    assert "3" == bound.survives("<C>3</C>").c


def test_repeated_choice_keeps_order(tmp_path: Path) -> None:
    """Children of several names in any order are a list of items, in the order of the document."""
    bound = Bound(tmp_path, root(f"<xs:choice maxOccurs='unbounded'>{A}{B}</xs:choice>"))
    value = bound.survives("<B>1</B><A>2</A><B>3</B><B>4</B>")
    assert [("b", "1"), ("a", "2"), ("b", "3"), ("b", "4")] == [
        next((name, getattr(item, name)) for name in ("a", "b") if getattr(item, name) is not None)
        for item in value.items
    ]
    assert "exactly one of the fields is set" in (bound.module.RootItem.__doc__ or "")


@given(names=st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=12))
@settings(max_examples=40)
def test_any_order(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever the order of a repeated choice, it is kept."""
    bound = ordered(tmp_path_factory)
    bound.survives("".join(f"<{name}>{index}</{name}>" for index, name in enumerate(names)))


_ORDERED: list[Bound] = []


def ordered(factory: pytest.TempPathFactory) -> Bound:
    """The schema of a repeated choice, compiled once."""
    if not _ORDERED:
        body = root(f"<xs:choice maxOccurs='unbounded'>{A}{B}{C}</xs:choice>")
        _ORDERED.append(Bound(factory.mktemp("ordered"), body))
    return _ORDERED[0]


def test_repeated_sequence(tmp_path: Path) -> None:
    """A sequence that repeats keeps its order too; one of a single element is that element, repeated."""
    bound = Bound(tmp_path, root(f"<xs:sequence maxOccurs='3'>{A}{element('B', occurs=(0, 1))}</xs:sequence>"))
    assert 3 == len(bound.survives("<A>1</A><A>2</A><B>3</B>").items)
    single = Bound(tmp_path, root(f"<xs:sequence maxOccurs='3'>{A}</xs:sequence>"))
    assert ("1", "2") == single.survives("<A>1</A><A>2</A>").a


def test_one_name_twice(tmp_path: Path) -> None:
    """A name that occurs at two places of a sequence does not lose which was which."""
    bound = Bound(tmp_path, root(f"<xs:sequence>{A}{B}{A}</xs:sequence>"))
    value = bound.survives("<A>1</A><B>2</B><A>3</A>")
    assert ["1", None, "3"] == [item.a for item in value.items]


def test_all(tmp_path: Path) -> None:
    """The members of an xs:all are fields; their order says nothing and is the schema's."""
    bound = Bound(tmp_path, root(f"<xs:all>{A}{element('B', occurs=(0, 1))}</xs:all>"))
    bound.survives("<A>1</A><B>2</B>")
    value = bound.codecs[0].decode_xml(b'<Root xmlns="urn:t"><B>2</B><A>1</A></Root>')
    assert ("1", "2") == (value.a, value.b)


def test_groups(tmp_path: Path) -> None:
    """Groups of elements and of attributes are what they hold."""
    groups = f"<xs:group name='G'><xs:sequence>{A}{B}</xs:sequence></xs:group>"
    groups += "<xs:attributeGroup name='H'><xs:attribute name='x' type='xs:int'/></xs:attributeGroup>"
    content = f"<xs:sequence><xs:group ref='G' minOccurs='0'/>{C}</xs:sequence><xs:attributeGroup ref='H'/>"
    value = Bound(tmp_path, root(content, groups)).survives("<A>1</A><B>2</B><C>3</C>", "x='7'")
    assert ("1", "2", "3", 7) == (value.a, value.b, value.c, value.x)


def test_recursion(tmp_path: Path) -> None:
    """A type that holds itself is a struct that holds itself."""
    body = element("Root", "Part") + complex_type("Part", sequence(A, element("Part", "Part", occurs=(0, 9))))
    value = Bound(tmp_path, body).survives("<A>1</A><Part><A>2</A><Part><A>3</A></Part></Part><Part><A>4</A></Part>")
    assert "3" == value.part[0].part[0].a


FLEET = f"""
<xs:complexType name="Means" {{abstract}}><xs:sequence>{A}</xs:sequence></xs:complexType>
<xs:complexType name="Truck"><xs:complexContent><xs:extension base="Means"><xs:sequence>{element("Axles", "xs:int")}
  </xs:sequence><xs:attribute name="plate" type="xs:token"/></xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="Trailer"><xs:complexContent><xs:extension base="Truck"><xs:sequence>{B}
  </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
"""


def test_substitution_of_types(tmp_path: Path) -> None:
    """An element whose xsi:type names an extension is that extension's struct, and says so again when written."""
    body = root(sequence(element("By", "Means", occurs=(1, 9))), FLEET.format(abstract=""))
    bound = Bound(tmp_path, body)
    value = bound.survives(
        "<By><A>1</A></By><By xmlns:p='urn:t' xsi:type='p:Truck' plate='X'><A>2</A><Axles>3</Axles></By>"
        "<By xmlns:q='urn:t' xsi:type='q:Trailer'><A>4</A><Axles>2</Axles><B>5</B></By>",
        XSI,
    )
    assert ["Means", "Truck", "Trailer"] == [type(each).__name__ for each in value.by]
    assert (3, "X", "5") == (value.by[1].axles, value.by[1].plate, value.by[2].b)
    twin = bound.codecs[0].encode_json(value).replace(b"{urn:t}Truck", b"{urn:t}Bogus")
    with pytest.raises(Rejected) as caught:
        bound.codecs[0].decode_json(twin)
    assert "/Root/By[2]" == caught.value.findings[0].pointer


def test_abstract_type(tmp_path: Path) -> None:
    """Of an abstract type only what extends it is taken."""
    body = root(f"<xs:sequence>{element('By', 'Means')}</xs:sequence>", FLEET.format(abstract='abstract="true"'))
    bound = Bound(tmp_path, body)
    value = bound.survives("<By xsi:type='t:Truck'><A>2</A><Axles>3</Axles></By>", f"{XSI} xmlns:t='urn:t'")
    unprefixed = f"<Root xmlns='urn:t' {XSI}><By xsi:type='Truck'><A>2</A><Axles>3</Axles></By></Root>"
    assert value == bound.codecs[0].decode_xml(unprefixed.encode())
    assert bound.module.Truck(a="2", axles=3) == value.by
    assert not hasattr(bound.module, "Means")


def test_restriction(tmp_path: Path) -> None:
    """A restriction of a complex type is a struct of what it still allows; naming it by xsi:type changes nothing."""
    base = complex_type("Base", sequence(A, element("B", occurs=(0, 1))))
    less = f"<xs:complexContent><xs:restriction base='Base'>{sequence(A)}</xs:restriction></xs:complexContent>"
    content = sequence(element("L", "Less"), element("M", "Base"))
    bound = Bound(tmp_path, root(content, base + complex_type("Less", less)))
    assert ("A",) == bound.module.Less.__struct_encode_fields__
    bound.survives("<L><A>1</A></L><M><A>1</A><B>2</B></M>")
    document = f"<Root xmlns='urn:t' {XSI}><L><A>1</A></L><M xsi:type='Less'><A>1</A></M></Root>"
    assert bound.module.Base(a="1") == bound.codecs[0].decode_xml(document.encode()).m


def test_extension_without_a_place(tmp_path: Path) -> None:
    """An xsi:type that brings an attribute to where the struct has no place for it is refused, never dropped."""
    text = "<xs:simpleContent><xs:extension base='{}'><xs:attribute name='{}' type='xs:token'/></xs:extension>"
    text += "</xs:simpleContent>"
    types = complex_type("T", text.format("xs:token", "x")) + complex_type("U", text.format("T", "y"))
    bound = Bound(tmp_path, root(sequence(element("A", "T")), types))
    document = f"<Root xmlns='urn:t' {XSI}><A xsi:type='U' x='1' {{}}>2</A></Root>"
    assert "2" == bound.codecs[0].decode_xml(document.format("").encode()).a.value
    with pytest.raises(Rejected) as caught:
        bound.codecs[0].decode_xml(document.format("y='3'").encode())
    assert [("element-unexpected", "/Root/A")] == [(each.code, each.pointer) for each in caught.value.findings]


def test_substitution_group(tmp_path: Path) -> None:
    """An element that others may stand for is a field for each of them; repeated, a list of items."""
    heads = element("Head", "xs:token", "abstract='true'") + "".join(
        element(name, "xs:token", "substitutionGroup='Head'") for name in ("One", "Two")
    )
    bound = Bound(tmp_path, root("<xs:sequence><xs:element ref='Head'/></xs:sequence>", heads))
    assert "2" == bound.survives("<Two>2</Two>").two
    many = Bound(tmp_path, root("<xs:sequence><xs:element ref='Head' maxOccurs='9'/></xs:sequence>", heads))
    assert ["2", None] == [item.two for item in many.survives("<Two>2</Two><One>1</One>").items]


@pytest.mark.parametrize("process", ["lax", "skip"])
def test_wildcards(tmp_path: Path, process: str) -> None:
    """What a wildcard takes is kept as XML text, one of a single namespace and several of any other."""
    bound = Bound(
        tmp_path,
        root(
            f"<xs:sequence>{A}<xs:any namespace='##other' processContents='{process}' minOccurs='0' maxOccurs='9'/>"
            "</xs:sequence>"
        ),
    )
    value = bound.survives("<A>1</A><x xmlns='urn:x' y='1'>a &amp; <z/></x><p:w xmlns:p='urn:p'/>")
    assert ('<x xmlns="urn:x" y="1">a &amp; <z></z></x>', '<p:w xmlns:p="urn:p"></p:w>') == value.any
    assert () == bound.survives("<A>1</A>").any


def test_wildcard_without_namespace(tmp_path: Path) -> None:
    """An element without a namespace stays one among elements that have it."""
    bound = Bound(tmp_path, root(f"<xs:sequence>{A}<xs:any namespace='##local' processContents='skip'/></xs:sequence>"))
    assert '<x xmlns=""><y></y></x>' == bound.survives("<A>1</A><x xmlns=''><y/></x>").any


def test_strict_wildcard(tmp_path: Path) -> None:
    """A strict wildcard of a namespace that the schema knows is the elements of that namespace."""
    head = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:o' xmlns='urn:o'>"
    type_ = complex_type("T", f"{sequence(A)}<xs:attribute name='a' type='xs:int'/>")
    (tmp_path / "other.xsd").write_text(f"{head}{element('In', 'T')}{type_}</xs:schema>", "utf-8")
    imported = "<xs:import namespace='urn:o' schemaLocation='other.xsd'/>"
    body = imported + root(sequence("<xs:any namespace='urn:o'/>"))
    value = Bound(tmp_path, body).survives("<o:In xmlns:o='urn:o' a='3'><A xmlns=''>1</A></o:In>")
    assert ("1", 3) == (value.in_.a, value.in_.a_attribute)


def test_unqualified(tmp_path: Path) -> None:
    """Elements without a namespace inside one with a namespace are written so."""
    bound = Bound(tmp_path, root(f"<xs:sequence>{A}{B}</xs:sequence>"), form="unqualified")
    assert "1" == bound.survives("<A xmlns=''>1</A><B xmlns=''>2</B>").a


def test_nillable(tmp_path: Path) -> None:
    """Nil, absent and present are three things: None, UNSET and the value."""
    content = element("A", "xs:int", "nillable='true'") + element("B", "xs:int", "nillable='true' minOccurs='0'")
    content += element("C", "xs:int", "nillable='true' minOccurs='0' maxOccurs='9'")
    bound = Bound(tmp_path, root(f"<xs:sequence>{content}</xs:sequence>"))
    value = bound.survives("<A xsi:nil='true'/><C>1</C><C xsi:nil='true'/>", XSI)
    assert (None, msgspec.UNSET, (1, None)) == (value.a, value.b, value.c)
    other = bound.survives("<A>1</A><B xsi:nil='true'/>", XSI)
    assert (1, None, ()) == (other.a, other.b, other.c)


def test_defaults(tmp_path: Path) -> None:
    """An empty element means its default; an absent attribute stays absent, and its default is in the docstring."""
    content = element("A", "xs:int", "default='7'") + element("B", "xs:token", "fixed='x' minOccurs='0'")
    bound = Bound(tmp_path, root(f"<xs:sequence>{content}</xs:sequence><xs:attribute name='u' default='KGM'/>"))
    document = b'<Root xmlns="urn:t"><A/><B/></Root>'
    value = bound.codecs[0].decode_xml(document)
    assert (7, "x", None) == (value.a, value.b, value.u)
    assert [value] * len(bound.codecs) == [codec.decode_xml(document) for codec in bound.codecs]
    assert "Without a value: KGM" in compile_module(bound.path)
    bound.survives("<A>8</A><B>x</B>", "u='T'")


VALUES: list[tuple[str, str, Any]] = [
    ("xs:string", "  a \t b  ", "  a \t b  "),
    ("xs:token", "  a \n b  ", "a b"),
    ("xs:anyURI", " urn:x ", "urn:x"),
    ("xs:NMTOKENS", " a  b ", "a b"),
    ("xs:boolean", "1", True),
    ("xs:integer", "123456789012345678901234567890", 123456789012345678901234567890),
    ("xs:unsignedByte", "007", 7),
    ("xs:decimal", "+0.10", Decimal("0.10")),
    ("xs:double", "1.5E3", Decimal("1.5E3")),
    ("xs:double", "-INF", Decimal("-Infinity")),
    ("xs:base64Binary", "YWJj ZA==", b"abcd"),
    ("xs:hexBinary", "0aFF", "0aFF"),
    ("xs:duration", "P1DT2H", "P1DT2H"),
    ("xs:gYearMonth", "2026-11", "2026-11"),
    ("xs:date", "12026-11-20", "12026-11-20"),
    ("xs:dateTime", "2026-11-20T24:00:00", "2026-11-20T24:00:00"),
]


@pytest.mark.parametrize(("type_", "text", "expected"), VALUES)
def test_values(tmp_path: Path, type_: str, text: str, expected: Any) -> None:
    """A built-in type has the Python type that loses nothing; a date that Python need not have stays a text."""
    bound = Bound(tmp_path, root(f"<xs:sequence>{element('A', type_)}</xs:sequence>"))
    document = f'<Root xmlns="urn:t"><A>{text}</A></Root>'.encode()
    for codec in bound.codecs:
        value = codec.decode_xml(document)
        assert (type(expected), expected) == (type(value.a), value.a)
        assert value == codec.decode_xml(codec.encode_xml(value))
        assert value == codec.decode_json(codec.encode_json(value))


def test_times_within_the_calendar(tmp_path: Path) -> None:
    """Where a type leaves out what Python's datetime does not have, its values are datetimes and dates."""
    types = r"""<xs:simpleType name="T"><xs:restriction base="xs:dateTime">
      <xs:pattern value="20\d\d-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\dZ"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="D"><xs:restriction base="xs:date"><xs:pattern value="20.{8}"/></xs:restriction>
      </xs:simpleType>"""
    bound = Bound(tmp_path, root(f"<xs:sequence>{element('A', 'T')}{element('B', 'D')}</xs:sequence>", types))
    value = bound.survives("<A>2026-11-20T09:30:00Z</A><B>2026-11-20</B>")
    assert (dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC), dt.date(2026, 11, 20)) == (value.a, value.b)


def test_lists_and_unions(tmp_path: Path) -> None:
    """A list is its text with single blanks, a union its text as written."""
    types = "<xs:simpleType name='L'><xs:restriction><xs:simpleType><xs:list itemType='xs:int'/></xs:simpleType>"
    types += "<xs:maxLength value='3'/></xs:restriction></xs:simpleType>"
    types += "<xs:simpleType name='U'><xs:union memberTypes='xs:int xs:token'/></xs:simpleType>"
    bound = Bound(tmp_path, root(f"<xs:sequence>{element('A', 'L')}{element('B', 'U')}</xs:sequence>", types))
    value = bound.survives("<A> 100  200 300 </A><B>x y</B>".replace("  ", " ").replace("> 1", ">1"))
    assert ("100 200 300", "x y") == (value.a, value.b)
    document = b'<Root xmlns="urn:t"><A> 1  2 </A><B>1</B></Root>'
    assert "1 2" == bound.codecs[0].decode_xml(document).a


def test_codes(tmp_path: Path) -> None:
    """Codes become members whatever they are made of, and are written as they were."""
    codes = ("a", "A", "", "1-", "<&>", "class", "海关")
    listed = "".join(f"<xs:enumeration value='{escaped(code)}'/>" for code in codes)
    types = f"<xs:simpleType name='E'><xs:restriction base='xs:string'>{listed}</xs:restriction></xs:simpleType>"
    bound = Bound(tmp_path, root(sequence(element("A", "E", occurs=(1, 9))), types))
    assert list(codes) == [each.value for each in bound.module.E]
    written = "".join(f"<A>{escaped(code)}</A>" for code in codes)
    assert tuple(bound.module.E) == bound.survives(written).a


def test_anonymous_types(tmp_path: Path) -> None:
    """Types without a name are called as their elements; those that say the same are one."""
    at = "<xs:element name='at'><xs:complexType><xs:attribute name='{}' type='xs:int'/></xs:complexType></xs:element>"
    parts = "".join(
        f"<xs:element name='{name}'><xs:complexType><xs:sequence>{at.format(attribute)}</xs:sequence></xs:complexType>"
        "</xs:element>"
        for name, attribute in (("P", "x"), ("Q", "x"), ("R", "y"))
    )
    bound = Bound(tmp_path, root(f"<xs:sequence>{parts}</xs:sequence>"))
    value = bound.survives("<P><at x='1'/></P><Q><at x='2'/></Q><R><at y='3'/></R>")
    assert bound.module.At is type(value.p.at) is type(value.q.at)
    assert (bound.module.At_2, 3) == (type(value.r.at), value.r.at.y)


def test_name_clashes(tmp_path: Path) -> None:
    """Names that Python has taken, or that differ in case alone, or that an attribute and an element share, all fit."""
    names = [
        "ID",
        "id",
        "class",
        "None",
        "str",
        "field",
        "value",
        "Struct",
        "xmlns",
        "a-b",
        "a.b",
        "items",
        *keyword.kwlist,
    ]
    names = list(dict.fromkeys(names))
    content = "".join(element(name, more="minOccurs='0'") for name in names)
    attributes = "".join(f"<xs:attribute name='{name}' type='xs:token'/>" for name in ("ID", "value", "class"))
    bound = Bound(tmp_path, root(f"<xs:sequence>{content}</xs:sequence>{attributes}"))
    value = bound.survives("".join(f"<{name}>{name}</{name}>" for name in names), "ID='@1' value='@2' class='@3'")
    assert ("ID", "id", "@1", "@2") == (value.id, value.id_2, value.id_attribute, value.value_attribute)
    assert {*names, "@ID", "@value", "@class"} == set(msgspec.to_builtins(value))


def test_one_type_name_in_two_namespaces(tmp_path: Path) -> None:
    """Types of one name in two namespaces are two structs, each with the elements of its own."""
    (tmp_path / "other.xsd").write_text(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:o' elementFormDefault='qualified'>"
        f"<xs:complexType name='Party'><xs:sequence>{B}</xs:sequence></xs:complexType></xs:schema>",
        "utf-8",
    )
    party = f"<xs:complexType name='Party'><xs:sequence>{A}</xs:sequence></xs:complexType>"
    both = element("P", "Party") + "<xs:element name='Q' type='o:Party' xmlns:o='urn:o'/>"
    imported = "<xs:import namespace='urn:o' schemaLocation='other.xsd'/>"
    bound = Bound(tmp_path, imported + root(f"<xs:sequence>{both}</xs:sequence>", party))
    value = bound.survives("<P><A>1</A></P><Q><B xmlns='urn:o'>2</B></Q>")
    assert ("Party", "Party_2", "2") == (type(value.p).__name__, type(value.q).__name__, value.q.b)


def test_attributes_in_namespaces(tmp_path: Path) -> None:
    """Attributes of other namespaces keep them."""
    (tmp_path / "link.xsd").write_text(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:l'>"
        "<xs:attribute name='href' type='xs:anyURI'/><xs:attribute name='n' type='xs:int'/></xs:schema>",
        "utf-8",
    )
    references = "".join(f"<xs:attribute xmlns:l='urn:l' ref='l:{name}'/>" for name in ("href", "n"))
    body = "<xs:import namespace='urn:l' schemaLocation='link.xsd'/>" + root(sequence(A) + references)
    value = Bound(tmp_path, body).survives("<A>1</A>", "xmlns:m='urn:l' m:href='urn:x' m:n='5'")
    assert ("urn:x", 5) == (value.href, value.n)


def test_root_of_text(tmp_path: Path) -> None:
    """A root element may be a text with attributes."""
    content = "<xs:simpleContent><xs:extension base='xs:string'><xs:attribute name='u' type='xs:token'/></xs:extension>"
    value = Bound(tmp_path, root(f"{content}</xs:simpleContent>")).survives("  x ", "u='1'")
    assert ("  x ", "1") == (value.value, value.u)


def test_schema_location_is_kept(tmp_path: Path) -> None:
    """A root's xsi:schemaLocation, which is a hint and no data, is kept all the same."""
    bound = Bound(tmp_path, root(f"<xs:sequence>{A}</xs:sequence>"))
    assert "urn:t a.xsd" == bound.survives("<A>1</A>", f"{XSI} xsi:schemaLocation='urn:t a.xsd'").schema_location


def test_types_without_elements(tmp_path: Path) -> None:
    """A schema that only holds types compiles to all of them."""
    path = tmp_path / "types.xsd"
    body = f"<xs:complexType name='errorType'><xs:sequence>{A}</xs:sequence></xs:complexType>"
    path.write_text(f"{HEAD.format(form='qualified')}{body}</xs:schema>", "utf-8")
    assert ("A",) == compiled(path, tmp_path).ErrorType.__struct_encode_fields__


def test_redefinition_is_refused(tmp_path: Path) -> None:
    """A schema that redefines another is refused with the line of the xs:redefine."""
    (tmp_path / "base.xsd").write_text(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:simpleType name='S'>"
        "<xs:restriction base='xs:token'/></xs:simpleType></xs:schema>",
        "utf-8",
    )
    path = tmp_path / "planted.xsd"
    change = "<xs:redefine schemaLocation='base.xsd'><xs:simpleType name='S'><xs:restriction base='S'/></xs:simpleType>"
    path.write_text(f"{HEAD.format(form='qualified')}\n\n{change}</xs:redefine>{element('Root')}</xs:schema>", "utf-8")
    with pytest.raises(UnsupportedConstruct) as caught:
        compile_module(path)
    assert ("xs:redefine", "planted.xsd", 4) == (caught.value.construct, caught.value.file, caught.value.line)
