"""The plan of an event, for clients that draw it. Registered twice, as the seats are."""

import hashlib
import threading
import weakref

from flask import Blueprint, current_app

from booking.engines.contract import BoxOffice
from booking.http.application import BytesResponse
from booking.http.compression import Body
from booking.http.documents import encode, with_etag
from booking.plans import pretix
from booking.plans.model import Plan
from booking.plans.pretix_form import conforming

blueprint = Blueprint("plans", __name__)


class PlanBodies:
    """The plans that were asked for, encoded, each with an ETag. Events may share one."""

    def __init__(self) -> None:
        # Guards what follows. Held while a plan is encoded, which is seldom and takes long.
        self._lock = threading.Lock()
        # By the identity of the plan, which it has as long as it is there.
        self._bodies: dict[int, tuple[Body, str]] = {}

    def of(self, plan: Plan) -> tuple[Body, str]:
        """The plan in the form that pretix takes, and its ETag."""
        with self._lock:
            kept = self._bodies.get(id(plan))
            if kept is None:
                body = encode(conforming(pretix.write(plan), plan))
                kept = (Body(body), hashlib.sha256(body).hexdigest()[:32])
                self._bodies[id(plan)] = kept
                weakref.finalize(plan, self._bodies.pop, id(plan), None)
        return kept


@blueprint.get("/plan")
def see_plan(event: str) -> BytesResponse:
    """Zones, rows, seats in order, coordinates, categories."""
    box_office: BoxOffice = current_app.extensions["box_office"]
    bodies: PlanBodies = current_app.extensions["plan_bodies"]
    body, etag = bodies.of(box_office.registry(event).event.plan)
    return with_etag(body.plain, etag, body.coded)
