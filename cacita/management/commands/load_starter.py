from django.core.management import BaseCommand, CommandError

from cacita import starter


class Command(BaseCommand):
    help = "Load the starter content of one association. Run it again at any time: what staff changed stays."

    def add_arguments(self, parser):
        parser.add_argument("site", help=f"one of: {', '.join(starter.sites())}")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Replace what staff edited, and bring back what they deleted.",
        )

        parser.add_argument(
            "--dates",
            choices=starter.DATES,
            help="Where the dates of its events stand: as they were printed, or whole weeks later in the coming "
            "months and marked as samples. Without it they stay where they are; the first time they are moved.",
        )

    def handle(self, *, site, overwrite, dates, **options):
        try:
            summary = starter.load(site, overwrite=overwrite, dates=dates)
        except starter.StarterError as error:
            raise CommandError(str(error)) from None
        for line in summary.lines():
            self.stdout.write(line)
