# How structs stand in XML, as the walk wants to know it: `binding.Record` and `binding.Slot` with C's strings.

cdef enum:
    DEPTH_MAX = 256  # levels of elements: libxml2's parser takes no more, and each costs some C stack
    SPACES_MAX = 16
    ROOM = 16_384
    SPARE_BYTES_MAX = 8_388_608  # of the memory that is kept from one document to the next
    FEW = 16  # fields of a struct whose values need no memory of their own

cdef enum Act:
    UNKNOWN
    TEXT
    VERBATIM
    CODE
    BOOLEAN
    INTEGER
    DECIMAL
    DOUBLE
    DATE_TIME
    DATE
    RECORD
    FOREIGN
    ITEM

cdef dict ACTS = {
    Kind.TEXT: TEXT,
    Kind.CODE: CODE,
    Kind.BOOLEAN: BOOLEAN,
    Kind.INTEGER: INTEGER,
    Kind.DECIMAL: DECIMAL,
    Kind.DOUBLE: DOUBLE,
    Kind.DATE_TIME: DATE_TIME,
    Kind.DATE: DATE,
    Kind.RECORD: RECORD,
}
cdef object DECIMAL_TYPE = Decimal
cdef object NOT_GIVEN = NODEFAULT
cdef object EXACTLY = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[InvalidOperation]).create_decimal
"""What makes decimals of text sooner than their type does, and with so many digits rounds none."""
cdef object UTC = timezone.utc
cdef dict ZONES = {0: UTC}  # by minutes east


cdef struct Key:
    unsigned int hash
    Py_ssize_t at  # in `_Shape.by_name`; -1 where the place is free


cdef inline unsigned int hashed(const char* name) noexcept nogil:
    """Of the length and three of the characters, which nearly always tell the children of one element apart."""
    cdef size_t size = strlen(name)
    cdef unsigned int value = <unsigned int>size
    if size:
        value ^= (<unsigned int>name[0] << 6) ^ (<unsigned int>name[size >> 1] << 12) ^ (<unsigned int>name[size - 1] << 18)
    value *= 1_640_531_527
    return value ^ (value >> 15)


@cython.final
cdef class _Slot:
    """One field as it stands in one element: `binding.Slot`, with its names as C strings and its codes by their text.

    Of items there is one for each kind of child: an ITEM, which holds the slot of the item that the child fills.
    """

    cdef Act act
    cdef bint repeatable, has_default
    cdef int space
    cdef Py_ssize_t index
    cdef bytes uri_held, name_held, start, end
    cdef const char* uri
    cdef const char* name
    cdef str field
    cdef object absent
    cdef dict members
    cdef const char* recent  # the code that was met last, and its text, which lives as long as its enumeration
    cdef Py_ssize_t recent_size
    cdef PyObject* recent_member
    cdef _Shape shape
    cdef _Slot inner


@cython.final
cdef class _Shape:
    """One struct type in an element of one namespace: `binding.Record`."""

    cdef object type
    cdef Py_ssize_t count  # of its fields
    cdef Py_ssize_t* offsets  # of each field where it is in the struct
    cdef bint is_plain  # whether its structs can be filled field by field
    cdef list defaults  # of each field what it is when absent, NODEFAULT for one that is required
    cdef list attributes
    cdef list by_name  # slots of the child elements that are known by their names
    cdef list by_space  # slots of wildcards, those for one namespace first
    cdef list children  # slots of all child elements in the order in which they are written
    cdef bytes repeatable  # of each field 1 where it is repeatable
    cdef const char* is_repeatable
    cdef _Slot content
    cdef Key* keys  # the slots of `by_name` by the hashes of their names; a place that is taken sends on to the next
    cdef unsigned int mask

    def __dealloc__(self):
        PyMem_Free(self.keys)
        PyMem_Free(self.offsets)

    cdef int index(self) except -1:
        """Make the keys."""
        cdef Py_ssize_t at
        cdef unsigned int room = 4
        cdef unsigned int place
        cdef _Slot slot
        while room < 2 * len(self.by_name):
            room *= 2
        self.keys = <Key*>PyMem_Malloc(room * sizeof(Key))
        if self.keys == NULL:
            raise MemoryError
        self.mask = room - 1
        for place in range(room):
            self.keys[place].at = -1
        for at, slot in enumerate(self.by_name):
            place = hashed(slot.name) & self.mask
            while self.keys[place].at >= 0:
                place = (place + 1) & self.mask
            self.keys[place].hash, self.keys[place].at = hashed(slot.name), at
        return 0

    cdef int lay_out(self, fields) except -1:
        """Find the fields in the struct: msgspec keeps each as a member, as `__slots__` are kept."""
        cdef Py_ssize_t at
        self.count = len(fields)
        self.offsets = <Py_ssize_t*>PyMem_Malloc(max(self.count, 1) * sizeof(Py_ssize_t))
        if self.offsets == NULL:
            raise MemoryError
        self.is_plain = not hasattr(self.type, "__post_init__")
        for at, field in enumerate(fields):
            self.offsets[at] = member_offset(getattr(self.type, field.name))
            if self.offsets[at] < 0 or field.default_factory is not NODEFAULT:
                self.is_plain = False
        return 0


cdef class _Table:
    """The shapes of a record and of all that it holds, each by the namespace of the element that it fills."""

    cdef dict shapes
    cdef list spaces

    def __cinit__(self):
        self.shapes = {}
        self.spaces = []

    cdef _Shape shape(self, record, str around):
        cdef _Shape shape
        if (id(record), around) in self.shapes:
            return self.shapes[id(record), around]
        shape = self.shapes[id(record), around] = _Shape()
        info = inspect.type_info(record.type)
        shape.type = record.type
        shape.defaults = [_default(field) for field in info.fields]
        shape.repeatable = bytes([slot.repeatable for slot in record.slots])
        shape.is_repeatable = shape.repeatable
        shape.attributes, shape.by_name, shape.by_space, shape.children = [], [], [], []
        made, prefixes = {}, prefixes_of(record.attributes)
        for index, (slot, field) in enumerate(zip(record.slots, info.fields, strict=True)):
            made[slot.field] = self.slot(slot, field, index, around, prefixes)
            self.place(shape, slot, made[slot.field])
        for tag, slot in record.by_tag.items():
            if slot.place is Place.ITEMS:
                self.place_item(shape, slot.record.by_tag[tag], made[slot.field])
            elif slot.place is Place.ELEMENT:
                shape.by_name.append(made[slot.field])
        shape.index()
        shape.lay_out(info.fields)
        return shape

    cdef place(self, _Shape shape, given, _Slot slot):
        slot.absent = shape.defaults[slot.index]
        if given.place is Place.CONTENT:
            shape.content = slot
        elif given.place is Place.ATTRIBUTE:
            shape.attributes.append(slot)
        else:
            shape.children.append(slot)
        if given.place is Place.WILDCARD:
            if given.tag == ANY:
                shape.by_space.append(slot)
            else:
                shape.by_space.insert(0, slot)

    cdef _Slot slot(self, given, field, Py_ssize_t index, str around, dict prefixes):
        cdef _Slot slot = _Slot()
        slot.index, slot.field, slot.repeatable = index, given.field, given.repeatable
        slot.uri_held, slot.name_held = given.namespace.encode(), given.local.encode()
        slot.uri, slot.name = slot.uri_held, slot.name_held
        if given.namespace not in self.spaces:
            self.spaces.append(given.namespace)
        slot.space = self.spaces.index(given.namespace)
        slot.act = _act(given)
        slot.has_default = given.default is not None
        if slot.act == CODE:
            slot.members = _members(field.type)
            slot.act = UNKNOWN if slot.members is None else CODE
            slot.recent_size = -1
        elif slot.act == RECORD:
            slot.shape = self.shape(given.record, given.namespace)
        elif slot.act == ITEM:
            slot.shape = self.shape(given.record, around)
        if given.place is Place.ATTRIBUTE:
            name = f"{prefixes[given.namespace]}:{given.local}" if given.namespace else given.local
            slot.start, slot.end = f' {name}="'.encode(), b'"'
        else:
            slot.start, slot.end = _start(given.record, given.local, given.namespace, around), f"</{given.local}>".encode()
        return slot

    cdef place_item(self, _Shape shape, given, _Slot items):
        """The slot for one kind of child among items."""
        cdef _Slot slot = _Slot()
        cdef _Slot inner
        (inner,) = (each for each in items.shape.children if (<_Slot>each).field == given.field)
        slot.act = UNKNOWN if inner.repeatable or inner.act == ITEM else ITEM
        slot.index, slot.field, slot.repeatable, slot.shape = items.index, items.field, items.repeatable, items.shape
        slot.space, slot.uri, slot.name, slot.inner = inner.space, inner.uri, inner.name, inner
        if given.place is not Place.WILDCARD:
            shape.by_name.append(slot)
        elif given.tag == ANY:
            shape.by_space.append(slot)
        else:
            shape.by_space.insert(0, slot)


cdef bytes _start(record, str name, str namespace, str around):
    """The start tag of an element, up to its attributes; `record` is what it holds, None for a text."""
    prefixes = {} if record is None else prefixes_of(record.attributes)
    return Opening(name, namespace, around, "").start(prefixes).encode()


cdef Act _act(given):
    if given.place is Place.WILDCARD:
        return UNKNOWN if " " in given.namespace else FOREIGN
    if given.nillable or given.variants is not None or (given.record is not None and given.record.tag is not None):
        return UNKNOWN
    if given.place is Place.ITEMS:
        return ITEM
    if given.kind is Kind.TEXT and given.verbatim:
        return VERBATIM
    if given.kind is Kind.RECORD and given.default is not None:
        return UNKNOWN
    return ACTS.get(given.kind, UNKNOWN)


cdef object _default(field):
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


cdef dict _members(type_):
    """The codes of an enumeration by their text; None where it is not one of texts."""
    while not isinstance(type_, inspect.EnumType):
        if isinstance(type_, inspect.UnionType):
            (type_,) = (each for each in type_.types if not isinstance(each, inspect.NoneType))
        elif isinstance(type_, inspect.VarTupleType):
            type_ = type_.item_type
        else:
            type_ = type_.type
    return {each.value: each for each in type_.cls} if issubclass(type_.cls, StrEnum) else None
