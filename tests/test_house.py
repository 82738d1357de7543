"""The floors of the house, as ``[importlinter]`` in setup.cfg writes them."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_each_room_imports_only_rooms_below_it_and_there_is_no_circle() -> None:
    assert lint_imports(config_filename="setup.cfg", no_cache=True) == EXIT_STATUS_SUCCESS
