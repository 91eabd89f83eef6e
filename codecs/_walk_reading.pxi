# From libxml2's tree to structs.


cdef struct Walk:
    PyObject* root
    const char* seen[SPACES_MAX]  # of each namespace the pointer by which it was last met: one for most documents


cdef inline bint is_blank(char c) noexcept nogil:
    return c == 0x20 or c == 0x0A or c == 0x09 or c == 0x0D


cdef bint _in_space(Walk* walk, _Slot slot, const char* uri) noexcept:
    if uri == NULL:
        return slot.uri[0] == 0
    if slot.space < SPACES_MAX and walk.seen[slot.space] == uri:
        return True
    if strcmp(slot.uri, uri) != 0:
        return False
    if slot.space < SPACES_MAX:
        walk.seen[slot.space] = uri
    return True


cdef _Slot _slot_of(Walk* walk, _Shape shape, Py_ssize_t* last, xmlNode* node):
    """The slot of a child element: that of the one before it, that which follows in the schema, or any."""
    cdef const char* name = <const char*>node.name
    cdef const char* uri = NULL
    cdef Py_ssize_t count = len(shape.by_name)
    cdef Py_ssize_t at
    cdef unsigned int hash
    cdef unsigned int place
    cdef _Slot slot
    if node.ns != NULL:
        uri = <const char*>node.ns.href
    for at in range(last[0], min(last[0] + 2, count)):
        slot = <_Slot>PyList_GET_ITEM(shape.by_name, at)
        if slot.name[0] == name[0] and strcmp(slot.name, name) == 0 and _in_space(walk, slot, uri):
            last[0] = at
            return slot
    hash = hashed(name)
    place = hash & shape.mask
    while shape.keys[place].at >= 0:
        at = shape.keys[place].at
        slot = <_Slot>PyList_GET_ITEM(shape.by_name, at)
        if shape.keys[place].hash == hash and strcmp(slot.name, name) == 0 and _in_space(walk, slot, uri):
            last[0] = at
            return slot
        place = (place + 1) & shape.mask
    for slot in shape.by_space:
        if slot.uri[0] == c"*" or _in_space(walk, slot, uri):
            return slot
    raise _Irregular


cdef bytes _joined(xmlNode* node):
    """The text of nodes that a comment, a processing instruction or a CDATA section cuts in pieces."""
    cdef list pieces = []
    while node != NULL:
        if node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE:
            if node.content != NULL:
                pieces.append(<bytes><const char*>node.content)
        elif node.type != XML_COMMENT_NODE and node.type != XML_PI_NODE:
            raise _Irregular
        node = node.next
    return b"".join(pieces)


cdef object _leaf(_Slot slot, xmlNode* first):
    """The value of an element or attribute whose children start with `first`."""
    cdef bytes joined
    if first == NULL:
        return _value(slot, "", 0)  # an element without text
    if first.next == NULL and first.type == XML_TEXT_NODE and first.content != NULL:
        return _value(slot, <const char*>first.content, strlen(<const char*>first.content))
    joined = _joined(first)
    return _value(slot, PyBytes_AS_STRING(joined), PyBytes_GET_SIZE(joined))


cdef object _value(_Slot slot, const char* text, Py_ssize_t size):
    if slot.has_default and size == 0:
        raise _Irregular
    if slot.act == VERBATIM:
        return PyUnicode_DecodeUTF8(<char*>text, size, NULL)
    while size and is_blank(text[0]):
        text += 1
        size -= 1
    while size and is_blank(text[size - 1]):
        size -= 1
    if slot.act == TEXT:
        return _collapsed(text, size)
    elif slot.act == CODE:
        return _code(slot, text, size)
    elif slot.act == DECIMAL:
        return _decimal(text, size)
    elif slot.act == INTEGER:
        return _integer(text, size)
    elif slot.act == DATE_TIME:
        return _date_time(text, size)
    elif slot.act == DATE:
        if size != 10:
            raise _Irregular
        return date_new(_year(text), _two(text + 5), _two(text + 8))
    elif slot.act == BOOLEAN:
        return _boolean(text, size)
    elif slot.act == DOUBLE:
        return DECIMAL_TYPE(PyUnicode_DecodeUTF8(<char*>text, size, NULL))
    raise _Irregular


cdef object _collapsed(const char* text, Py_ssize_t size):
    cdef Py_ssize_t at
    cdef unsigned char c
    cdef unsigned char every = 0
    for at in range(size):
        c = text[at]
        every |= c
        if c <= 0x20 and is_blank(c) and (c != 0x20 or text[at + 1] == 0x20):
            return b" ".join(text[:size].split()).decode()
    return PyUnicode_DecodeUTF8(<char*>text, size, NULL) if every & 0x80 else _ascii(text, size)


cdef inline object _ascii(const char* text, Py_ssize_t size):
    made = PyUnicode_New(size, 0x7F)
    memcpy(PyUnicode_DATA(made), text, size)
    return made


cdef object _code(_Slot slot, const char* text, Py_ssize_t size):
    """The member of an enumeration: often that of the element before."""
    cdef PyObject* member
    if size == slot.recent_size and memcmp(text, slot.recent, size) == 0:
        return <object>slot.recent_member
    member = PyDict_GetItem(slot.members, PyUnicode_DecodeUTF8(<char*>text, size, NULL))
    if member == NULL:
        raise _Irregular
    slot.recent = PyUnicode_AsUTF8AndSize(<object>member, &slot.recent_size)
    slot.recent_member = member
    return <object>member


cdef object _boolean(const char* text, Py_ssize_t size):
    if (size == 4 and strncmp(text, "true", 4) == 0) or (size == 1 and text[0] == c"1"):
        return True
    if (size == 5 and strncmp(text, "false", 5) == 0) or (size == 1 and text[0] == c"0"):
        return False
    raise _Irregular


cdef object _decimal(const char* text, Py_ssize_t size):
    cdef Py_ssize_t at
    for at in range(size):
        if not (c"0" <= text[at] <= c"9" or text[at] == c"." or text[at] == c"-" or text[at] == c"+"):
            raise _Irregular
    return PyObject_CallOneArg(EXACTLY, _ascii(text, size))


cdef object _integer(const char* text, Py_ssize_t size):
    cdef long long number = 0
    cdef bint negative = size > 0 and text[0] == c"-"
    if size and (text[0] == c"-" or text[0] == c"+"):
        text += 1
        size -= 1
    if not 0 < size <= 18:
        raise _Irregular
    while size:
        if not c"0" <= text[0] <= c"9":
            raise _Irregular
        number = 10 * number + (text[0] - c"0")
        text += 1
        size -= 1
    return -number if negative else number


cdef int _two(const char* text) except -1:
    if not (c"0" <= text[0] <= c"9" and c"0" <= text[1] <= c"9"):
        raise _Irregular
    return 10 * (text[0] - c"0") + (text[1] - c"0")


cdef int _year(const char* text) except -1:
    """The year of `YYYY-MM-DD`, its dashes checked."""
    if text[4] != c"-" or text[7] != c"-":
        raise _Irregular
    return 100 * _two(text) + _two(text + 2)


cdef object _date_time(const char* text, Py_ssize_t size):
    """`YYYY-MM-DDThh:mm:ss[.f{1,6}](Z|+hh:mm|-hh:mm)`; one without a zone is left to the Python form."""
    cdef int micro = 0
    cdef int weight = 100_000
    cdef int minutes = 0
    cdef Py_ssize_t at = 19
    if size < 20 or text[10] != c"T" or text[13] != c":" or text[16] != c":":
        raise _Irregular
    if text[at] == c".":
        at += 1
        while c"0" <= text[at] <= c"9":
            micro += weight * (text[at] - c"0")
            weight //= 10
            at += 1
        if at == 20 or at > 26:
            raise _Irregular
    if size - at == 6 and (text[at] == c"+" or text[at] == c"-") and text[at + 3] == c":":
        minutes = 60 * _two(text + at + 1) + _two(text + at + 4)
        if text[at] == c"-":
            minutes = -minutes
    elif size - at != 1 or text[at] != c"Z":
        raise _Irregular
    zone = ZONES.get(minutes)
    if zone is None:
        zone = ZONES[minutes] = timezone(timedelta(minutes=minutes))
    return datetime_new(
        _year(text), _two(text + 5), _two(text + 8), _two(text + 11), _two(text + 14), _two(text + 17), micro, zone
    )


cdef object _child(Walk* walk, _Slot slot, xmlNode* node, int depth):
    if slot.act == RECORD:
        return _read(walk, slot.shape, node, depth + 1)
    if slot.act == ITEM:
        return _item(slot, _child(walk, slot.inner, node, depth))
    if slot.act != FOREIGN:
        return _leaf(slot, node.children)
    element = elementFactory((<_Element>walk.root)._doc, node)
    if next(element.iter(etree.PI), None) is not None:
        raise _Irregular
    return whole(element)


cdef object _item(_Slot slot, value):
    """The item that has this value and no other."""
    cdef _Shape shape = slot.shape
    made = _empty(shape)
    _keep(shape, <PyObject*>made, slot.inner, value)
    _complete(shape, <PyObject*>made)
    return made


cdef inline PyObject** _field(_Shape shape, PyObject* struct, Py_ssize_t at) noexcept:
    """Where a struct keeps a field; NULL stands there until it is set."""
    return <PyObject**>(<char*>struct + shape.offsets[at])


cdef inline object _empty(_Shape shape):
    """A struct none of whose fields is set yet: nobody else may see it before `_complete`."""
    if not shape.is_plain:
        raise _Irregular
    return PyType_GenericAlloc(<PyTypeObject*>shape.type, 0)


cdef object _read(Walk* walk, _Shape shape, xmlNode* element, int depth):
    """The struct of an element."""
    if depth > DEPTH_MAX:
        raise _Irregular
    made = _empty(shape)
    _fill(walk, shape, element, <PyObject*>made, depth)
    _complete(shape, <PyObject*>made)
    return made


cdef int _fill(Walk* walk, _Shape shape, xmlNode* element, PyObject* made, int depth) except -1:
    """Set the fields that are there."""
    cdef xmlNode* node
    cdef Py_ssize_t last = 0
    cdef _Slot slot
    if element.properties != NULL and shape.attributes:
        _fill_attributes(walk, shape, element.properties, made)
    if shape.content is not None:
        return _keep(shape, made, shape.content, _leaf(shape.content, element.children))
    node = element.children
    while node != NULL:
        if node.type == XML_ELEMENT_NODE:
            slot = _slot_of(walk, shape, &last, node)
            _keep(shape, made, slot, _child(walk, slot, node, depth))
        elif node.type != XML_TEXT_NODE and node.type != XML_COMMENT_NODE and node.type != XML_PI_NODE:
            raise _Irregular
        node = node.next
    return 0


cdef int _fill_attributes(Walk* walk, _Shape shape, xmlAttr* attribute, PyObject* made) except -1:
    cdef _Slot slot
    cdef const char* uri
    while attribute != NULL:
        uri = NULL
        if attribute.ns != NULL:
            uri = <const char*>attribute.ns.href
        for slot in shape.attributes:
            if strcmp(slot.name, <const char*>attribute.name) == 0 and _in_space(walk, slot, uri):
                _keep(shape, made, slot, _leaf(slot, attribute.children))
                break
        attribute = attribute.next
    return 0


cdef int _keep(_Shape shape, PyObject* made, _Slot slot, value) except -1:
    """Set a field; a repeatable one to a tuple with the first value, to a list with more of them."""
    cdef PyObject** field = _field(shape, made, slot.index)
    cdef PyObject* before = field[0]
    if before == NULL:
        if slot.repeatable:
            value = (value,)
    elif not slot.repeatable:
        raise _Irregular
    elif PyList_CheckExact(<object>before):
        (<list>before).append(value)
        return 0
    else:
        value = [<object>PyTuple_GET_ITEM(<object>before, 0), value]
    Py_INCREF(value)
    field[0] = <PyObject*>value
    Py_XDECREF(before)
    return 0


cdef int _complete(_Shape shape, PyObject* made) except -1:
    """Set the fields that are not there to what they are then, and make tuples of lists."""
    cdef PyObject** field
    cdef PyObject* before
    cdef PyObject* absent
    cdef Py_ssize_t at
    for at in range(shape.count):
        field = _field(shape, made, at)
        before = field[0]
        if before == NULL:
            absent = PyList_GET_ITEM(shape.defaults, at)
            if absent == <PyObject*>NOT_GIVEN:
                raise _Irregular  # a field that is required and not there
            Py_INCREF(<object>absent)
            field[0] = absent
        elif shape.is_repeatable[at] and PyList_CheckExact(<object>before):
            value = PyList_AsTuple(<list>before)
            Py_INCREF(value)
            field[0] = <PyObject*>value
            Py_XDECREF(before)
    return 0


@cython.final
cdef class Decoder:
    """Reads validated trees of one root element into structs of one type; see `decoder.Decoder`."""

    cdef _Shape shape
    cdef bint is_known
    cdef object fallback

    def __init__(self, record, fallback):
        """`record` describes the root; `fallback` is the Python form, called as `decode` is."""
        self.shape = _Table().shape(record, record.namespace)
        self.is_known = record.tag is None
        self.fallback = fallback

    def decode(self, _Element root not None, bint is_bare=False):
        """The struct for a tree that the schema has found valid."""
        cdef Walk walk
        cdef int at
        for at in range(SPACES_MAX):
            walk.seen[at] = NULL
        walk.root = <PyObject*>root
        try:
            if not self.is_known:
                raise _Irregular
            return _read(&walk, self.shape, root._c_node, 1)
        except (_Irregular, ValueError, ArithmeticError):
            return self.fallback(root, is_bare)
