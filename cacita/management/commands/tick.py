import signal
import sys

from django.core.management import BaseCommand

from cacita import jobs


class Command(BaseCommand):
    help = "Do the timed work that is due: send mail, remind, tidy. Run it every minute; in parallel does no harm."

    def handle(self, **options):
        # Told to stop, it gives back what it holds, so that the next one need not wait until that is free by itself.
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            ran = jobs.tick()
        finally:
            signal.signal(signal.SIGTERM, before)
        if options["verbosity"] > 1:
            self.stdout.write(f"Done: {', '.join(ran) or 'nothing was due'}.")
