"""Template filters of the grants."""

from django import template

from grants import money

register = template.Library()
register.filter("kroner", money.written)
