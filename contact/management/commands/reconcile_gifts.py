from datetime import UTC, datetime, timedelta

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from contact import payments, reconciling
from contact.money import shown


class Command(BaseCommand):
    help = "Compare the gifts by card with the provider, line by line. Ends with status 1 when differences remain."

    def add_arguments(self, parser):
        parser.add_argument("--fix", action="store_true", help="Record what is missing here, with its receipts.")
        parser.add_argument("--days", type=int, help="Look back so many days only; otherwise at everything.")

    def handle(self, *, fix, days, **options):
        if not payments.is_on():
            raise CommandError("No gifts are taken by card: STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are not set.")
        now = timezone.now()
        since = now - timedelta(days=days) if days else datetime(2000, 1, 1, tzinfo=UTC)
        try:
            comparison = self.compare(since)
            if fix and comparison.differences:
                reconciling.mend(comparison.differences, now)
                self.stdout.write("\nRecorded what was missing here. What remains:")
                comparison = self.compare(since)
        except payments.ProviderAwayError as away:
            raise CommandError(f"The provider could not be asked ({away}). Try again later.") from None
        if comparison.differences:
            raise CommandError(f"Differences that remain: {len(comparison.differences)}.")

    def compare(self, since):
        comparison = reconciling.compare(since)
        for difference in comparison.differences:
            self.stdout.write(str(difference))
        self.stdout.write(
            f"Here {shown(comparison.here)}, at the provider {shown(comparison.there)}, "
            f"difference {shown(comparison.there - comparison.here)}."
        )
        return comparison
