"""The plan of an event, for clients that draw it, registered twice as the seats are; and plans that
are to be mended."""

import hashlib
import threading
import weakref

from flask import Blueprint, current_app, request
from werkzeug.exceptions import BadRequest

from booking.domain.keys import Scope
from booking.engines.contract import BoxOffice
from booking.http import requests
from booking.http.administration import expect_organiser
from booking.http.application import BytesResponse
from booking.http.compression import Body
from booking.http.documents import encode, respond, with_etag
from booking.plans import mistakes, pretix
from booking.plans.model import Plan
from booking.plans.pretix_form import conforming
from booking.plans.repair import repaired
from booking.settings import MAX_EVENT_BYTES

blueprint = Blueprint("plans", __name__)
repairs = Blueprint("repairs", __name__)


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


@repairs.post("/events/<event>/plan/repair")
def repair_plan(event: str) -> BytesResponse:
    """Mend what can be mended in a plan without guessing, and say each thing that was done. The
    plan is sent back, and not kept; the event may be one that is yet to be opened."""
    expect_organiser(Scope.MANAGE, event)
    request.max_content_length = MAX_EVENT_BYTES
    document = requests.read_json_if_any(with_places=True)
    if not isinstance(document, dict) or document.keys() != {"plan"}:
        raise BadRequest('Send the plan that is to be mended in the body, as JSON: {"plan": {…}}.')
    plan, found = repaired(document["plan"])
    done, count = mistakes.first(found)
    return respond({"plan": plan, "done": done, "done_count": count})
