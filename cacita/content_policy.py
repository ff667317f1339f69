"""The content security policy of each response: what is in settings, and the few places that need a little more."""

import base64
import hashlib

from csp.constants import NONCE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware

from pages.context import asks_consent, is_help
from resources.frame import CSS as HELP_CSS

ADMIN = "/admin/"


def style_hash(css):
    """The CSP source that allows exactly this inline style sheet."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"'sha256-{digest}'"


HELP_HASH = style_hash(HELP_CSS)


class ContentPolicyMiddleware(CSPMiddleware):
    """Widens the policy of public pages by what they carry inside, and of the admin by inline styles.

    Public pages carry the identity's colors, help pages their whole style sheet, and some ask an analytics service.

    The admin's editors put `<style>` elements into the page and cannot give them a nonce, so inline styles are
    allowed there; a hash or nonce beside `unsafe-inline` would switch it off again. Scripts stay strict everywhere:
    the one inline script of a change form, its import map, carries the nonce of the response.
    """

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(ADMIN):
            parts.replace = {
                "style-src": [SELF, UNSAFE_INLINE],
                "script-src": [SELF, NONCE],
                "img-src": [SELF, "data:", "blob:"],
                "connect-src": [SELF],
                "font-src": [SELF],
                **(parts.replace or {}),
            }
            return parts
        identity = getattr(request, "identity", None)
        if identity is None:
            return parts
        widened = {"style-src": [style_hash(identity.colours_css)]}
        if is_help(request):
            # One request brings a help page: its style sheet is inside, and the empty icon keeps browsers from asking.
            widened = {"style-src": [*widened["style-src"], HELP_HASH], "img-src": ["data:"]}
        widened["style-src"] += [style_hash(css) for css in getattr(request, "style_sheets", ())]
        if asks_consent(identity, request):
            host = f"https://{identity.analytics.host}"
            widened |= {"script-src": [host], "connect-src": [host]}
        # What a foreign script opens in a frame comes from its own hosts.
        scripts = set(getattr(request, "script_hosts", ()))
        if scripts:
            widened["script-src"] = [*widened.get("script-src", []), *sorted(scripts)]
        if frames := scripts | set(getattr(request, "frame_hosts", ())):
            widened["frame-src"] = sorted(frames)
        # Browsers hold a form's redirect to this directive too.
        if hosts := getattr(request, "form_hosts", None):
            widened["form-action"] = sorted(hosts)
        for directive, sources in (parts.update or {}).items():
            widened[directive] = [*widened.get(directive, []), *sources]
        parts.update = widened
        return parts
