"""Whole cents as money, in templates."""

from django import template

from contact.money import shown, shown_short

register = template.Library()

register.filter("money", shown)
register.filter("money_short", shown_short)
