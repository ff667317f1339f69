class YearConverter:
    """A year of four digits, as the calendar's addresses hold it."""

    regex = "20[0-9]{2}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return f"{value:04d}"


class MonthConverter(YearConverter):
    regex = "0[1-9]|1[0-2]"

    def to_url(self, value):
        return f"{value:02d}"
