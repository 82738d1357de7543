"""Houses of any size, as events of a server."""

import json
from http.client import HTTPConnection
from typing import Any

from benchmarks.servers import Server

TOKEN = "organiser-0123456789-0123456789"
_ROWS, _SEATS, _PITCH = 40, 42, 25


def open_event(server: Server, seats: int) -> None:
    """Open the event of a house with about so many seats."""
    call(server, "PUT", f"/events/e{seats}", {"plan": house(seats)})


def house(seats: int) -> dict[str, Any]:
    """A row, a hall or, from some thousand seats on, a stadium in blocks."""
    if seats < 100:
        return {"count": seats}
    if seats < 2 * _ROWS * _SEATS:
        return {"grid": {"rows": -(-seats // 25), "seats_per_row": 25, "aisle_after": [12]}}
    zones = [_block(number) for number in range(round(seats / (_ROWS * _SEATS)))]
    size = {"width": 6 * 1300, "height": -(-len(zones) // 6) * 1300}
    categories = [{"name": "all", "color": "#0072b2"}]
    return {"name": "Stadium", "categories": categories, "zones": zones, "size": size}


def _block(number: int) -> dict[str, Any]:
    rows = [
        {
            "row_number": str(row + 1),
            "position": {"x": 0, "y": row * _PITCH},
            "seats": [
                {
                    "seat_guid": f"{number + 1}-{row + 1}-{seat + 1}",
                    "seat_number": str(seat + 1),
                    "category": "all",
                    "position": {"x": seat * _PITCH, "y": 0},
                }
                for seat in range(_SEATS)
            ],
        }
        for row in range(_ROWS)
    ]
    position = {"x": number % 6 * 1300, "y": number // 6 * 1300}
    return {"name": f"Block {number + 1}", "position": position, "areas": [], "rows": rows}


def address(server: Server, seats: int) -> str:
    """The page of that event."""
    return f"http://127.0.0.1:{server.port}/events/e{seats}/"


def call(server: Server, method: str, path: str, document: object = None) -> Any:
    """Call the service as its administrator; the document that it answers."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    body = None
    if document is not None:
        body, headers["Content-Type"] = json.dumps(document), "application/json"
    connection.request(method, path, body, headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer
