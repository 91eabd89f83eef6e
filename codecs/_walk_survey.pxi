# How large a document is: the compiled form of `survey`.


cdef Py_ssize_t _text_size(xmlNode* node) noexcept nogil:
    if node != NULL and (node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE) and node.content != NULL:
        return strlen(<const char*>node.content)
    return 0


cdef Py_ssize_t _longest(xmlNode* node, Py_ssize_t most) noexcept nogil:
    """The size of a text, or of an element's first attribute, that is longer than `most` bytes; or 0."""
    cdef Py_ssize_t size = _text_size(node)
    cdef xmlAttr* attribute
    cdef xmlNode* piece
    if node.type == XML_ELEMENT_NODE:
        attribute = node.properties
        while attribute != NULL and size <= most:
            size = 0
            piece = attribute.children
            while piece != NULL:
                size += _text_size(piece)
                piece = piece.next
            attribute = attribute.next
    return size if size > most else 0


cdef xmlNode* _after(xmlNode* node, xmlNode* top, int* depth) noexcept nogil:
    """The node that follows in the order of the document, and its depth; NULL after the last."""
    if node.type == XML_ELEMENT_NODE and node.children != NULL:
        depth[0] += 1
        return node.children
    while node != top and node.next == NULL:
        depth[0] -= 1
        node = node.parent
    return NULL if node == top else node.next


def is_deeper(_Element root not None, int levels):
    """Whether elements are nested in more than `levels` levels, the root being the first."""
    cdef xmlNode* node = root._c_node
    cdef int depth = 1
    while node != NULL:
        if depth > levels and node.type == XML_ELEMENT_NODE:
            return True
        node = _after(node, root._c_node, &depth)
    return False


def long_text(_Element root not None, Py_ssize_t most):
    """The bytes in UTF-8 of the first text or attribute's value that has more than `most` of them; 0 if none has."""
    cdef xmlNode* node = root._c_node
    cdef int depth = 1
    cdef Py_ssize_t size = 0
    while node != NULL and size == 0:
        size = _longest(node, most)
        node = _after(node, root._c_node, &depth)
    return size


def marks(bytes data not None):
    """How often `<`, `</`, `=` and quotes occur in a document, wherever they stand."""
    cdef const unsigned char* text = <const unsigned char*>PyBytes_AS_STRING(data)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(data)
    cdef Py_ssize_t starts = 0, ends = 0, equals = 0, quotes = 0
    cdef Py_ssize_t block, count, at
    cdef unsigned char few_starts, few_ends, few_equals, few_quotes  # one byte each, so that the compiler may use vectors
    for block in range(0, size, 255):
        few_starts = few_ends = few_equals = few_quotes = 0
        count = min(255, size - block)
        for at in range(count):
            few_starts += text[at] == c"<"
            few_ends += (text[at] == c"<") & (text[at + 1] == c"/")
            few_equals += text[at] == c"="
            few_quotes += (text[at] == c'"') | (text[at] == c"'")
        starts += few_starts
        ends += few_ends
        equals += few_equals
        quotes += few_quotes
        text += count
    return starts, ends, equals, quotes


def may_cut_texts(bytes data not None):
    """Whether something may stand in the text of an element without children beside characters; see `survey`."""
    cdef const char* at = PyBytes_AS_STRING(data)
    cdef const char* opened = NULL  # the start tag, if that was the last tag
    cdef bint has_returns = memchr(at, c"\r", PyBytes_GET_SIZE(data)) != NULL
    cdef bint is_cut = False
    at = strchr(at, c"<")
    while at != NULL:
        if at[1] == c"/":
            if opened != NULL and (is_cut or (has_returns and memchr(opened, c"\r", at - opened) != NULL)):
                return True
            opened = NULL
        elif at[1] == c"!" or at[1] == c"?":
            if at[1] == c"!" and strncmp(at, "<!--", 4) != 0:
                return True  # a CDATA section
            is_cut = True
            at = strstr(at + 4, "-->") if at[1] == c"!" else strstr(at + 2, "?>")
            if at == NULL:
                return True
        else:
            opened, is_cut = at, False
        at = strchr(at + 1, c"<")
    return False
