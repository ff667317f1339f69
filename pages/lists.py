"""Long lists, a page at a time."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

PER_PAGE = 25


class CountedPaginator(Paginator):
    """Pages of a list whose length is known without asking for it."""

    def __init__(self, rows, total):
        super().__init__(rows, PER_PAGE)
        self.total = total

    @cached_property
    def count(self):
        return self.total
