"""The style sheet that every help page carries inside, so that one request brings all of it."""

from pathlib import Path

from pages.css import tight

CSS = tight((Path(__file__).parent / "help.css").read_text(encoding="utf-8"))
