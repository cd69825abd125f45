"""How the lines of a calendar are said."""

from django import template

from impact_portal.mywork import calendar

register = template.Library()
register.filter("clock_words", calendar.clock_words)
