# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, embedsignature=False
"""The compiled form of decoder and encoder: libxml2's tree to structs and structs to bytes, without a proxy per element.

It takes what is regular, which is nearly every document, and makes structs, decimals, times and codes itself. Whatever
it does not read or write with certainty (an unusual number or time, a slot of a kind it does not know, a value of
another type than the struct's) it leaves, the document as a whole, to the Python form: that form stays the authority,
for values and for errors. It calls no function of libxml2, only follows the pointers of a tree that lxml has built.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.datetime cimport (
    PyDate_CheckExact,
    PyDateTime_CheckExact,
    date_new,
    datetime_hour,
    datetime_microsecond,
    datetime_minute,
    datetime_new,
    datetime_second,
    datetime_tzinfo,
    import_datetime,
)
from cpython.datetime cimport PyDateTime_GET_DAY, PyDateTime_GET_MONTH, PyDateTime_GET_YEAR
from cpython.dict cimport PyDict_GetItem
from cpython.list cimport PyList_AsTuple, PyList_CheckExact
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.object cimport PyObject, PyObject_Str, PyTypeObject
from cpython.ref cimport Py_INCREF, Py_XDECREF
from cpython.unicode cimport PyUnicode_AsUTF8AndSize, PyUnicode_AsUTF8String, PyUnicode_Check, PyUnicode_DecodeUTF8
from libc.string cimport memchr, memcmp, memcpy, strchr, strcmp, strlen, strncmp, strstr
from lxml.includes.etreepublic cimport _Element, elementFactory, import_lxml__etree
from lxml.includes.tree cimport (
    XML_CDATA_SECTION_NODE,
    XML_COMMENT_NODE,
    XML_ELEMENT_NODE,
    XML_PI_NODE,
    XML_TEXT_NODE,
    xmlAttr,
    xmlNode,
)

from datetime import timedelta, timezone
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from enum import StrEnum

from lxml import etree
from msgspec import NODEFAULT, inspect
from msgspec.structs import astuple

from .binding import ANY, Kind, Place
from .decoder import whole
from .encoder import HEAD, Opening, positional, prefixes_of


cdef extern from "lxml-version.h":
    const char* LXML_VERSION_STRING

cdef extern from "libxml/xmlversion.h":
    const int LIBXML_VERSION

cdef extern from "Python.h":
    object PyObject_CallOneArg(object callable, object given)
    bint PyUnicode_IS_ASCII(object text)
    PyObject* PyList_GET_ITEM(object held, Py_ssize_t at)  # borrowed, as those of Cython's own declarations are not
    PyObject* PyTuple_GET_ITEM(object held, Py_ssize_t at)
    object PyType_GenericAlloc(PyTypeObject* type, Py_ssize_t items)
    object PyUnicode_New(Py_ssize_t size, unsigned int most)
    void* PyUnicode_DATA(object text)

cdef extern from *:
    """
    #include <structmember.h>

    static Py_ssize_t member_offset(PyObject *descriptor)
    {
        const PyMemberDef *member;
        if (!Py_IS_TYPE(descriptor, &PyMemberDescr_Type))
            return -1;
        member = ((PyMemberDescrObject *)descriptor)->d_member;
        return member->type == T_OBJECT_EX ? member->offset : -1;
    }
    """
    Py_ssize_t member_offset(object descriptor)  # where an attribute of a type with slots is kept; -1 for another


def _same_release():
    """Whether lxml and its libxml2 are of the releases whose structures this was compiled for."""
    lxml_major = int((<bytes>LXML_VERSION_STRING).split(b".")[0])
    libxml = (LIBXML_VERSION // 10_000, LIBXML_VERSION // 100 % 100)
    return lxml_major == etree.LXML_VERSION[0] and libxml == etree.LIBXML_VERSION[:2]


if not _same_release():
    raise ImportError("compiled for another release of lxml or libxml2")
import_lxml__etree()
import_datetime()


class _Irregular(Exception):
    """Something to be left to the Python form."""


include "_walk_table.pxi"
include "_walk_reading.pxi"
include "_walk_writing.pxi"
include "_walk_survey.pxi"
