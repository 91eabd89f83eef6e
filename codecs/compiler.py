"""From an XSD to typed structs: reads the schema's model and says what the generated modules hold.

    python -m onewindow.codecs.compiler            writes codecs/messages/ anew
    python -m onewindow.codecs.compiler --check    names the modules that are not fresh, and exits 1 if there are any

What structs cannot say without losing something is refused with the construct and its line, never passed over.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from lxml import etree
from xmlschema import XMLSchema10, XMLSchemaBase
from xmlschema.validators import XsdAnyElement, XsdAtomicRestriction, XsdComplexType, XsdComponent, XsdElement, XsdGroup

from .facets import constraints, enumeration
from .finding import Text
from .generated import Alias, Declaration, Enumeration, Field, Member, Module, Record, source_of
from .labels import XSD, documentation

BINDING_SOURCE: Final = "urn:onewindow:binding"
"""`source` of the `xs:appinfo` that names the field of a wildcard."""

_BUILTINS: Final = {
    "string": "str",
    "token": "str",
    "anyURI": "str",
    "boolean": "bool",
    "decimal": "Decimal",
    "integer": "int",
    "nonNegativeInteger": "int",
    "positiveInteger": "int",
    "dateTime": "dt.datetime",
    "date": "dt.date",
}
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TAKEN_FIELDS: Final = frozenset(
    {"bool", "class", "dt", "field", "from", "import", "int", "is", "pass", "str", "tuple"}
)
_TAKEN_TYPES: Final = frozenset(
    {"Annotated", "Attribute", "Content", "Decimal", "Final", "Meta", "NAMESPACE", "StrEnum", "Struct", "WILDCARD"}
)


class UnsupportedConstruct(Exception):
    """A construct of XSD that the generated structs cannot express; `file` and `line` say where it stands."""

    def __init__(self, construct: str, file: str, line: int | None) -> None:
        super().__init__(f"{file}:{line}: {construct}")
        self.construct = construct
        self.file = file
        self.line = line


def field_name(element: str) -> str:
    """The struct field for an element or attribute name: `FunctionalReferenceID` -> `functional_reference_id`."""
    name = _WORDS.sub("_", element).replace("-", "_").replace(".", "_").lower()
    return f"{name}_" if name in _TAKEN_FIELDS else name


def member_name(code: str) -> str:
    """The enumeration member for a code: the code itself in upper case, `_` for what a name cannot hold."""
    name = re.sub(r"\W", "_", code, flags=re.ASCII).upper()
    return f"_{name}" if not name or name[0].isdigit() else name


def module_name(file: str) -> str:
    """The module for an XSD file: `market-supervision.xsd` -> `market_supervision`."""
    return file.removesuffix(".xsd").replace("-", "_")


def compile_schema(path: Path, binding: str = "onewindow.codecs.binding") -> dict[str, str]:
    """The Python modules for the XSD at `path` and those it includes: module name -> source text.

    `binding` is the module that they import the marks of their fields from. Raises UnsupportedConstruct for what
    structs cannot say, and xmlschema's XMLSchemaParseError or OSError for an XSD that is not one.
    """
    schema = XMLSchema10(str(path))
    reader = _Reader(schema)
    return {module_name(module.file): source_of(module, binding) for module in reader.modules()}


class _Reader:
    """Reads one schema and what it includes, file by file."""

    def __init__(self, schema: XMLSchemaBase) -> None:
        self.schema = schema
        self.files = {_file(schema): schema}
        pending = [schema]
        while pending:
            for included in pending.pop().includes.values():
                if _file(included) not in self.files:
                    self.files[_file(included)] = included
                    pending.append(included)
        if schema.imports:
            raise UnsupportedConstruct("xs:import", _file(schema), None)
        self.homes = {name: _file(type_.schema) for name, type_ in schema.maps.types.items() if XSD not in name}
        self.origins: dict[str, str] = {}
        self.file = ""

    def modules(self) -> Iterator[Module]:
        """One module for each file, in the order in which they are included."""
        for file, schema in self.files.items():
            self.file = file
            self.origins = {}
            declarations = tuple(self._declarations(schema))
            yield Module(
                file=self.file,
                label=documentation(schema.root),
                namespace=self.schema.target_namespace if self.schema is schema else "",
                declarations=declarations,
                origins=self.origins,
            )

    def _declarations(self, schema: XMLSchemaBase) -> Iterator[Declaration]:
        for element in schema.root:
            kind = element.tag.removeprefix(XSD)
            if kind in ("simpleType", "complexType"):
                type_: Any = schema.maps.types[f"{{{self.schema.target_namespace}}}{element.get('name')}"]
                label = documentation(element)
                yield self._complex(type_, label) if kind == "complexType" else self._simple(type_, label)
            elif kind not in ("element", "include", "annotation"):
                raise self._unsupported(f"xs:{kind}", schema, element)

    def _simple(self, type_: Any, label: Text) -> Declaration:
        if not isinstance(type_, XsdAtomicRestriction):
            raise self._refused(f"simple type {type_.local_name} that is not a restriction", type_)
        name = _type_name(type_)
        values = enumeration(type_)
        if values:
            members = tuple(Member(member_name(value), value, words) for value, words in values)
            if len({member.name for member in members}) < len(members):
                raise self._refused(f"simple type {name} with codes that differ in case or punctuation alone", type_)
            return Enumeration(name, label, members)
        return Alias(name, label, self._builtin(type_, type_), tuple(constraints(type_)))

    def _builtin(self, type_: Any, user: XsdComponent) -> str:
        while XSD not in (type_.name or ""):
            type_ = type_.base_type
        name = type_.local_name or ""
        if name not in _BUILTINS:
            raise self._refused(f"a value of type xs:{name}", user)
        return _BUILTINS[name]

    def _complex(self, type_: XsdComplexType, label: Text) -> Record:
        name = _type_name(type_)
        refused = {
            "abstract": type_.abstract,
            "mixed content": type_.mixed,
            "derivation": not type_.has_simple_content() and type_.derivation is not None,
        }
        for construct, present in refused.items():
            if present:
                raise self._refused(f"complex type {name} with {construct}", type_)
        fields = [*self._content(type_), *self._attributes(type_)]
        names = [field.name for field in fields]
        if len(set(names)) < len(names):
            raise self._refused(f"complex type {name} with one name twice", type_)
        return Record(name, label, tuple(fields))

    def _content(self, type_: XsdComplexType) -> Iterator[Field]:
        if isinstance(type_.content, XsdGroup):
            if type_.content.model != "sequence" or type_.content.occurs != (1, 1):
                raise self._refused(f"a {type_.content.model} that is not one sequence", type_.content)
            for particle in type_.content:
                yield self._particle(particle)
        else:
            value = self._reference(type_.content, type_)
            yield Field(name="value", element="value", label=Text("", ""), type=value, place="content")

    def _particle(self, particle: XsdComponent) -> Field:
        if isinstance(particle, XsdAnyElement):
            return self._wildcard(particle)
        if not isinstance(particle, XsdElement):
            raise self._refused("a group inside a sequence", particle)
        if particle.ref is not None:
            raise self._refused("an element by reference", particle)
        if particle.nillable or particle.default is not None or particle.fixed is not None:
            raise self._refused("an element that is nillable, fixed or has a default", particle)
        name = particle.local_name
        return Field(
            name=field_name(name),
            element=name,
            label=documentation(particle.elem),
            type=self._reference(particle.type, particle),
            occurs=(particle.min_occurs, particle.max_occurs),
        )

    def _wildcard(self, particle: XsdAnyElement) -> Field:
        names = [
            (info.text or "").strip()
            for info in particle.elem.iterfind(f"{XSD}annotation/{XSD}appinfo")
            if info.get("source") == BINDING_SOURCE
        ]
        namespaces = sorted(particle.namespace)
        if not names or len(namespaces) != 1 or namespaces[0].startswith("##"):
            raise self._refused("a wildcard without one namespace and a name in an xs:appinfo", particle)
        if particle.process_contents != "skip" or particle.occurs != (0, 1):
            raise self._refused("a wildcard that is not optional, single and skipped", particle)
        return Field(
            name=field_name(names[0]),
            element=names[0],
            label=documentation(particle.elem),
            type="str",
            place="wildcard",
            namespace=namespaces[0],
            occurs=(0, 1),
        )

    def _attributes(self, type_: XsdComplexType) -> Iterator[Field]:
        for name, attribute in type_.attributes.items():
            if name is None or attribute.use == "prohibited" or name.startswith("{"):
                raise self._refused("an attribute wildcard, prohibition or namespace", type_)
            if attribute.default is not None or attribute.fixed is not None:
                raise self._refused("an attribute that is fixed or has a default", attribute)
            yield Field(
                name=field_name(name),
                element=name,
                label=documentation(attribute.elem),
                type=self._reference(attribute.type, attribute),
                place="attribute",
                occurs=(1 if attribute.use == "required" else 0, 1),
            )

    def _reference(self, type_: Any, user: XsdComponent) -> str:
        if type_.name is None:
            raise self._refused("an anonymous type", type_)
        if XSD in type_.name:
            return self._builtin(type_, user)
        home = self.homes[type_.name]
        if home != self.file:
            self.origins[_type_name(type_)] = module_name(home)
        return _type_name(type_)

    def _refused(self, construct: str, component: XsdComponent) -> UnsupportedConstruct:
        return self._unsupported(construct, component.schema, component.elem)

    def _unsupported(self, construct: str, schema: XMLSchemaBase, element: object) -> UnsupportedConstruct:
        return UnsupportedConstruct(construct, _file(schema), _line(schema, element))


def _type_name(type_: XsdComponent) -> str:
    name = (type_.local_name or "").replace("-", "_").replace(".", "_")
    return f"{name}_" if name in _TAKEN_TYPES else name


def _path(schema: XMLSchemaBase) -> Path:
    return Path(unquote(urlsplit(schema.url or "").path))


def _file(schema: XMLSchemaBase) -> str:
    return _path(schema).name


def _line(schema: XMLSchemaBase, element: object) -> int | None:
    """The line of a schema's element: xmlschema keeps none, so lxml reads the file and the same place is looked up."""
    lines = etree.parse(str(_path(schema))).getroot().iter(etree.Element)
    for counterpart, twin in zip(schema.root.iter(), lines, strict=False):
        if counterpart is element:
            return int(twin.sourceline)
    return None


def fresh_modules(schemas: Path) -> Mapping[str, str]:
    """Every module of codecs/messages/ as it should be, from the XSDs in `schemas`: module name -> source text."""
    modules: dict[str, str] = {}
    for path in sorted(schemas.glob("*.xsd")):
        if etree.parse(str(path)).getroot().get("targetNamespace") is not None:
            for name, source in compile_schema(path, binding="..binding").items():
                if modules.setdefault(name, source) != source:
                    raise UnsupportedConstruct(f"module {name} means two things", path.name, None)
    return modules


def main(arguments: list[str]) -> int:
    """Write or check codecs/messages/; exit status 0 for done or fresh, 1 for not fresh, 2 for wrong usage."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m onewindow.codecs.compiler [--check]\n")
        return 2
    package = Path(__file__).parent
    target = package / "messages"
    modules = fresh_modules(package.parent / "schemas")
    present = {path.stem: path.read_text("utf-8") for path in target.glob("*.py") if path.stem != "__init__"}
    stale = sorted(name for name in modules.keys() | present.keys() if modules.get(name) != present.get(name))
    for name in stale:
        sys.stderr.write(f"codecs/messages/{name}.py {'is not fresh' if arguments else 'written'}\n")
        if not arguments:
            _write(target / f"{name}.py", modules.get(name))
    return 1 if stale and arguments else 0


def _write(path: Path, source: str | None) -> None:
    if source is None:
        path.unlink()
    else:
        path.write_text(source, "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
