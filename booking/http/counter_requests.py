"""What a request of the box office says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from werkzeug.exceptions import BadRequest

from booking.domain.model import Block, Override
from booking.domain.questions import Details
from booking.http.requests import (
    Environ,
    details_in,
    has_body,
    read_members,
    read_text,
    seats_in,
)


def read_sale(environ: Environ) -> tuple[list[str], Details, list[Override]]:
    """Which seats the box office books, for whom, and which rules it overrides."""
    members = read_members({"seats", "details", "note", "override"}) if has_body(environ) else {}
    details = replace(details_in(members.get("details", {})), note=read_text(members, "note"))
    return seats_in(members.get("seats")), details, _overrides(members)


def read_move(environ: Environ) -> tuple[dict[str, str], list[Override]]:
    """From which seats to which: ``{"from": ["A6"], "to": ["B7"]}``."""
    members = read_members({"from", "to", "override"}) if has_body(environ) else {}
    return _places(members, "from", "to"), _overrides(members)


def read_swap(environ: Environ) -> tuple[dict[str, str], str]:
    """Which seats for which of another booking, and which one that is."""
    members = read_members({"seats", "for", "with"}) if has_body(environ) else {}
    return _places(members, "seats", "for"), read_text(members, "with", required=True)


def read_take(environ: Environ) -> tuple[list[str], str]:
    """Of which seats the locks are taken, and what their holders are told."""
    members = read_members({"seats", "reason"}) if has_body(environ) else {}
    return seats_in(members.get("seats")), read_text(members, "reason", required=True)


def read_block(environ: Environ) -> tuple[list[str], Block | None]:
    """Which seats go off sale, and for what."""
    members = read_members({"seats", "name", "note"}) if has_body(environ) else {}
    block = Block(read_text(members, "name"), read_text(members, "note"))
    return seats_in(members.get("seats")), block if any(block) else None


def _places(members: Mapping[str, Any], old: str, new: str) -> dict[str, str]:
    left, taken = seats_in(members.get(old), old), seats_in(members.get(new), new)
    if len(left) != len(taken):
        raise BadRequest(f"{old} and {new} must name as many seats as each other, in their order.")
    return dict(zip(left, taken, strict=True))


def _overrides(members: Mapping[str, Any]) -> list[Override]:
    given = members.get("override", [])
    known = [each.value for each in Override]
    if not isinstance(given, list) or not all(each in known for each in given):
        raise BadRequest(f"override must be a list of {', '.join(known)}, or some of these.")
    return list(map(Override, given))
