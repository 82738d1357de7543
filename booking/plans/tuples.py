"""Many named tuples at once."""

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any, TypeVar, cast

T = TypeVar("T", bound=tuple[Any, ...])


def tuples(kind: type[T], *columns: Iterable[object]) -> Iterator[T]:
    """Named tuples of a kind, of the columns of all its fields. To call ``kind`` for each takes
    twice as long: 20 ms more for 50,000."""
    made = map(tuple.__new__, repeat(kind), zip(*columns, strict=False))
    return cast("Iterator[T]", made)
