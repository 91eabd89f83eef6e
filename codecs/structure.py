"""The types of an XSD as declarations of a module: what becomes a struct, an enumeration or an alias."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace
from xmlschema import XMLSchemaBase
from xmlschema.validators import XsdAnyElement, XsdElement

from .binding import ANY, XSI
from .datatypes import needs_zone, python_type
from .facets import ANY_TYPE, constraints, enumeration, primitive_of
from .finding import Text
from .generated import Alias, Declaration, Enumeration, Field, Member, Record, annotated, quoted
from .labels import XSD, documentation
from .naming import TAKEN_TYPES, field_name, member_name, module_name, type_name, unused
from .particles import Leaf, leaves_of, namespace_of
from .unsupported import unsupported

BINDING_SOURCE: Final = "urn:onewindow:binding"
"""`source` of the `xs:appinfo` that names the field of a wildcard."""

_HINT: Final = Text("Where a processor may look for the schema; kept as it was written", "")


class Scope(Struct, kw_only=True):
    """What a module holds of a schema: one file of several, or the whole."""

    namespaces: dict[str, str]
    """The constant for each namespace; the document's is NAMESPACE."""
    is_whole: bool = False
    file: str = ""
    homes: dict[str, str] = field(default_factory=dict)
    """The file of each named type, where each file is a module."""
    origins: dict[str, str] = field(default_factory=dict)
    """Names of types from other modules, as they are used -> the module."""


class Types:
    """Declares the types of a schema for one module as they are asked for."""

    def __init__(self, schema: XMLSchemaBase, scope: Scope) -> None:
        self.schema = schema
        self.scope = scope
        self.namespaces: set[str] = set()
        """Those that single fields name."""
        self._declared: dict[str, Declaration] = {}
        self._names: dict[str, str] = {}
        self._pending: list[tuple[Any, str, Any]] = []
        self._derived = _derived_types(schema)
        elements = schema.maps.elements.values()
        self._of_roots = {id(each.type) for each in elements if scope.is_whole and not each.type.is_simple()}

    def all_declared(self) -> tuple[Declaration, ...]:
        """Every declaration, those included that the others need."""
        while self._pending:
            type_, name, user = self._pending.pop(0)
            self.declare(type_, name, user)
        return tuple(self._declared.values())

    def declare(self, type_: Any, name: str, user: Any = None) -> None:
        """Declare a type under a name; `user` is an element whose documentation stands in for the type's."""
        self._declared[name] = self._declaration(type_, name, user)

    def reference(self, type_: Any, user: Any) -> str:
        """The name of a type, as source text, for the element or attribute `user`."""
        if type_.is_simple() and XSD in (type_.name or ""):
            return self._builtin(type_, user)
        if type_.name == ANY_TYPE:
            raise unsupported("an element of xs:anyType, which may hold anything", user)
        if type_.name is None:
            return self._anonymous(type_, user)
        if not self.scope.is_whole:
            name = type_name(type_.local_name)
            home = self.scope.homes[type_.name]
            if home != self.scope.file:
                self.scope.origins[name] = module_name(home)
            return name
        if type_.name not in self._names:
            name = unused(type_name(type_.local_name), {*self._names.values(), *self._declared, *self._constants()})
            self._names[type_.name] = name
            self._pending.append((type_, name, user))
        return self._names[type_.name]

    def _constants(self) -> set[str]:
        return {*self.scope.namespaces.values(), *TAKEN_TYPES}

    def _anonymous(self, type_: Any, user: Any) -> str:
        """A type without a name is called as its element; two that say the same are one."""
        wanted = type_name(user.local_name)
        made = self._declaration(type_, wanted, user)
        tried: set[str] = set()
        while True:
            name = unused(wanted, tried)
            if self._declared.get(name) == replace(made, name=name):
                return name
            if name not in {*self._declared, *self._names.values(), *self._constants()}:
                self._declared[name] = replace(made, name=name)
                return name
            tried.add(name)

    def _declaration(self, type_: Any, name: str, user: Any) -> Declaration:
        words = documentation(type_.elem if type_.is_complex() or type_.name is None else _outer(type_))
        if self.scope.is_whole and not words.en and user is not None:
            words = documentation(user.elem)
        if type_.is_simple():
            return self._simple(type_, name, words)
        return self._complex(type_, name, words)

    def _simple(self, type_: Any, name: str, words: Text) -> Declaration:
        values = enumeration(type_) if primitive_of(type_) == "string" else []
        if values:
            members: dict[str, Member] = {}
            for value, label in values:
                member = unused(member_name(value), members)
                members[member] = Member(member, value, label)
            return Enumeration(name, words, tuple(members.values()))
        python = self._builtin(type_, type_)
        meta = tuple(constraints(type_, python))
        if python == "dt.datetime" and needs_zone(type_):
            meta += (("tz", "True"),)
        return Alias(name, words, python, meta)

    def _builtin(self, type_: Any, user: Any) -> str:
        python = python_type(type_)
        if python is None:
            raise unsupported("a value of type xs:QName or xs:NOTATION, whose prefix would lose its meaning", user)
        return python

    def _complex(self, type_: Any, name: str, words: Text) -> Record:
        if type_.mixed and not type_.has_simple_content():
            raise unsupported(f"complex type {name} with mixed content", type_)
        taken = _Names()
        fields = []
        if type_.has_simple_content():
            value = self._text(type_, name)
            fields.append(Field(name=taken.field("value"), element=taken.member("value"), type=value, place="content"))
        else:
            fields += [self._leaf(leaf, name, taken) for leaf in leaves_of(type_.content)]
        fields += self._attributes(type_, taken)
        own = self._own_namespace(type_)
        fields = [self._placed(each, own) for each in fields]
        has_elements = any(each.place == "element" for each in fields)
        if own != self.schema.target_namespace and has_elements:
            self.namespaces.add(own)
            xmlns = self.scope.namespaces.get(own, quoted(own))
        else:
            xmlns = ""
        return Record(name, words, tuple(fields), xmlns=xmlns, tag=self._tag(type_))

    def _own_namespace(self, type_: Any) -> str:
        """The namespace of most of a type's elements."""
        if type_.has_simple_content():
            return str(self.schema.target_namespace)
        found = [
            namespace_of(each) for leaf in leaves_of(type_.content) for each in leaf.components if _is_element(each)
        ]
        return max(found, key=found.count) if found else str(self.schema.target_namespace)

    def _placed(self, one: Field, own: str) -> Field:
        """The field with its namespace said where it is not the one of its struct."""
        if one.place in ("content", "wildcard", "items"):
            return one
        usual = own if one.place == "element" else ""
        if one.namespace == usual:
            return replace(one, namespace="")
        self.namespaces.add(one.namespace)
        constant = self.scope.namespaces.get(one.namespace, quoted(one.namespace))
        return replace(one, namespace="", extra=(*one.extra, ("namespace", constant)))

    def _text(self, type_: Any, name: str) -> str:
        """The type of the text of an element with attributes."""
        content = type_.content
        if content.name is not None:
            return self.reference(content, type_)
        made = self._simple(content, f"{name}Value", Text("", ""))
        if isinstance(made, Alias):
            return annotated(made)
        taken = {*self._declared, *self._names.values(), *self._constants()}
        made = replace(made, name=unused(made.name, taken))
        self._declared[made.name] = made
        return made.name

    def _leaf(self, leaf: Leaf, owner: str, taken: _Names) -> Field:
        occurs = (leaf.least, leaf.most)
        if len(leaf.components) > 1:
            return self._items(leaf, owner, taken)
        (component,) = leaf.components
        if isinstance(component, XsdAnyElement):
            return self._wildcard(component, occurs, taken)
        declared = component.ref or component
        extra: tuple[tuple[str, str], ...] = ()
        name = component.local_name
        member = taken.member(name)
        if member != name:
            extra += (("name", quoted(name)),)
        words = documentation(component.elem)
        if not words.en and self.scope.is_whole:
            words = documentation(declared.elem)
        if declared.nillable:
            if not declared.type.is_simple() and declared.type.attributes:
                raise unsupported("a nillable element with attributes", component)
            extra += (("nillable", "True"),)
        given = declared.default if declared.default is not None else declared.fixed
        if given is not None:
            extra += (("default", quoted(given)),)
            words = _with_default(words, given)
        types, is_abstract = self._types(component)
        if is_abstract:
            extra += (("abstract", "True"),)
        return Field(
            name=taken.field(name),
            element=member,
            label=words,
            type=types,
            namespace=namespace_of(component),
            occurs=occurs,
            extra=extra,
            is_nillable=declared.nillable,
        )

    def _types(self, component: Any) -> tuple[str, bool]:
        """The types an element may have by `xsi:type`, and whether the declared one is not among them."""
        type_ = component.type
        derived = [] if type_.is_simple() or type_.name is None else self._derived.get(type_.name, [])
        is_abstract = not type_.is_simple() and type_.abstract
        if is_abstract and not derived:
            raise unsupported(f"abstract type {type_.local_name} that no type extends", component)
        types = [*([] if is_abstract else [type_]), *derived]
        return " | ".join(self.reference(each, component) for each in types), is_abstract

    def _items(self, leaf: Leaf, owner: str, taken: _Names) -> Field:
        """The field for children whose order has to be kept, and the struct of one of them."""
        inner = _Names()
        fields = [self._leaf(Leaf((each,), 0, 1), owner, inner) for each in leaf.components]
        namespaces = [each.namespace for each in fields if each.place == "element"]
        target = str(self.schema.target_namespace)
        own = max(namespaces, key=namespaces.count) if namespaces else target
        self.namespaces.add(own)
        made = Record(
            name="",
            label=Text(f"One child of {owner}: exactly one of the fields is set", ""),
            fields=tuple(self._placed(each, own) for each in fields),
            xmlns="" if own == target else self.scope.namespaces.get(own, quoted(own)),
        )
        name = unused(f"{owner}Item", {*self._declared, *self._names.values(), *self._constants()})
        self._declared[name] = replace(made, name=name)
        return Field(
            name=taken.field("items"),
            element=taken.member("items"),
            label=Text("In the order of the document", ""),
            type=name,
            place="items",
            occurs=(leaf.least, None),
        )

    def _wildcard(self, particle: XsdAnyElement, occurs: tuple[int, int | None], taken: _Names) -> Field:
        names = [
            (info.text or "").strip()
            for info in particle.elem.iterfind(f"{XSD}annotation/{XSD}appinfo")
            if info.get("source") == BINDING_SOURCE
        ]
        name = names[0] if names else "any"
        listed = sorted(particle.namespace)
        is_open = any(each in ("##any", "##other") for each in listed) or bool(particle.not_namespace) or not listed
        return Field(
            name=taken.field(name),
            element=taken.member(name),
            label=documentation(particle.elem),
            type="str",
            place="wildcard",
            namespace=ANY if is_open else " ".join(listed),
            occurs=occurs,
        )

    def _attributes(self, type_: Any, taken: _Names) -> Iterator[Field]:
        for name, attribute in type_.attributes.items():
            if name is None:
                raise unsupported("an attribute wildcard", type_ if attribute.elem is None else attribute)
            if attribute.use == "prohibited":
                continue
            local = attribute.local_name
            member = taken.attribute(local)
            given = attribute.default if attribute.default is not None else attribute.fixed
            words = documentation(attribute.elem)
            yield Field(
                name=taken.field(local, "_attribute"),
                element=member,
                label=words if given is None else _with_default(words, given),
                type=self.reference(attribute.type, attribute),
                place="attribute",
                namespace=namespace_of(attribute),
                occurs=(1 if attribute.use == "required" else 0, 1),
                extra=() if member == local else (("name", quoted(local)),),
            )
        if id(type_) in self._of_roots and not type_.has_simple_content():
            local = "schemaLocation" if self.schema.target_namespace else "noNamespaceSchemaLocation"
            yield Field(
                name=taken.field(local, "_hint"),
                element=taken.attribute(f"xsi:{local}"),
                label=_HINT,
                type="Verbatim",
                place="attribute",
                namespace=XSI,
                occurs=(0, 1),
                extra=(("name", quoted(local)),),
            )

    def _tag(self, type_: Any) -> str:
        """The type as `xsi:type` names it, for a struct that stands in a union or may."""
        if type_.name is None or type_.has_simple_content():
            return ""
        is_derived = any(type_ in each for each in self._derived.values())
        return str(type_.name) if is_derived or self._derived.get(type_.name) else ""


class _Names:
    """The names that the fields of one struct have, in Python and in JSON."""

    def __init__(self) -> None:
        self._fields: set[str] = set()
        self._members: set[str] = set()

    def field(self, name: str, suffix: str = "") -> str:
        """A name for a field; one that is taken gets the suffix, then a number."""
        found = field_name(name)
        if found in self._fields:
            found = unused(f"{found}{suffix}", self._fields)
        self._fields.add(found)
        return found

    def member(self, name: str) -> str:
        """A name for a member in JSON; one that is taken gets a number."""
        found = unused(name, self._members)
        self._members.add(found)
        return found

    def attribute(self, name: str) -> str:
        """A name for a member in JSON that is an attribute; `@` where an element is called the same."""
        return self.member(name if name not in self._members else f"@{name}")


def _derived_types(schema: XMLSchemaBase) -> dict[str, list[Any]]:
    """The concrete types that extend each complex type, directly or not, by the name of that type."""
    found: dict[str, list[Any]] = {}
    for type_ in schema.maps.types.values():
        if XSD in (type_.name or "") or type_.is_simple() or type_.has_simple_content() or type_.abstract:
            continue
        base, is_extended = type_, False
        while base.base_type is not None and base.base_type.is_complex() and base.base_type.name != ANY_TYPE:
            is_extended = is_extended or base.derivation == "extension"
            base = base.base_type
            if is_extended:
                found.setdefault(str(base.name), []).append(type_)
    return found


def _is_element(component: Any) -> bool:
    return isinstance(component, XsdElement)


def _outer(type_: Any) -> Any:
    """The element of a named simple type, where its documentation stands: xmlschema keeps the restriction in it."""
    for element in type_.schema.root:
        if element.get("name") == type_.local_name and element.tag == f"{XSD}simpleType":
            return element
    return type_.elem


def _with_default(words: Text, given: str) -> Text:
    stop = "" if not words.en or words.en[-1] in ".!?" else "."
    return Text(f"{words.en}{stop} Without a value: {given}".strip(), words.zh)
