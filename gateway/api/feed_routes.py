"""The route of the event feed."""

from typing import Final

from msgspec.structs import replace

from ..feed import FeedDocument
from . import feed
from .described import DECLARANT, NEXT_PAGE, STORE_PROBLEMS, WAIT_APPLIED, page_limit, text
from .limits import PAGE_EVENTS, PAGE_EVENTS_MAX
from .negotiation import JSON
from .route import Answer, Body, Parameter, Route

FEED: Final = (
    Route(
        method="GET",
        path="/v1/events",
        operation="readEvents",
        tag="events",
        words=text("The events of all cases, in order", "事件流水：全部办件的事件"),
        explanation=text(
            "Events come in the order in which they were kept, each once, for as long as its case is kept. Store"
            " `next` and give it as `after`: nothing is ever added before it. What a webhook missed can be read here.",
            "事件按存储顺序逐一列出，与办件同期保存。请保存 next 并作为下次调用的 after，"
            "其之前不会再有新增事件。推送遗漏的事件可在此补读。",
        ),
        handler=feed.page,
        parameters=(
            Parameter(
                name="after",
                place="query",
                words=text(
                    "`next` of the page before, or an event's `cursor`; `now` for what is still to come. Without it:"
                    " from the first event on.",
                    "上一页的 next 或某一事件的 cursor；now 表示仅限此后发生的事件；省略则自首个事件起。",
                ),
                schema={"type": "string", "pattern": "^([0-9]{1,18}-[0-9]{1,9}|now)$"},
                read=feed.after,
                example="0-0",
            ),
            page_limit(text("Events on a page, at most.", "每页事件数上限。"), PAGE_EVENTS, PAGE_EVENTS_MAX),
            DECLARANT,
            Parameter(
                name="Prefer",
                place="header",
                words=text(
                    "`wait=SECONDS` (RFC 7240): where there is nothing yet, wait so long for it, at most 60.",
                    "wait=秒数：尚无事件时的等待时间，最长 60 秒。",
                ),
            ),
        ),
        answers=(
            Answer(
                status=200,
                words=text("The next events.", "后续事件。"),
                bodies=(Body(media_type=JSON, type=FeedDocument),),
                headers=(
                    replace(NEXT_PAGE, words=text('The next page (`rel="next"`).', "下一页地址。"), always=True),
                    WAIT_APPLIED,
                ),
            ),
        ),
        problems=("invalid-parameter", "too-many-waits", *STORE_PROBLEMS),
    ),
)
