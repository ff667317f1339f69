"""The calendar's filters: one form reads the address for the list, the month and the feeds, and counts the choices."""
