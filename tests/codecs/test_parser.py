"""What is parsed and what is refused before a tree is built: limits, encodings, document types, broken XML."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from onewindow.codecs import limits
from onewindow.codecs.finding import Finding, Rejected
from onewindow.codecs.limits import Limits
from onewindow.codecs.parser import parse
from onewindow.codecs.survey import is_without_long_run
from onewindow.codecs.walker import CHOSEN, PYTHON, Walker

BOMB = b"""<?xml version="1.0"?>
<!-- a > comment --><?target <!DOCTYPE ?>
<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<a>&c;</a>"""
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
EXTERNAL_SUBSET = b'\xef\xbb\xbf<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'


def refusal(data: bytes, bounds: Limits = limits.DEFAULT) -> tuple[str, Finding]:
    """The problem and the one finding for which `data` is refused, by each form of the walker that is here."""
    with pytest.raises(Rejected) as caught:
        parse(data, bounds, PYTHON)
    (finding,) = caught.value.findings
    with pytest.raises(Rejected) as chosen:
        parse(data, bounds, CHOSEN)
    assert (caught.value.problem, (finding,)) == (chosen.value.problem, chosen.value.findings)
    assert finding.message.en
    assert finding.message.zh
    return caught.value.problem, finding


def nested(levels: int) -> bytes:
    """That many elements, one in the other."""
    return b"<a>" * levels + b"</a>" * levels


def siblings(count: int) -> bytes:
    """That many elements, root included."""
    return b"<a>" + b"<b/>" * (count - 1) + b"</a>"


def attributes(count: int) -> bytes:
    """One element with that many attributes."""
    return b"<a" + b"".join(b" a%d='1'" % index for index in range(count)) + b"/>"


def text(size: int) -> bytes:
    """One element with that many bytes of text, three to a character."""
    return b"<a>" + "海".encode() * (size // 3) + b"x" * (size % 3) + b"</a>"


def attribute_text(size: int) -> bytes:
    """One element with an attribute of that many bytes."""
    return b"<a b='" + b"x" * size + b"'/>"


def body(size: int) -> bytes:
    """A document of that many bytes."""
    return b"<a>" + b" " * (size - 7) + b"</a>"


SMALL = Limits(body_bytes_max=4000, depth_max=5, element_count_max=20, attribute_count_max=10, text_bytes_max=100)


@pytest.mark.parametrize(
    ("make", "most", "code", "bounds"),
    [
        (body, 4000, "body-too-large", Limits(body_bytes_max=4000)),
        (nested, 5, "nesting-too-deep", SMALL),
        (siblings, 20, "elements-too-many", SMALL),
        (attributes, 10, "attributes-too-many", SMALL),
        (text, 100, "text-too-long", SMALL),
        (attribute_text, 100, "text-too-long", SMALL),
    ],
)
def test_limit(make: Callable[[int], bytes], most: int, code: str, bounds: Limits) -> None:
    """A document at a limit is taken; one past it is refused with that limit's code and what would have been right."""
    assert etree.tostring(etree.fromstring(make(most))) == etree.tostring(parse(make(most), bounds))
    problem, finding = refusal(make(most + 1), bounds)
    assert ("too-large", code) == (problem, finding.code)
    assert finding.expected is not None
    assert str(most) in finding.expected


@pytest.mark.parametrize(
    ("make", "most", "code"),
    [
        (body, limits.DEFAULT.body_bytes_max, "body-too-large"),
        (nested, limits.DEFAULT.depth_max, "nesting-too-deep"),
        (siblings, limits.DEFAULT.element_count_max, "elements-too-many"),
        (attributes, limits.DEFAULT.attribute_count_max, "attributes-too-many"),
        (text, limits.DEFAULT.text_bytes_max, "text-too-long"),
    ],
)
def test_default_limit(make: Callable[[int], bytes], most: int, code: str) -> None:
    """The limits in force hold to the last unit."""
    bounds = Limits(text_bytes_max=2**23) if make is body else limits.DEFAULT
    parse(make(most), bounds)
    assert code == refusal(make(most + 1), bounds)[1].code


FLOODS = {
    "depth": (nested(10_000), "nesting-too-deep"),
    "elements": (siblings(1_000_000), "elements-too-many"),
    "attributes": (attributes(200_000), "attributes-too-many"),
    "text": (text(3 * 1024 * 1024), "text-too-long"),
    "body": (body(5 * 1024 * 1024), "body-too-large"),
    "comments": (b"<a>" + b"<!-- -->" * 200_000 + b"</a>", "elements-too-many"),
    "brackets": (b"<" * 1_000_000, "elements-too-many"),
}


@pytest.mark.parametrize("name", FLOODS)
def test_flood(name: str) -> None:
    """A document made to be costly is refused by the limit that it breaks."""
    data, code = FLOODS[name]
    problem, finding = refusal(data)
    assert ("too-large", code) == (problem, finding.code)


MEASURE = """
import sys
from pathlib import Path
from lxml import etree
from onewindow.codecs import Rejected
from onewindow.codecs.parser import parse
from onewindow.codecs.survey import is_without_long_run
from onewindow.codecs.walker import CHOSEN, PYTHON, Walker

def peak():  # a process's maximum by getrusage begins with its parent's, this one with its own
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

floods = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
before = peak()
for flood in floods:
    try:
        parse(flood)
    except Rejected:
        pass
refused = peak()
etree.fromstring(floods[-1])
print((refused - before) // 1024, (peak() - refused) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc, which Linux has")
def test_flood_memory(tmp_path: Path) -> None:
    """Refusing every flood costs a process some megabytes; building the tree of one alone costs it many times that."""
    for index, name in enumerate(sorted(FLOODS, key="elements".__eq__)):
        (tmp_path / str(index)).write_bytes(FLOODS[name][0])
    command = [sys.executable, "-c", MEASURE, str(tmp_path)]
    output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    refused, built = map(int, output.split())
    assert refused < 16, "MiB for all refusals"
    assert built > 64, "MiB for one tree, the control"


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        EXTERNAL,
        EXTERNAL_SUBSET,
        b"<!DOCTYPE a><a/>",
        b"<?xml version='1.0'?>\n<!--<a>--><!DOCTYPE a []><a/>",
        b"<?p ??><!-- - --><!DOCTYPE a><a/>",
    ],
    ids=["bomb", "external entity", "external subset", "bare", "after a comment", "after an instruction"],
)
def test_doctype(data: bytes) -> None:
    """A document type declaration is refused wherever it may stand, and so is every entity."""
    problem, finding = refusal(data)
    assert ("forbidden-construct", "doctype-forbidden") == (problem, finding.code)


def test_doctype_line() -> None:
    """The refusal of a document type declaration names its line."""
    assert 3 == refusal(b"<?xml version='1.0'?>\n\n<!DOCTYPE a><a/>")[1].line


@pytest.mark.parametrize(
    "data", [b"<a><![CDATA[<!DOCTYPE a>]]></a>", b"<!-- <!DOCTYPE a> --><a/>", b"<a/><!--<!DOCTYPE-->"]
)
def test_doctype_as_text(data: bytes) -> None:
    """What only looks like a document type declaration, in text or in a comment, is none."""
    assert "a" == parse(data).tag


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("document", [BOMB, b"<a/>"])
def test_wide_encoding(encoding: str, document: bytes) -> None:
    """UTF-16 and UTF-32 are refused as encodings, so that nothing hides in them."""
    problem, finding = refusal(document.decode().encode(encoding))
    assert ("forbidden-construct", "encoding-unsupported") == (problem, finding.code)


@pytest.mark.parametrize("name", ["UTF-16", "utf-7", "ISO-8859-1", "GB18030", "ebcdic-cp-us", "ISO-10646-UCS-4"])
def test_declared_encoding(name: str) -> None:
    """A document that declares another encoding than UTF-8 is refused and told which one is expected."""
    data = f"<?xml version='1.0' encoding='{name}'?><a/>".encode()
    problem, finding = refusal(data)
    assert ("forbidden-construct", name, "UTF-8") == (problem, finding.value, finding.expected)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf<a>\xe6\xb5\xb7</a>",
        b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><a>\xe6\xb5\xb7</a>",
        b'<?xml version="1.0" encoding="utf-8" standalone="yes"?><a>\xe6\xb5\xb7</a>',
        b"<a>&#x6d77;</a>",
        b"<?xml version='1.0' encoding='US-ASCII'?><a>&#28023;</a>",
    ],
)
def test_accepted_encoding(data: bytes) -> None:
    """UTF-8 is taken with and without byte order mark and declaration, ASCII as the part of it that it is."""
    assert "海" == parse(data).text


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b"  \n ", 2, "empty"),
        (b"<a>\n<b>\n</a>", 3, "does not match"),
        (b"<a>\n<b>", 2, "is not closed"),
        (b"<a/>\n<b/>", 2, "second root element"),
        (b"<a>\n\x01</a>", 2, "cannot carry"),
        (b"<a>\n\xff</a>", 2, "not UTF-8"),
        (b"<a>\n\xc0\xaf</a>", 2, "not UTF-8"),
        (b"<a>\n&x;</a>", 2, "no character by the name &x;"),
        (b"<a>\n&lt</a>", 2, "semicolon"),
        (b"<a\nb='1' b='2'/>", 2, "twice"),
        (b"<a\nb=1/>", 2, "quotes"),
        (b"<a>\n<x:b/></a>", 2, "prefix"),
        (b"<a>\n1 < 2</a>", 2, "bare"),
        (b"{}", 1, ""),
    ],
)
def test_not_well_formed(data: bytes, line: int, reason: str) -> None:
    """Broken XML is refused with the line and the reason in words, none of them the parser's jargon."""
    problem, finding = refusal(data)
    assert ("not-well-formed", "not-well-formed", line) == (problem, finding.code, finding.line)
    assert reason in finding.message.en
    assert "StartTag" not in finding.message.en


def test_nothing_fetched() -> None:
    """XInclude and schema locations are text like any other: nothing they name is read."""
    data = (
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/"><xi:include href="file:///etc/hostname"/></a>'
    )
    assert data == etree.tostring(parse(data))


CUTS = {
    b"<a>x</a>": (False, False),
    b"<?xml version='1.0'?><a>x<b/></a>": (False, False),
    b"\xef\xbb\xbf<?xml version='1.0'?>\n<a>\n<b>x</b>\n</a>": (False, False),
    b"<a>x<!-- c --></a>": (True, True),
    b"<a> <!-- c --> x</a>": (True, True),
    b"<a>x<?p q?></a>": (True, True),
    b"<a><![CDATA[x]]></a>": (True, True),
    b"<a>x\r</a>": (True, True),
    b"<a><!--</a>": (True, True),
    b"<a><?p </a>": (True, True),
    b"<a><b>x</b><!-- c --><b/></a>": (True, False),
    b"<!-- c --><a><b>x</b></a>": (True, False),
    b"<?p q?><a>x</a>": (True, False),
    b"<a>\r\n<b>x</b>\r\n</a>": (True, False),
    b"<a b='!'>x</a>": (True, False),
}


@pytest.mark.parametrize("data", CUTS)
def test_may_cut_texts(data: bytes) -> None:
    """What may cut a text in two is always seen; the Python form sees it in some documents where it cuts none."""
    by_python, by_compiled = CUTS[data]
    assert by_python is PYTHON.may_cut_texts(data)
    if CHOSEN is not PYTHON:
        assert by_compiled is CHOSEN.may_cut_texts(data)


@pytest.mark.parametrize("walker", [PYTHON, CHOSEN], ids=["python", "chosen"])
@pytest.mark.parametrize("data", CUTS)
def test_blanks_in_texts_stay(data: bytes, walker: Walker) -> None:
    """Without `keeps_blanks` no text of an element without children loses a blank."""
    padded = data.replace(b"x", b" x ")
    try:
        kept = parse(padded, walker=walker, is_bare=True)
    except Rejected:
        return
    dropped = parse(padded, walker=walker, is_bare=True, keeps_blanks=False)
    leaves = [[each.text for each in root.iter("*") if len(each) == 0] for root in (kept, dropped)]
    assert leaves[0] == leaves[1]
    assert " x " in (leaves[0][0] or "")


@pytest.mark.parametrize("walker", [PYTHON, CHOSEN], ids=["python", "chosen"])
def test_blanks_between_elements(walker: Walker) -> None:
    """With `keeps_blanks`, or among comments, blanks between elements stay; without it they may go, others never."""
    data = b"<a>\n <b> </b>\n <b> x</b> </a>"
    assert data == etree.tostring(parse(data, walker=walker, is_bare=True))
    assert b"<a><b> </b><b> x</b></a>" == etree.tostring(parse(data, walker=walker, is_bare=True, keeps_blanks=False))
    cut = b"<a> <b> <!-- c --></b> </a>"
    assert b"<a> <b> </b> </a>" == etree.tostring(parse(cut, walker=walker, is_bare=True, keeps_blanks=False))


@pytest.mark.parametrize(
    ("data", "most"),
    [
        (b"", 0),
        (b"<a/>", 3),
        (b"12345<", 5),
        (b"<a>123</a>", 5),
        (b"<a/>1234567", 10),
        (b"<" * 9, 0),
        (b"<a>" + b"x" * 500 + b"</a><b/>", 502),
    ],
)
def test_long_runs(data: bytes, most: int) -> None:
    """So many bytes between one tag and the next are no long run, one fewer allowed and they are."""
    assert is_without_long_run(data, most)
    assert most == 0 or not is_without_long_run(data, most - 1)


@pytest.mark.parametrize("walker", [PYTHON, CHOSEN], ids=["python", "chosen"])
@pytest.mark.parametrize("cut", [b"<!-- c -->", b"<?p q?>", b"<![CDATA[x]]>", b""])
def test_joined_texts(cut: bytes, walker: Walker) -> None:
    """A text is as long as all its pieces: at the limit it is taken, one past it refused, whatever cuts it."""
    pieces = 1 if b"CDATA" in cut else 0
    at, past = (b"<a>" + b"y" * 50 + cut + b"z" * (size - 50 - pieces) + b"</a>" for size in (100, 101))
    bounds = Limits(text_bytes_max=100)
    assert 100 == len(parse(at, bounds, walker, is_bare=True).text or "")
    with pytest.raises(Rejected) as caught:
        parse(past, bounds, walker, is_bare=True)
    assert ["text-too-long"] == [finding.code for finding in caught.value.findings]


@pytest.mark.parametrize("walker", [PYTHON, CHOSEN], ids=["python", "chosen"])
def test_crowds(walker: Walker) -> None:
    """Tags and equals signs are a crowd one past the number that is allowed, and not at it."""
    data = b"<a b=''/>" * 300
    assert not walker.is_crowded(data, 300, 300)
    assert walker.is_crowded(data, 299, 300)
    assert walker.is_crowded(data, 300, 299)
