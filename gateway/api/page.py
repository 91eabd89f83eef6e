"""The interface as one HTML page, made from its OpenAPI document: no script, no font, no picture from elsewhere."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, Final

Described = Mapping[str, Any]

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --link: light-dark(#075, #5d9); }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
       margin: 0 auto; max-width: 68rem; padding: 1.5rem; }
h1 { margin: 0; } h2 { margin-top: 3rem; border-bottom: 2px solid var(--line); } h3 { margin: 2.5rem 0 .5rem; }
code, pre { font: 14px/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
h3 code { font-size: 1.05rem; } h3 span { font-weight: normal; }
p code, li code { overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .75rem 1rem; overflow: auto; max-height: 30rem; border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border: 1px solid var(--line); }
th { background: var(--soft); white-space: nowrap; } td:first-child { white-space: nowrap; }
main { overflow-wrap: break-word; }
@media (max-width: 40rem) { body { padding: .75rem; font-size: 15px; } h3 code { font-size: .95rem; }
  thead { display: none; } table, tbody, tr, td { display: block; } tr { border: 1px solid var(--line); }
  tr + tr { border-top: 0; } td { border: 0; padding: .2rem .5rem; } td:first-child { white-space: normal; }
  td[data-head]::before { content: attr(data-head) " "; opacity: .6; font-size: .8rem; } td:empty { display: none; }
  td code { overflow-wrap: anywhere; } }
.calls td:first-child, .method { font-weight: bold; } .scroll { overflow-x: auto; }
a { color: var(--link); } summary { cursor: pointer; padding: .2rem 0; }
"""

_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{main}
</main>
</body>
</html>
"""


_CONTENTS: Final = """<p><a href="#served-by-others">What the window calls 窗口调用的接口</a> ·
<a href="#outcomes">Outcomes 办理结果</a> · <a href="#problems">Problems 错误</a> ·
<a href="#findings">Finding codes 问题代码</a> · <a href="#json">JSON</a> ·
<a href="#verifying">Verifying 验签</a></p>"""


def page(document: Described) -> str:
    """The page of an OpenAPI document as `openapi.document` makes it."""
    info = document["info"]
    main = "\n".join(
        [
            f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
            f"<p>{escape(info['summary'])}</p>",
            *_paragraphs(info["description"]),
            '<p>The same for machines 机器可读版本：<a href="/openapi.json">/openapi.json</a></p>',
            _CONTENTS,
            _overview(document),
            *_sections(document),
            *_served_by_others(document),
            _outcomes(document),
            _problems(document),
            _findings(document),
            _points("json", "The JSON twin JSON 形式", document["x-json"]),
            _points("verifying", "Verifying a signature 验签", document["x-verifying"]),
        ]
    )
    return _PAGE.format(title=escape(f"{info['title']} API"), style=_STYLE, main=main)


def _calls(document: Described, tag: str | None = None) -> Iterator[tuple[str, str, Described]]:
    """Method, path and operation of every call, or of those with one tag."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if tag is None or tag in operation["tags"]:
                yield method.upper(), path, operation


def _overview(document: Described) -> str:
    rows = [
        (
            method,
            f'<a href="#{escape(operation["operationId"])}"><code>{escape(path)}</code></a>',
            escape(operation["summary"]),
        )
        for method, path, operation in _calls(document)
    ]
    return "<h2>Calls 接口一览</h2>\n" + _table(("Method 方法", "Path 路径", "What it does 说明"), rows, "calls")


def _sections(document: Described) -> Iterator[str]:
    for tag in document["tags"]:
        yield f"<h2>{escape(tag['description'])}</h2>"
        for method, path, operation in _calls(document, tag["name"]):
            yield from _section(method, path, operation)


def _served_by_others(document: Described) -> Iterator[str]:
    """What the window calls."""
    yield '<h2 id="served-by-others">What the window calls 窗口调用的接口</h2>'
    for operations in document["webhooks"].values():
        for method, operation in operations.items():
            yield from _heading(method.upper(), "url", operation)
            yield from _answers(operation)


def _heading(method: str, path: str, operation: Described) -> Iterator[str]:
    yield f'<h3 id="{escape(operation["operationId"])}"><code>{method} {escape(path)}</code><br>'
    yield f"<span>{escape(operation['summary'])}</span></h3>"
    yield from _paragraphs(operation.get("description", ""))
    if operation["parameters"]:
        yield "<h4>Parameters 参数</h4>"
        yield _table(
            ("Name 名称", "In 位置", "Meaning 说明", "Value 取值"),
            [_parameter(parameter) for parameter in operation["parameters"]],
        )


def _section(method: str, path: str, operation: Described) -> Iterator[str]:
    yield from _heading(method, path, operation)
    yield "<h4>Example 示例</h4>"
    yield f"<pre>{escape(_curl(method, path, operation))}</pre>"
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        for name, example in content.get("examples", {}).items():
            yield f"<details><summary>{escape(name)}, {escape(media_type)}</summary>"
            yield f"<pre>{escape(_shown(example['value']))}</pre></details>"
    yield from _answers(operation)


def _answers(operation: Described) -> Iterator[str]:
    yield "<h4>Answers 响应</h4>"
    yield _table(
        ("Status 状态码", "Meaning 说明", "Media types 媒体类型", "Headers 响应头"),
        [_answer(status, answer) for status, answer in operation["responses"].items()],
    )


def _parameter(parameter: Described) -> tuple[str, ...]:
    schema = parameter["schema"]
    value = " | ".join(map(str, schema["enum"])) if "enum" in schema else schema.get("format", schema["type"])
    limits = [f"{word} {schema[word]}" for word in ("minimum", "maximum", "default") if word in schema]
    return (
        f"<code>{escape(parameter['name'])}</code>",
        escape(parameter["in"]),
        _prose(parameter["description"]),
        escape("; ".join([value, *limits])),
    )


def _answer(status: str, answer: Described) -> tuple[str, ...]:
    types = [
        f'<a href="#problem-{escape(kind)}"><code>{escape(kind)}</code></a>'
        for kind in (each.rpartition(":")[2] for each in answer.get("x-problem-types", ()))
    ]
    return (
        status,
        ", ".join(types) or _prose(answer["description"]),
        _media_types(tuple(answer.get("content", {}))),
        "<br>".join(escape(name) for name in answer.get("headers", {})),
    )


def _media_types(names: tuple[str, ...]) -> str:
    """The media types of an answer; the first is given to whoever names none."""
    marks = ["（default 默认）" if len(names) > 1 and place == 0 else "" for place in range(len(names))]
    return "<br>".join(escape(name + mark) for name, mark in zip(names, marks, strict=True))


_SENDING: Final = {
    "application/x-ndjson": "-X POST -T declarations.ndjson",
}
"""How curl sends a body that is not sent as a whole."""


def _curl(method: str, path: str, operation: Described) -> str:
    """The call as a command line, with the examples of its parameters."""
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", parameter["example"])
    needed = [each for each in operation["parameters"] if each["in"] == "query" and each["required"]]
    if needed:
        path += "?" + "&".join(f"{each['name']}={each['example']}" for each in needed)
    words = [f"curl -i {'-N ' if 'events' in path else ''}'http://127.0.0.1:8080{path}'"]
    if method != "GET" and "requestBody" not in operation:
        words.append(f"-X {method}")
    for media_type in list(operation.get("requestBody", {}).get("content", {}))[:1]:
        words.append(f"-H 'Content-Type: {media_type}'")
        words += [
            f"-H '{each['name']}: {each['example']}'" for each in operation["parameters"] if each["name"] == "Prefer"
        ]
        ending = media_type.rpartition("/")[2]
        name = f"{'declaration' if ending == 'xml' else 'file'}.{ending}"
        words.append(_SENDING.get(media_type, f"--data-binary @{name}"))
    return " \\\n  ".join(words)


def _problems(document: Described) -> str:
    rows = [
        (
            f'<span id="problem-{escape(code)}">{kind["status"]}</span>',
            f"<code>urn:onewindow:problem:{escape(code)}</code>",
            f"{escape(kind['title']['en'])}<br>{escape(kind['title']['zh'])}",
            f"{escape(kind['detail']['en'])}<br>{escape(kind['detail']['zh'])}",
        )
        for code, kind in document["x-problems"].items()
    ]
    return '<h2 id="problems">Problems 错误</h2>\n' + _table(
        ("Status 状态码", "type", "Title 标题", "Detail 说明"), rows
    )


def _outcomes(document: Described) -> str:
    rows = [
        (
            f"<code>{escape(code)}</code>",
            f"{escape(outcome['name']['en'])}<br>{escape(outcome['name']['zh'])}",
            "yes 是" if outcome["released"] else "no 否",
            _both(outcome["meaning"]),
        )
        for code, outcome in document["x-outcomes"].items()
    ]
    heads = ("Code 代码", "Outcome 办理结果", "Goods may move 准予提离", "Meaning 含义")
    return '<h2 id="outcomes">Outcomes 办理结果</h2>\n' + _table(heads, rows)


def _findings(document: Described) -> str:
    rows = [(f"<code>{escape(code)}</code>", _both(words)) for code, words in document["x-findings"].items()]
    title = '<h2 id="findings">Finding codes 问题代码</h2>\n'
    return title + _table(("Code 代码", "Meaning 含义"), rows)


def _points(anchor: str, title: str, points: Iterable[Described]) -> str:
    items = "\n".join(f"<li>{_both(point)}</li>" for point in points)
    return f'<h2 id="{anchor}">{escape(title)}</h2>\n<ul>\n{items}\n</ul>'


def _both(words: Described) -> str:
    """Both languages, one below the other."""
    return f"{_prose(words['en'])}<br>{_prose(words['zh'])}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]], name: str = "") -> str:
    """A table; heads are text, cells are HTML."""
    names = [escape(each) for each in heads]
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "\n".join(f"<tr>{''.join(_cells(names, row))}</tr>" for row in rows)
    table = f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody>"
    return f'<div class="scroll"><table class="{name}">{table}</table></div>'


def _cells(names: Iterable[str], row: Iterable[str]) -> Iterator[str]:
    """The cells of a row, each with its column's head, which a narrow screen shows beside it."""
    for name, cell in zip(names, row, strict=True):
        yield f'<td data-head="{name}">{cell}</td>' if cell else "<td></td>"


def _paragraphs(text: str) -> list[str]:
    return [f"<p>{_prose(paragraph)}</p>" for paragraph in text.split("\n\n") if paragraph]


def _prose(text: str) -> str:
    """Text as HTML; what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
