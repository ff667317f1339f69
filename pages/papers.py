"""Papers as PDF/UA-1, for screen readers too: the one place that sets type."""

import json

from django.conf import settings

FOLDER = settings.BASE_DIR / "templates" / "pdf"


def pdf(template, paper):
    """The template of `FOLDER` filled with `paper`, which JSON can hold. Raises `typst.TypstError` where the machine
    cannot make it.

    The words go in as data and are never read as markup. Only fonts that come with the library are used, so the paper
    looks the same on every machine. They hold Latin, Greek and Cyrillic letters; for a name in another script the
    machine's own fonts are asked, and where it has none the strict standard, which refuses letters without a shape.
    """
    import typst  # noqa: PLC0415 - 7 MB, for those who make papers only

    for options in (
        {"ignore_system_fonts": True, "pdf_standards": ["ua-1"]},
        {"pdf_standards": ["ua-1"]},
        {},
    ):
        try:
            return typst.compile(
                str(FOLDER / template), root=str(FOLDER), sys_inputs={"paper": json.dumps(paper)}, **options
            )
        except typst.TypstError as fault:
            refused = fault
            if "could not be displayed" not in str(fault):
                break
    raise refused
