"""Tags and filters that bring the directory to templates, its own and those of other apps' pages."""

from django import template
from django.utils import timezone
from django.utils.formats import number_format

from pages.templatetags.site import data_block
from programs import downloads, facts, lists, structured
from programs import map as county_map

register = template.Library()
LONGEST_BLOCK = 100
"""Programs a block lists; the directory holds the others."""

register.filter("source_date", facts.source_date)


@register.filter
def number_shown(number):
    """A number as people read it: 1,682,353."""
    return number_format(number, force_grouping=True)


@register.simple_tag
def program_data(program, site_url):
    """The program's facts for search engines, for the page's head; nothing for one that has ended."""
    data = structured.data_of(program, site_url=site_url)
    return data_block(data) if data else ""


@register.simple_tag
def standing_of(program, today):
    """How fresh a listing is on the day `today`, in the words of a row."""
    return facts.short_standing(program, today)


@register.simple_tag
def data_terms():
    """On what terms the directory may be copied."""
    return downloads.TERMS


@register.simple_tag
def programs_of(block):
    """The programs of a block in groups: `groups` of (heading, programs), and how many there are in all."""
    found = list(lists.for_list(block.programs(timezone.now()))[: LONGEST_BLOCK + 1])
    shown = found[:LONGEST_BLOCK]
    is_by_agency = block.grouping == block.Grouping.AGENCY
    groups = lists.by_agency(shown) if is_by_agency else lists.by_county(shown, block.slugs)
    return {"groups": groups, "has_more": len(found) > LONGEST_BLOCK, "today": timezone.localdate()}


@register.simple_tag
def county_map_of(block):
    """The map of a block as its template draws it: whole or as a strip."""
    counts = lists.counts_by_county(lists.listed(timezone.now()))
    return county_map.drawn(counts) if block.size == block.Size.WHOLE else county_map.strip(counts)
