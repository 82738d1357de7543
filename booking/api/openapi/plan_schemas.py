"""The schemas of seat plans, as they are sent and answered."""

from typing import Any

from booking.api.openapi.parts import (
    NUMBER,
    SEAT_ID,
    SHORT,
    TEXT,
    Schema,
    accepted,
    list_of,
    of_object,
    or_null,
    ref,
)
from booking.plans.limits import FARTHEST, MOST_IN_LINE
from booking.plans.model import MAX_SEATS

_AS_SENT: dict[str, Any] = {"additionalProperties": True}
"""Whatever else a plan was sent with is given back."""
_POSITION = of_object({"x": NUMBER, "y": NUMBER})
_COORDINATE: Schema = {"type": "number", "minimum": -FARTHEST, "maximum": FARTHEST}
_FOCAL_POINT = or_null(
    accepted({"x": _COORDINATE, "y": _COORDINATE}, required=["x", "y"])
    | {"description": "Where the eyes go: the middle of the front, unless you say otherwise."}
)
_BESIDES: dict[str, Schema] = {"name": SHORT, "focal_point": _FOCAL_POINT}
_MANY: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_IN_LINE}

PLAN_SCHEMAS: dict[str, Schema] = {
    "PlanDescription": {
        "oneOf": [ref("CountPlan"), ref("GridPlan"), ref("Plan")],
        "description": f"Up to {MAX_SEATS:,} seats: numbered, as a grid, or a plan of pretix.",
    },
    "PlanPatch": accepted(
        {"name": SHORT, "focal_point": _FOCAL_POINT},
        description="In a patch alone: the plan keeps its seats.",
    ),
    "PlanToRepair": accepted(
        {"plan": {"description": "A plan of pretix, with whatever mistakes it has."}},
        required=["plan"],
    ),
    "CountPlan": accepted(
        {"count": {"type": "integer", "minimum": 1, "maximum": MAX_SEATS}, **_BESIDES},
        required=["count"],
    ),
    "GridPlan": accepted(
        {
            "grid": accepted(
                {
                    "rows": _MANY,
                    "seats_per_row": _MANY,
                    "categories": {
                        "type": "object",
                        "additionalProperties": list_of(TEXT),
                        "description": "The labels of the rows of each category.",
                    },
                    "aisle_after": list_of({"type": "integer"}),
                    "skip": list_of(TEXT),
                },
                required=["rows", "seats_per_row"],
            ),
            **_BESIDES,
        },
        required=["grid"],
    ),
    "Plan": of_object(
        {
            "name": TEXT,
            "categories": list_of(of_object({"name": TEXT, "color": TEXT})),
            "zones": list_of(ref("Zone")),
            "size": of_object({"width": NUMBER, "height": NUMBER}),
            "focal_point": _POSITION,
        },
        optional=("name", "size", "focal_point"),
        description="A seating plan in the shape of pretix. Positions add up.",
        **_AS_SENT,
    ),
    "Zone": of_object(
        {
            "name": TEXT,
            "position": _POSITION,
            "rows": list_of(
                of_object(
                    {
                        "row_number": TEXT,
                        "row_number_position": TEXT,
                        "position": _POSITION,
                        "seats": list_of(
                            of_object(
                                {
                                    "seat_guid": SEAT_ID,
                                    "seat_number": TEXT,
                                    "category": TEXT,
                                    "position": _POSITION,
                                },
                                **_AS_SENT,
                            )
                        ),
                    },
                    optional=("row_number_position", "position"),
                    **_AS_SENT,
                )
            ),
            "areas": list_of(
                of_object(
                    {"shape": TEXT, "position": _POSITION, "color": TEXT},
                    optional=("shape", "position", "color"),
                    **_AS_SENT,
                )
            ),
        },
        optional=("name", "areas"),
        **_AS_SENT,
    ),
}
