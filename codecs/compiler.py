"""From an XSD to typed structs: reads the schema's model and says what the generated modules hold.

    python -m onewindow.codecs.compiler            writes codecs/messages/ anew
    python -m onewindow.codecs.compiler --check    names the modules that are not fresh, and exits 1 if there are any

`onewindow bindings` compiles any other XSD. What structs cannot say without losing something is refused with the
construct and its line, never passed over.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree
from xmlschema import XMLSchema10, XMLSchemaBase

from .finding import Text
from .generated import Declaration, Module, source_of
from .labels import XSD, documentation
from .naming import TAKEN_TYPES, constant_name, module_name, type_name, unused
from .structure import Scope, Types
from .unsupported import UnsupportedConstruct, file_of, unsupported_at

__all__ = ["UnsupportedConstruct", "compile_module", "compile_schema", "fresh_modules"]

_TYPES = ("simpleType", "complexType")
_READ_ELSEWHERE = ("element", "attribute", "group", "attributeGroup", "include", "import", "annotation", "notation")


def compile_module(path: Path, binding: str = "onewindow.codecs.binding") -> str:
    """One Python module for the XSD at `path` with all that it includes and imports, as source text.

    It holds the types that the global elements of the XSD's namespace need, or all of that namespace where it has no
    elements. `binding` is the module that it imports the marks of its fields from. Raises UnsupportedConstruct for what
    structs cannot say, and xmlschema's XMLSchemaParseError or OSError for an XSD that is not one.
    """
    schema = XMLSchema10(str(path), allow="local")
    files = _files(schema)
    for each in _everything(schema):
        _refuse_redefinitions(each)
    constants: dict[str, str] = {schema.target_namespace: "NAMESPACE"}
    for each in _everything(schema):
        name = unused(constant_name(file_of(each)), {*constants.values(), *TAKEN_TYPES})
        constants.setdefault(each.target_namespace, name)
    types = Types(schema, Scope(namespaces=constants, is_whole=True))
    roots: dict[str, str] = {}
    elements = [each for each in schema.maps.elements.values() if each.schema in files]
    for element in elements:
        if not element.type.is_simple() and not element.abstract:
            roots[element.local_name] = types.reference(element.type, element)
    if not elements:
        for type_ in schema.maps.types.values():
            if type_.schema in files:
                types.reference(type_, type_)
    declarations = types.all_declared()
    used = {each.namespace for each in declarations if hasattr(each, "namespace")} | types.namespaces
    label = next((found for each in files if (found := documentation(each.root)).en), Text("", ""))
    return source_of(
        Module(
            file=path.name,
            label=label,
            namespace=schema.target_namespace,
            declarations=declarations,
            origins={},
            constants={name: each for each, name in constants.items() if each in used and name != "NAMESPACE"},
            roots=roots,
        ),
        binding,
    )


def compile_schema(path: Path, binding: str = "onewindow.codecs.binding") -> dict[str, str]:
    """The Python modules for the XSD at `path` and those it includes: module name -> source text.

    `binding` is the module that they import the marks of their fields from. Raises UnsupportedConstruct for what
    structs cannot say, and xmlschema's XMLSchemaParseError or OSError for an XSD that is not one.
    """
    schema = XMLSchema10(str(path), allow="local")
    files = _files(schema)
    if schema.imports:
        raise UnsupportedConstruct("xs:import", file_of(schema), None)
    homes = {name: file_of(type_.schema) for name, type_ in schema.maps.types.items() if XSD not in name}
    modules = {}
    for each in files:
        _refuse_redefinitions(each)
        file = file_of(each)
        origins: dict[str, str] = {}
        scope = Scope(namespaces={schema.target_namespace: "NAMESPACE"}, file=file, homes=homes, origins=origins)
        module = Module(
            file=f"schemas/{file}",
            label=documentation(each.root),
            namespace=schema.target_namespace if each is schema else "",
            declarations=tuple(_declarations(each, Types(schema, scope))),
            origins=origins,
        )
        modules[module_name(file)] = source_of(module, binding)
    return modules


def _declarations(schema: XMLSchemaBase, types: Types) -> Iterator[Declaration]:
    """The declarations of one file, in its order, those of anonymous types before what uses them."""
    for element in schema.root:
        if element.tag.removeprefix(XSD) in _TYPES:
            name = element.get("name")
            namespace = types.schema.target_namespace
            types.declare(schema.maps.types[f"{{{namespace}}}{name}" if namespace else str(name)], type_name(str(name)))
    yield from types.all_declared()


def _refuse_redefinitions(schema: XMLSchemaBase) -> None:
    for element in schema.root:
        kind = element.tag.removeprefix(XSD)
        if kind not in _TYPES and kind not in _READ_ELSEWHERE:
            raise unsupported_at(f"xs:{kind}", schema, element)


def _files(schema: XMLSchemaBase) -> list[XMLSchemaBase]:
    """The schema and those it includes, each once, in the order in which they are included."""
    files = {file_of(schema): schema}
    pending = [schema]
    while pending:
        for included in pending.pop().includes.values():
            if file_of(included) not in files:
                files[file_of(included)] = included
                pending.append(included)
    return list(files.values())


def _everything(schema: XMLSchemaBase) -> Iterator[XMLSchemaBase]:
    """Every schema that is included or imported, directly or not."""
    for schemas in schema.maps.namespaces.values():
        for each in schemas:
            if each.meta_schema is not None:
                yield each


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
