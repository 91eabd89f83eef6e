"""The routes of the service guide."""

from typing import Final

from ..config import PROCEDURES
from ..service_guide import GuideList, ServiceGuide
from . import guide
from .described import text
from .negotiation import JSON
from .route import Answer, Body, Parameter, Route

GUIDE: Final = (
    Route(
        method="GET",
        path="/v1/guide",
        operation="listGuides",
        tag="guide",
        words=text("The procedures, and how long each takes", "办事指南目录"),
        handler=guide.list_guides,
        answers=(
            Answer(
                status=200,
                words=text("Every procedure with its class, and the classes' limits.", "各流程及其类别和类别标准。"),
                bodies=(Body(media_type=JSON, type=GuideList),),
            ),
        ),
    ),
    Route(
        method="GET",
        path="/v1/guide/{procedure}",
        operation="getGuide",
        tag="guide",
        words=text("The guide to one procedure", "获取办事指南"),
        explanation=text(
            "Documents, steps, agencies, time limits, fees, legal basis and prohibited goods, from the configuration"
            " that runs.",
            "材料、流程、部门、办理时限、收费、法律依据和禁止货物，均取自现行配置。",
        ),
        handler=guide.guide,
        parameters=(
            Parameter(
                name="procedure",
                place="path",
                words=text("The procedure's name.", "流程名称。"),
                schema={"type": "string", "enum": list(PROCEDURES)},
                example="import",
            ),
        ),
        answers=(
            Answer(
                status=200,
                words=text("The guide.", "办事指南。"),
                bodies=(Body(media_type=JSON, type=ServiceGuide),),
            ),
        ),
        problems=("not-found",),
    ),
)
