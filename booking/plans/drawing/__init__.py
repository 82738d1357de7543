"""Pictures of a plan: in characters for a terminal, and as SVG."""

from booking.plans.drawing.characters import in_characters
from booking.plans.drawing.svg import in_svg

__all__ = ["in_characters", "in_svg"]
