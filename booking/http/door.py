"""What requests at the door say, and the documents that tell of tickets."""

from werkzeug.exceptions import BadRequest

from booking.domain import tickets, timestamps
from booking.domain.errors import TicketUnknown
from booking.domain.questions import Details, Kind
from booking.domain.tickets import Ticket
from booking.http.documents import Document
from booking.http.requests import read_members, read_text
from booking.plans import seat_ids
from booking.plans.names import SeatNames
from booking.sale.door import Presented

_MAX_CODE = 200


def read_presented(key_name: str) -> Presented:
    """What somebody comes with: ``{"code"}`` or ``{"seat"}``. The door goes by the name of its key,
    unless it has one of its own.

    Raises:
        TicketUnknown: the code cannot be one of ours.
    """
    members = read_members({"code", "seat", "door", "scanned_at"})
    if len(members.keys() & {"code", "seat"}) != 1:
        raise BadRequest('Send the code of a ticket, {"code": "…"}, or the seat, {"seat": "A7"}.')
    door = read_text(members, "door") or key_name
    scanned_at = _scanned_at(members.get("scanned_at"))
    if "seat" in members:
        seat = members["seat"]
        if not isinstance(seat, str):
            raise BadRequest("seat must be the id of a seat, which is a string.")
        return Presented(None, seat_ids.normal_seat_id(seat), door, scanned_at)
    code = members["code"]
    if not isinstance(code, str):
        raise BadRequest("code must be a string: what the QR code on the ticket says.")
    spelled = tickets.normal(code) if len(code) <= _MAX_CODE else None
    if spelled is None:
        raise TicketUnknown
    return Presented(spelled, None, door, scanned_at)


def _scanned_at(text: object) -> float | None:
    if text is None:
        return None
    try:
        return timestamps.read(text if isinstance(text, str) else "")
    except ValueError as expected:
        raise BadRequest(f"scanned_at must be {expected}.") from None


def ticket_document(ticket: Ticket, names: SeatNames) -> Document:
    """Describe a ticket for its holder. The code opens the door."""
    return {"code": ticket.code, **place_document(ticket.seat, names), **_entry(ticket)}


def guest_document(ticket: Ticket, names: SeatNames, name: str) -> Document:
    """Describe who is expected for a door, which knows the ticket by a digest of its code."""
    return {
        "digest": tickets.digest(ticket.code),
        "reference": ticket.reference,
        **place_document(ticket.seat, names),
        "name": name,
        **_entry(ticket),
    }


def checked_document(ticket: Ticket, names: SeatNames) -> Document:
    """Describe whom the door let in or out. It can be given again, and so has no name in it."""
    return {
        "reference": ticket.reference,
        **place_document(ticket.seat, names),
        **_entry(ticket),
    }


def place_document(seat_id: str, names: SeatNames) -> Document:
    """A seat by its id, and as people read it: of a house of one section, that is not named."""
    label = names.label(seat_id)
    section, row, number = ("", "", seat_id) if label is None else label[:3]
    shown = section if names.has_sections else ""
    return {"seat": seat_id, "section": shown, "row": row, "number": number}


def name_in(details: Details | None) -> str:
    """The name in the details of a booking, empty if nobody asked for it."""
    name = "" if details is None else details.answers.get(Kind.NAME, "")
    return name if isinstance(name, str) else ""


def _entry(ticket: Ticket) -> Document:
    if ticket.entry is None:
        return {}
    return {"checked_in_at": timestamps.write(ticket.entry.at), "door": ticket.entry.door}
