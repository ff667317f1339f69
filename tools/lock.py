"""Pin the requirements: `*.in` name what we choose, `*.txt` every package with its hashes, group by group."""

import re
import subprocess
import sys
from pathlib import Path

HEAD = "# Made by `make lock` from {source}; edit that file instead."
REST = "# Needed by the packages above"


def compile_hashes(source):
    """The pinned packages as text blocks by normalised name, in the resolver's order."""
    command = ["-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", source]
    text = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True).stdout
    blocks = re.findall(r"^[a-z0-9].*(?:\n[ ].*)*", text, flags=re.MULTILINE)
    return {normalise(re.match(r"[A-Za-z0-9._-]+", block)[0]): block for block in blocks}


def normalise(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def groups_of(source):
    """(comment, names) of each group in an input file; a group is a comment with the lines below it."""
    groups = []
    for line in Path(source).read_text().splitlines():
        if line.startswith("# ") and "make lock" not in line:
            groups.append((line, []))
        elif re.match(r"[A-Za-z0-9]", line) and groups:
            groups[-1][1].append(normalise(re.match(r"[A-Za-z0-9._-]+", line)[0]))
    return groups


def lock(source):
    pinned = compile_hashes(source)
    parts = [HEAD.format(source=source)]
    for comment, names in groups_of(source):
        parts.append("\n".join([comment, *(pinned.pop(name) for name in names)]))
    if pinned:
        parts.append("\n".join([REST, *pinned.values()]))
    Path(source).with_suffix(".txt").write_text("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    lock("requirements.in")
    lock("requirements-dev.in")
