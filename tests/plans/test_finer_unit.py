"""Plans in metres keep what rounding would lose."""

import copy
import json
from typing import Any

import pytest

from booking.plans import pretix
from booking.plans.finer_unit import in_finer_unit
from booking.plans.pretix_form import conforming
from booking.plans.reading import read
from tests.plans.test_pretix_form import faults
from tests.support.houses import theatre


def in_metres(**seat: Any) -> dict[str, Any]:
    """A house whose seats are half a metre apart."""
    document = theatre(rows=4, seats_per_row=6)
    document |= {"size": {"width": 12, "height": 9}, "focal_point": {"x": 1.5, "y": -0.25}}
    for zone in document["zones"]:
        zone |= {"position": {"x": 1, "y": 2}, "areas": []}
        for r, row in enumerate(zone["rows"]):
            row["position"] = {"x": 0, "y": 0.9 * r}
            for s, each in enumerate(row["seats"]):
                each |= {"position": {"x": 0.55 * s, "y": 0.1}, "uuid": f"{r}-{s}"} | seat
    return document


def given_back(document: dict[str, Any]) -> dict[str, Any]:
    plan = in_finer_unit(read(document))
    found: dict[str, Any] = json.loads(json.dumps(conforming(pretix.write(plan), plan)))
    return found


STAGE = {
    "shape": "rectangle",
    "position": {"x": 0.5, "y": -1.5},
    "rectangle": {"width": 5.5, "height": 0.8},
    "rotation": 12.5,
    "text": {"text": "Stage", "position": {"x": 2.75, "y": 0.4}, "size": 0.3},
}


def test_lengths_that_rounding_would_lose_are_in_a_finer_unit() -> None:
    document = in_metres(radius=0.2)
    document["zones"][0]["areas"] = [copy.deepcopy(STAGE)]
    found = given_back(document)
    seat = found["zones"][1]["rows"][1]["seats"][2]
    assert (seat["radius"], seat["position"], seat["uuid"]) == (20, {"x": 110, "y": 10}, "1-2")
    [stage] = found["zones"][0]["areas"]
    assert stage["rectangle"] == {"width": 550, "height": 80}
    assert (stage["rotation"], stage["text"]["size"]) == (12.5, 30)
    assert found["size"] == {"width": 1200, "height": 900}
    assert found.pop("focal_point") == {"x": 150, "y": -25}
    assert [each for each in faults(found, "plan") if "uuid" not in each] == []


def test_the_seats_are_next_to_each_other_as_before() -> None:
    before = read(in_metres(radius=0.2))
    after = in_finer_unit(before)
    assert [section.seats for section in after.sections] == [s.seats for s in before.sections]
    assert after.distances == before.distances


def test_what_is_sent_again_is_the_same_plan() -> None:
    found = given_back(in_metres(radius=0.2))
    assert given_back(found) == found


@pytest.mark.parametrize("document", [in_metres(), in_metres(radius=1), theatre(), {"count": 7}])
def test_other_plans_stay_as_they_are(document: dict[str, Any]) -> None:
    plan = read(document)
    assert in_finer_unit(plan) is plan


def test_a_plan_in_metres_of_an_enormous_house_stays_as_it_is() -> None:
    document = in_metres(radius=0.2)
    document["zones"][1]["position"]["x"] = 200_000
    plan = read(document)
    assert in_finer_unit(plan) is plan
