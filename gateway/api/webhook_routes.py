"""The routes of webhooks."""

from typing import Any, Final

from msgspec.structs import replace

from ..webhook import NewWebhook, WebhookList, WebhookStatus, WebhookTest
from . import webhooks
from .described import BODY_PROBLEMS, CASE_ID, STORE_PROBLEMS, text
from .negotiation import JSON
from .route import Answer, Body, Header, Route

_ID: Final = replace(CASE_ID, words=text("The webhook's id.", "推送订阅编号。"))
_WISH_PROBLEMS: Final = (*BODY_PROBLEMS, "not-well-formed", "overloaded", "stopping", "webhook-invalid")


def _wish() -> dict[str, Any]:
    return {"decided": {"value": {"url": "http://127.0.0.1:9000/onewindow", "events": ["decided"]}}}


def _back() -> dict[str, Any]:
    return {"beginning": {"value": {"after": "0-0"}}}


_PLACE: Final = "/v1/webhooks/{id}"

WEBHOOKS: Final = (
    Route(
        method="POST",
        path="/v1/webhooks",
        operation="createWebhook",
        tag="events",
        words=text("Have events delivered to a URL", "订阅事件推送"),
        explanation=text(
            "Each event is sent by POST as one JSON document, as the event feed has it, in order, one at a time; the"
            " next one follows when this one was answered with 2xx. What is not taken is sent again, after longer and"
            " longer pauses of up to five minutes or what Retry-After asks for, under the same `webhook-id`: an event"
            " may come more than once. Deliveries are signed after the Standard Webhooks specification with the secret"
            " in the answer, which is shown this once. Redirections are not followed. A subscriber that answers 410"
            " (Gone) is sent nothing more: the webhook is switched off (`switched_off_at`), until a redelivery switches"
            " it on again. It must not lead to the gateway itself. While identity.mode is `demo`"
            " the URL has to lead to a loopback address.",
            "每个事件以一份 JSON 文档按顺序逐一以 POST 推送，收到 2xx 应答后推送下一个。未被接收的将以相同的"
            " webhook-id 重试，间隔逐次加长，最长五分钟或以 Retry-After 为准，故同一事件可能重复送达。推送按"
            " Standard Webhooks 规范签名，密钥仅在本次应答中给出。不跟随重定向。订阅方应答 410 后停止推送"
            "（switched_off_at），重新推送时恢复。不可指向本网关自身。identity.mode 为 demo 时"
            "只可推送至回环地址。",
        ),
        handler=webhooks.create,
        takes=(Body(media_type=JSON, type=webhooks.WebhookRequest, examples=_wish),),
        answers=(
            Answer(
                status=201,
                words=text("The subscription, with its secret.", "推送订阅及其密钥。"),
                bodies=(Body(media_type=JSON, type=NewWebhook),),
                headers=(Header(name="Location", words=text("The webhook's address.", "推送订阅地址。")),),
            ),
        ),
        problems=(*_WISH_PROBLEMS, "webhooks-exhausted", *STORE_PROBLEMS),
    ),
    Route(
        method="GET",
        path="/v1/webhooks",
        operation="listWebhooks",
        tag="events",
        words=text("All webhooks, and how far each is", "查询推送订阅"),
        handler=webhooks.find,
        answers=(
            Answer(
                status=200,
                words=text("The subscriptions, the oldest first.", "推送订阅，按创建时间排列。"),
                bodies=(Body(media_type=JSON, type=WebhookList),),
            ),
        ),
        problems=STORE_PROBLEMS,
    ),
    Route(
        method="GET",
        path=_PLACE,
        operation="getWebhook",
        tag="events",
        words=text("One webhook, and how far it is", "查询单个推送订阅"),
        handler=webhooks.show,
        parameters=(_ID,),
        answers=(
            Answer(
                status=200,
                words=text("The subscription.", "推送订阅。"),
                bodies=(Body(media_type=JSON, type=WebhookStatus),),
            ),
        ),
        problems=("not-found", *STORE_PROBLEMS),
    ),
    Route(
        method="DELETE",
        path=_PLACE,
        operation="deleteWebhook",
        tag="events",
        words=text("End a webhook", "取消推送订阅"),
        handler=webhooks.remove,
        parameters=(_ID,),
        answers=(Answer(status=204, words=text("Nothing is delivered to it any more.", "不再推送。")),),
        problems=("not-found", *STORE_PROBLEMS),
    ),
    Route(
        method="POST",
        path=f"{_PLACE}/redelivery",
        operation="redeliver",
        tag="events",
        words=text("Have events delivered again", "重新推送"),
        explanation=text(
            "Everything after the cursor is delivered again, beginning at once, under the ids that it had. With the"
            " webhook's own cursor, what waits for its next attempt is attempted now; with `now`, what was not"
            " delivered yet is left out. A webhook that was switched off is on again.",
            "立即自游标之后重新推送，webhook-id 不变。如给出该订阅当前的游标，则立即重试待推送的事件；"
            "如给出 now，则略过尚未推送的事件。已停用的订阅将恢复推送。",
        ),
        handler=webhooks.redeliver,
        parameters=(_ID,),
        takes=(Body(media_type=JSON, type=webhooks.Redelivery, examples=_back),),
        answers=(
            Answer(
                status=202,
                words=text("It is begun: the subscription as it is now.", "已开始：推送订阅当前状态。"),
                bodies=(Body(media_type=JSON, type=WebhookStatus),),
            ),
        ),
        problems=(*_WISH_PROBLEMS, "not-found", *STORE_PROBLEMS),
    ),
    Route(
        method="POST",
        path=f"{_PLACE}/test",
        operation="testWebhook",
        tag="events",
        words=text("Send a test to a webhook, now", "测试推送"),
        explanation=text(
            'One signed document, `{"event": "test", …}`, that is no event and moves nothing.',
            "发送一份签名的测试文档，不属于事件，也不影响游标。",
        ),
        handler=webhooks.test,
        parameters=(_ID,),
        answers=(
            Answer(
                status=200,
                words=text("Whether it was taken, or why not.", "是否被接收，或未被接收的原因。"),
                bodies=(Body(media_type=JSON, type=WebhookTest),),
            ),
        ),
        problems=("not-found", "too-many-waits", *STORE_PROBLEMS),
    ),
)
