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

    def handle(self, *, site, overwrite, **options):
        try:
            summary = starter.load(site, overwrite=overwrite)
        except starter.StarterError as error:
            raise CommandError(str(error)) from None
        for line in summary.lines():
            self.stdout.write(line)
