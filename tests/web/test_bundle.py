"""Several scripts in one. ``tests/browser/test_bundle.py`` sees whether it does what they do."""

import re

import pytest

from booking.web.bundle import bundle

MODULES = {
    "shop.js": """
import { Basket } from "./basket.js";
import { say as tell } from "./page.js";
import "./map.js";

tell(new Basket().size);
await null;
tell(globalThis.map);
globalThis.done = true;
""",
    "basket.js": """
import {
  SIZE,
} from "./page.js";

export class Basket {
  size = SIZE;
}
""",
    "page.js": """
export const SIZE = 3;
export async function later() {}
export function say(words) {
  console.log(words);
}
""",
    # A name of its own, though another module has one like it.
    "map.js": """
const SIZE = 7;
globalThis.map = SIZE;
""",
}


def test_a_module_that_several_import_is_there_once() -> None:
    assert bundle("shop.js", MODULES).count("function say") == 1


def test_a_circle_is_refused() -> None:
    modules = {"a.js": 'import "./b.js";', "b.js": 'import "./a.js";'}
    with pytest.raises(ValueError, match=r"a\.js imports b\.js imports a\.js: that is a circle"):
        bundle("a.js", modules)


@pytest.mark.parametrize(
    "line", ['import * as page from "./page.js";', "export default 3;", "export let a = 1;"]
)
def test_what_would_be_lost_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"cannot be bundled: {line}")):
        bundle("a.js", {"a.js": line, "page.js": ""})
