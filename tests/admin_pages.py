"""What tests of the staff's side have in common: addresses, and what a page may ask the database."""

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse


def address(record, action="change"):
    args = [] if action in ("add", "changelist") else [record.pk]
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{action}", args=args)


def assert_statements(client, assert_num_queries, record, of_list, of_form):
    """The list of this kind of record and the form of this one cost exactly so many statements."""
    ContentType.objects.get_for_model(record)  # asked for once in the life of a process
    with assert_num_queries(of_list):
        client.get(address(record, "changelist"))
    with assert_num_queries(of_form):
        client.get(address(record))
