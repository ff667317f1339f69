"""Renders the pictures of the starter content from their drawings: illustrations, and each site's icon and card.

`make starter-pictures` runs it, after a drawing in `starter/shared/drawings/`, a logo or an identity has changed;
commit what it writes. It needs a Chromium, which `CHROMIUM` names, and, for the letters of the cards, the typeface
P052 (Debian: fonts-urw-base35).
"""

import html
import json
import os
import re
from io import BytesIO
from pathlib import Path
from string import Template

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "starter"
DRAWINGS = STARTER / "shared" / "drawings"
HORIZON = ROOT / "templates" / "partials" / "horizon_drawing.html"
PAPER = "#faf6ed"


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for drawing in sorted(DRAWINGS.glob("*.svg")):
            page = f"<style>*{{margin:0}}svg{{display:block;width:1200px;height:1600px}}</style>{drawing.read_text()}"
            render(browser, page, (1200, 1600), STARTER / "shared" / "files" / f"{drawing.stem}.png")
        for file in sorted(STARTER.glob("*/identity.json")):
            identity = json.loads(file.read_text(encoding="utf-8"))
            files = file.parent / "files"
            logo = (files / "logo.svg").read_text(encoding="utf-8")
            render(browser, icon(identity, logo), (512, 512), files / "icon.png")
            render(browser, card(identity, logo), (1200, 630), files / "card.png")
        browser.close()


def icon(identity, logo):
    return (
        f"<style>:root{{--brand:{identity['brand']};--accent:{identity['accent']};--paper:{PAPER}}}"
        "*{margin:0}body{display:grid;place-items:center;width:512px;height:512px;background:var(--paper)}"
        f"svg{{width:384px;height:384px}}</style>{logo}"
    )


def card(identity, logo):
    name, short = identity["name"], identity["short_name"]
    values = {
        "name": name,
        "serves": short if short != name else identity.get("counties", "").replace("\n", ", "),
        "mission": identity["mission"],
    }
    return Template((DRAWINGS / "card.html").read_text(encoding="utf-8")).substitute(
        {key: html.escape(value) for key, value in values.items()},
        brand=identity["brand"],
        accent=identity["accent"],
        size="64px" if len(name) > 20 else "96px",
        logo=logo,
        horizon=re.sub(r"\{#.*?#\}", "", HORIZON.read_text(encoding="utf-8")),
    )


def render(browser, page, size, target):
    """Draw the page in a window of this size and store it with as few colours as flat drawings need."""
    width, height = size
    window = browser.new_page(viewport={"width": width, "height": height})
    window.set_content(page)
    picture = Image.open(BytesIO(window.screenshot())).convert("RGB")
    window.close()
    few = picture.quantize(128, dither=Image.Dither.NONE)
    target.parent.mkdir(parents=True, exist_ok=True)
    few.save(target, optimize=True)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
