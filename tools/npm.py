"""Fetches a package of npm into the virtual environment, without running anything it brings."""

import shutil
import subprocess
import sys
from pathlib import Path


def fetch(name, version):
    """The folder of the package, kept from one run to the next; None where npm or the network is missing."""
    prefix = Path(sys.prefix) / name
    folder = prefix / "node_modules" / name
    npm = shutil.which("npm")
    if folder.exists() or not npm:
        return folder if folder.exists() else None
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
    try:
        subprocess.run(
            [*command, "--prefix", str(prefix), f"{name}@{version}"],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )
    except subprocess.TimeoutExpired:
        return None
    return folder if folder.exists() else None
