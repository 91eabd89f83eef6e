# From structs to bytes.


cdef struct Buffer:
    char* data
    Py_ssize_t used
    Py_ssize_t room


# What the last document was written into, for the next one: fresh memory is handed out page by page, which for a large
# document costs as much as a part of the writing. Who takes it leaves none, so that two threads never share it.
cdef Buffer SPARE
SPARE.data = NULL


cdef int _take(Buffer* out) except -1:
    out[0] = SPARE
    SPARE.data = NULL
    if out.data == NULL:
        out.data, out.room = <char*>PyMem_Malloc(ROOM), ROOM
        if out.data == NULL:
            raise MemoryError
    out.used = 0
    return 0


cdef void _give_back(Buffer* out) noexcept:
    if SPARE.data != NULL or out.room > SPARE_BYTES_MAX:
        PyMem_Free(out.data)
    else:
        SPARE.data, SPARE.room = out.data, out.room


# What to do with a byte: 0 copy it, 1 escape it, 2 XML cannot carry it, 3 it may start a character of that kind.
cdef unsigned char IN_TEXT[256]
cdef unsigned char IN_ATTRIBUTE[256]


cdef void _classify() noexcept:
    cdef int byte
    for byte in range(256):
        IN_TEXT[byte] = 2 if byte < 0x20 and byte not in (0x09, 0x0A, 0x0D) else 3 if byte == 0xEF else 0
    for byte in (c"&", c"<", c">", 0x0D):
        IN_TEXT[byte] = 1
    memcpy(IN_ATTRIBUTE, IN_TEXT, 256)
    for byte in (c'"', 0x09, 0x0A):
        IN_ATTRIBUTE[byte] = 1


_classify()


cdef int _grow(Buffer* out, Py_ssize_t more) except -1:
    cdef Py_ssize_t room = 2 * out.room + more
    cdef char* data = <char*>PyMem_Realloc(out.data, room)
    if data == NULL:
        raise MemoryError
    out.data, out.room = data, room
    return 0


cdef inline int _put(Buffer* out, const char* data, Py_ssize_t size) except -1:
    if out.room - out.used < size:
        _grow(out, size)
    memcpy(out.data + out.used, data, size)
    out.used += size
    return 0


cdef inline int _put_bytes(Buffer* out, bytes data) except -1:
    return _put(out, PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data))


cdef int _put_reference(Buffer* out, unsigned char byte) except -1:
    if byte == c"&":
        return _put(out, "&amp;", 5)
    if byte == c"<":
        return _put(out, "&lt;", 4)
    if byte == c">":
        return _put(out, "&gt;", 4)
    if byte == c'"':
        return _put(out, "&quot;", 6)
    if byte == 0x0D:
        return _put(out, "&#13;", 5)
    return _put(out, "&#9;" if byte == 0x09 else "&#10;", 4 if byte == 0x09 else 5)


cdef int _put_escaped(Buffer* out, const unsigned char* text, Py_ssize_t size, const unsigned char* table) except -1:
    """Bytes of UTF-8, which end with a zero, as text or attribute."""
    cdef Py_ssize_t start = 0
    cdef Py_ssize_t at
    cdef unsigned char what
    for at in range(size):
        what = table[text[at]]
        if what == 0:
            continue
        if what == 1:
            _put(out, <const char*>text + start, at - start)
            _put_reference(out, text[at])
            start = at + 1
        elif what == 2 or (text[at + 1] == 0xBF and text[at + 2] >= 0xBE):
            raise _Irregular
    return _put(out, <const char*>text + start, size - start)


cdef int _put_text(Buffer* out, value, const unsigned char* table) except -1:
    cdef Py_ssize_t size
    cdef const char* text
    cdef bytes encoded
    if not PyUnicode_Check(value):
        raise _Irregular
    if PyUnicode_IS_ASCII(value):
        text = PyUnicode_AsUTF8AndSize(value, &size)
        return _put_escaped(out, <const unsigned char*>text, size, table)
    encoded = PyUnicode_AsUTF8String(value)
    return _put_escaped(out, <const unsigned char*>PyBytes_AS_STRING(encoded), PyBytes_GET_SIZE(encoded), table)


cdef int _put_plain(Buffer* out, value) except -1:
    """A text in which nothing is to be escaped."""
    cdef Py_ssize_t before = out.used
    cdef Py_ssize_t size
    _put_text(out, value, IN_ATTRIBUTE)
    PyUnicode_AsUTF8AndSize(value, &size)
    if out.used - before != size:
        raise _Irregular
    return 0


cdef int _put_foreign(Buffer* out, value) except -1:
    """The text of an element as it stands."""
    cdef Py_ssize_t before = out.used
    cdef bytes encoded
    _put_text(out, value, IN_TEXT)
    out.used = before
    encoded = PyUnicode_AsUTF8String(value)
    return _put_bytes(out, encoded)


cdef int _put_decimal(Buffer* out, value) except -1:
    cdef Py_ssize_t size
    cdef Py_ssize_t at
    cdef const char* text
    if type(value) is not DECIMAL_TYPE:
        raise _Irregular
    written = PyObject_Str(value)
    text = PyUnicode_AsUTF8AndSize(written, &size)
    for at in range(size):
        if not (c"0" <= text[at] <= c"9" or text[at] == c"." or text[at] == c"-"):
            written = positional(written)
            text = PyUnicode_AsUTF8AndSize(written, &size)
            break
    return _put(out, text, size)


cdef int _put_number(Buffer* out, long long number, int width) except -1:
    """A whole number that is not negative, with zeros in front up to `width` digits."""
    cdef char digits[24]
    cdef int at = 24
    while number or 24 - at < width:
        at -= 1
        digits[at] = <char>(c"0" + number % 10)
        number //= 10
    return _put(out, digits + at, 24 - at)


cdef int _put_integer(Buffer* out, value) except -1:
    cdef long long number
    if type(value) is not int or not -1_000_000_000_000_000_000 < value < 1_000_000_000_000_000_000:
        raise _Irregular
    number = value
    if number < 0:
        _put(out, "-", 1)
    return _put_number(out, -number if number < 0 else number, 1)


cdef int _put_date(Buffer* out, value) except -1:
    _put_number(out, PyDateTime_GET_YEAR(value), 4)
    _put(out, "-", 1)
    _put_number(out, PyDateTime_GET_MONTH(value), 2)
    _put(out, "-", 1)
    return _put_number(out, PyDateTime_GET_DAY(value), 2)


cdef int _put_date_time(Buffer* out, value) except -1:
    cdef long long seconds
    if not PyDateTime_CheckExact(value):
        raise _Irregular
    zone = datetime_tzinfo(value)
    if zone is None:
        raise _Irregular
    _put_date(out, value)
    _put(out, "T", 1)
    _put_number(out, datetime_hour(value), 2)
    _put(out, ":", 1)
    _put_number(out, datetime_minute(value), 2)
    _put(out, ":", 1)
    _put_number(out, datetime_second(value), 2)
    if datetime_microsecond(value):
        _put(out, ".", 1)
        _put_number(out, datetime_microsecond(value), 6)
    if zone is UTC:
        return _put(out, "Z", 1)
    offset = value.utcoffset()
    seconds = 86_400 * offset.days + offset.seconds
    if seconds % 60 or offset.microseconds:
        raise _Irregular
    if seconds == 0:
        return _put(out, "Z", 1)
    _put(out, "-" if seconds < 0 else "+", 1)
    seconds = -seconds if seconds < 0 else seconds
    _put_number(out, seconds // 3600, 2)
    _put(out, ":", 1)
    return _put_number(out, seconds // 60 % 60, 2)


cdef int _put_value(Buffer* out, _Slot slot, value, const unsigned char* table) except -1:
    if slot.act == TEXT or slot.act == VERBATIM:
        return _put_text(out, value, table)
    if slot.act == CODE:
        return _put_plain(out, value)
    if slot.act == DECIMAL:
        return _put_decimal(out, value)
    if slot.act == INTEGER:
        return _put_integer(out, value)
    if slot.act == DATE_TIME:
        return _put_date_time(out, value)
    if slot.act == DATE and PyDate_CheckExact(value):
        return _put_date(out, value)
    if slot.act == BOOLEAN and value is True:
        return _put(out, "true", 4)
    if slot.act == BOOLEAN and value is False:
        return _put(out, "false", 5)
    if slot.act == DOUBLE and type(value) is DECIMAL_TYPE:
        return _put_plain(out, PyObject_Str(value).replace("Infinity", "INF"))
    raise _Irregular


cdef int _put_element(Buffer* out, _Slot slot, value, int depth) except -1:
    if slot.act == FOREIGN:
        return _put_foreign(out, value)
    if slot.act == ITEM:
        if type(value) is not slot.shape.type:
            raise _Irregular
        return _put_children(out, slot.shape, <tuple>astuple(value), depth)
    _put_bytes(out, slot.start)
    if slot.act == RECORD:
        _put_record(out, slot.shape, value, depth + 1)
    else:
        _put(out, ">", 1)
        _put_value(out, slot, value, IN_TEXT)
    return _put_bytes(out, slot.end)


cdef int _put_record(Buffer* out, _Shape shape, value, int depth) except -1:
    """The attributes, the end of the start tag, and the content of one element."""
    cdef _Slot slot
    if depth > DEPTH_MAX or type(value) is not shape.type:
        raise _Irregular
    held = astuple(value)
    for slot in shape.attributes:
        given = <object>PyTuple_GET_ITEM(held, slot.index)
        if given is not slot.absent:
            _put_bytes(out, slot.start)
            _put_value(out, slot, given, IN_ATTRIBUTE)
            _put_bytes(out, slot.end)
    _put(out, ">", 1)
    if shape.content is not None:
        return _put_value(out, shape.content, <object>PyTuple_GET_ITEM(held, shape.content.index), IN_TEXT)
    return _put_children(out, shape, <tuple>held, depth)


cdef int _put_children(Buffer* out, _Shape shape, tuple held, int depth) except -1:
    """The child elements of a struct that holds these values."""
    cdef _Slot slot
    cdef PyObject* given
    cdef Py_ssize_t at
    for at in range(len(shape.children)):
        slot = <_Slot>PyList_GET_ITEM(shape.children, at)
        given = PyTuple_GET_ITEM(held, slot.index)
        if given == <PyObject*>slot.absent:
            continue
        if not slot.repeatable:
            _put_element(out, slot, <object>given, depth)
        elif type(<object>given) is tuple:
            for each in <tuple>given:
                _put_element(out, slot, each, depth)
        else:
            raise _Irregular
    return 0


@cython.final
cdef class Encoder:
    """Writes structs of one type as documents; see `encoder.encoder`."""

    cdef _Shape shape
    cdef bint is_known
    cdef object fallback
    cdef bytes start, end

    def __init__(self, record, str root, str namespace, fallback):
        """`record` describes the root; `fallback` is the Python form, called with the struct."""
        self.shape = _Table().shape(record, namespace)
        self.is_known = record.tag is None
        self.fallback = fallback
        self.start = HEAD.encode() + _start(record, root, namespace, "")
        self.end = f"</{root}>".encode()

    def __call__(self, value):
        """The document of a struct."""
        cdef Buffer out
        _take(&out)
        try:
            if not self.is_known:
                raise _Irregular
            _put_bytes(&out, self.start)
            _put_record(&out, self.shape, value, 1)
            _put_bytes(&out, self.end)
            return PyBytes_FromStringAndSize(out.data, out.used)
        except (_Irregular, ValueError):
            return self.fallback(value)
        finally:
            _give_back(&out)
