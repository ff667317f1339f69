"""Style sheets as they go over the wire."""

import re

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
AROUND = re.compile(r"\s*([{};,>])\s*")
AFTER = re.compile(r":\s+")
ZERO = re.compile(r"(?<=[\s:(,-])0(?=\.\d)")


def tight(css):
    """The sheet without comments, and without the spaces and zeros that only people need."""
    return ZERO.sub("", AFTER.sub(":", AROUND.sub(r"\1", COMMENT.sub("", css)))).replace(";}", "}").strip()
