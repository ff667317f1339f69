"""Crisis help without a network: the worker that keeps its pages on the device, and what makes it an app there.

The worker's scope is `/help/`, in Spanish `/es/help/`, so no browser asks it about any other page. Its list is made
anew whenever it changes, and what it keeps is renewed with each visit, at the latest a day later.
"""

import hashlib
import json
from pathlib import Path

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.colour import PAPER
from resources import which_number

WORKER = (Path(__file__).parent / "worker.js").read_text(encoding="utf-8")


def kept():
    """The addresses a device keeps from the first visit on, the first page first. Counties join as they are opened."""
    names = ("help", "not_saved", "family_card", "say_to_911", "which_number")
    answers = (reverse("help:which_number_answer", args=[path]) for path in which_number.every_path())
    first, *others = (reverse(f"help:{name}") for name in names)
    return [first, static("js/help.js"), *others, *answers]


def worker():
    """The worker's script. Browsers take any change in it for a new worker, which fetches the whole list."""
    code = f"const LIST = {json.dumps(kept())};\nconst INSTEAD = {json.dumps(reverse('help:not_saved'))};\n{WORKER}"
    version = hashlib.sha256(code.encode()).hexdigest()[:12]
    return f'const VERSION = "{version}";\n{code}'


def manifest(identity):
    """What a device shows when crisis help is put on its home screen."""
    scope = reverse("help:help")
    icons = [
        {"src": reverse(name, args=[side]), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for name, purpose in (("app_icon", "any"), ("app_icon_maskable", "maskable"))
        for side in (192, 512)
    ]
    return {
        "name": _("%(association)s crisis help") % {"association": identity.short_name},
        "short_name": _("Crisis help"),
        "description": _("Call, text or chat now. The pages you opened work without a network."),
        "lang": get_language(),
        "id": scope,
        "start_url": scope,
        "scope": scope,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": identity.brand,
        "icons": icons,
    }
