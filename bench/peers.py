"""The peers: other ways to read, write, sign and verify the same documents, set up once as their own guides say.

xsdata's dataclasses are generated from the schemas into a temporary folder when they are first asked for.
"""

import os
import subprocess
import sys
from datetime import datetime
from functools import cached_property
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import xmlschema
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.handlers import LxmlEventHandler
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.writers import LxmlEventWriter

from onewindow.codecs.keys import KeyFiles, load_signer


class Lxml:
    """lxml alone: a tree, and whether libxml2 finds it valid."""

    def __init__(self, schema: Path) -> None:
        self._schema = etree.XMLSchema(etree.parse(str(schema)))

    def parsed(self, data: bytes) -> etree._Element:
        """The tree, by lxml's parser as it comes."""
        return etree.fromstring(data)

    def validated(self, root: etree._Element) -> bool:
        """Whether the tree keeps the schema."""
        return bool(self._schema.validate(root))

    def read(self, data: bytes) -> etree._Element:
        """The tree of a document found valid. Raises ValueError."""
        root = etree.fromstring(data)
        if not self._schema.validate(root):
            raise ValueError("invalid")
        return root


class XmlSchema:
    """xmlschema: validation and decoding to dictionaries in Python."""

    def __init__(self, schema: Path) -> None:
        self._schema = xmlschema.XMLSchema(str(schema))

    def read(self, data: bytes) -> object:
        """The document as dictionaries and lists. Raises xmlschema's error where it is invalid."""
        return self._schema.to_dict(data)


class Xsdata:
    """xsdata: dataclasses generated from a schema; its parser (it does not validate) and serializer, both on lxml."""

    def __init__(self, schema: Path, root: str, folder: Path) -> None:
        self.module = generated(schema, folder)
        self._type: type[Any] = getattr(self.module, root)
        self._namespace: str = self._type.Meta.namespace
        context = XmlContext()
        self._parser = XmlParser(context=context, handler=LxmlEventHandler)
        self._serializer = XmlSerializer(context=context, writer=LxmlEventWriter)

    def read(self, data: bytes) -> Any:
        """The document as dataclasses."""
        return self._parser.from_bytes(data, self._type)

    def written(self, value: Any) -> bytes:
        """Dataclasses as a document."""
        return self._serializer.render(value, ns_map={None: self._namespace}).encode()


def generated(schema: Path, folder: Path) -> ModuleType:
    """The module that xsdata writes for a schema into a new folder. Raises CalledProcessError with what it said."""
    folder.mkdir(parents=True)
    name = f"peer_{schema.stem}"
    # It looks for its formatter on the path, and that is installed beside the interpreter.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run(
        [sys.executable, "-m", "xsdata", "generate", schema, "--package", name, "--structure-style", "single-package"],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
    )
    spec = spec_from_file_location(name, folder / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class SignXml:
    """signxml in our profile: enveloped, exclusive C14N, SHA-256, ECDSA over P-256, the certificate inside."""

    def __init__(self, keys: KeyFiles, at: datetime) -> None:
        self._gateway = load_signer(keys.gateway_certificate, keys.gateway_key)
        self._authority = str(keys.authority_certificate)
        exclusive = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
        self._signer = XMLSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256, c14n_algorithm=exclusive)
        self._verifier = XMLVerifier()
        self._profile = SignatureConfiguration(
            location="./",
            signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}),
            digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
            verification_time=at,
        )

    def signed(self, document: bytes) -> bytes:
        """The document with a signature in it."""
        gateway = self._gateway
        root = self._signer.sign(etree.fromstring(document), key=gateway.private_key, cert=[gateway.certificate])
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    def verified(self, document: bytes) -> object:
        """What the signature vouches for. Raises signxml's error where it does not."""
        return self._verifier.verify(document, ca_pem_file=self._authority, expect_config=self._profile)


class XmlSec:
    """The C library xmlsec through its Python binding, in the same profile. Raises ImportError where it is not there.

    It is not everywhere to be had, and has to be built with the libxml2 of this very lxml; so it is no requirement.
    """

    def __init__(self, keys: KeyFiles) -> None:
        import xmlsec

        self._xmlsec = xmlsec
        names = xmlsec.constants
        self._key = xmlsec.Key.from_file(str(keys.gateway_key), names.KeyDataFormatPem)
        self._key.load_cert_from_file(str(keys.gateway_certificate), names.KeyDataFormatPem)
        self._trusted = xmlsec.KeysManager()
        self._trusted.load_cert(str(keys.authority_certificate), names.KeyDataFormatPem, names.KeyDataTypeTrusted)

    def signed(self, document: bytes) -> bytes:
        """The document with a signature in it."""
        root = etree.fromstring(document)
        names, template = self._xmlsec.constants, self._xmlsec.template
        signature = template.create(root, names.TransformExclC14N, names.TransformEcdsaSha256)
        root.append(signature)
        reference = template.add_reference(signature, names.TransformSha256, uri="")
        template.add_transform(reference, names.TransformEnveloped)
        template.add_transform(reference, names.TransformExclC14N)
        template.x509_data_add_certificate(template.add_x509_data(template.ensure_key_info(signature)))
        context = self._xmlsec.SignatureContext()
        context.key = self._key
        context.sign(signature)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    def verified(self, document: bytes) -> object:
        """The tree whose signature was found good. Raises xmlsec's error where it is not."""
        root = etree.fromstring(document)
        context = self._xmlsec.SignatureContext(self._trusted)
        context.verify(root[-1])
        return root


class Peers:
    """The peers on one schema, each set up when it is first asked for. `folder`: a new one, for what is generated."""

    def __init__(self, schema: Path, root: str, folder: Path) -> None:
        self._schema = schema
        self._root = root
        self._folder = folder

    @cached_property
    def lxml(self) -> Lxml:
        """The parser and libxml2's validation, and nothing else."""
        return Lxml(self._schema)

    @cached_property
    def xmlschema(self) -> XmlSchema:
        """Validation and dictionaries, in Python."""
        return XmlSchema(self._schema)

    @cached_property
    def xsdata(self) -> Xsdata:
        """Generated dataclasses."""
        return Xsdata(self._schema, self._root, self._folder)
