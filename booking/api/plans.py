"""The plan of an event, for clients that draw it. Registered twice, as the seats are."""

import hashlib
import threading
from weakref import WeakKeyDictionary

from flask import Blueprint, current_app

from booking.api.application import BytesResponse
from booking.api.documents import encode, with_etag
from booking.box_office import BoxOffice
from booking.plans import pretix
from booking.plans.model import Plan
from booking.registry import SeatRegistry

blueprint = Blueprint("plans", __name__)


class PlanBodies:
    """The plan of each registry that was asked for one, encoded, with an ETag."""

    def __init__(self) -> None:
        # Guards what follows. Held while a plan is encoded, which is seldom and takes long.
        self._lock = threading.Lock()
        self._bodies: WeakKeyDictionary[SeatRegistry, tuple[Plan, bytes, str]] = WeakKeyDictionary()

    def of(self, registry: SeatRegistry) -> tuple[bytes, str]:
        """The plan in the shape that pretix has for it, and its ETag."""
        plan = registry.event.plan
        with self._lock:
            kept = self._bodies.get(registry)
            if kept is None or kept[0] is not plan:
                body = encode(pretix.write(plan))
                kept = (plan, body, hashlib.sha256(body).hexdigest()[:32])
                self._bodies[registry] = kept
        return kept[1], kept[2]


@blueprint.get("/plan")
def see_plan(event: str) -> BytesResponse:
    """Zones, rows, seats in order, coordinates, categories."""
    box_office: BoxOffice = current_app.extensions["box_office"]
    bodies: PlanBodies = current_app.extensions["plan_bodies"]
    return with_etag(*bodies.of(box_office.registry(event)))
