"""Starter content: what a new site says before its staff have written a word. It lives in `starter/` as data files.

`load(site)` may run at any time. A record that nobody has touched since it was loaded follows a newer starter; one
that staff have edited or deleted is left alone and named in the summary, unless `overwrite` is given.
"""

from cacita.starter.dates import CHOICES as DATES
from cacita.starter.files import StarterError, sites
from cacita.starter.loader import Summary, load, loaded

__all__ = ["DATES", "StarterError", "Summary", "load", "loaded", "sites"]
