from django.core.management import BaseCommand
from django.utils import timezone

from cacita import jobs


class Command(BaseCommand):
    help = "Do the timed work that is due: send mail, remind, tidy. Run it every minute; in parallel does no harm."

    def handle(self, **options):
        ran = jobs.tick(timezone.now())
        if options["verbosity"] > 1:
            self.stdout.write(f"Done: {', '.join(ran) or 'nothing was due'}.")
