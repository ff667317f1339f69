from io import StringIO

import pytest
from django.contrib.auth import get_user_model

from cacita.management.commands.serve import Command
from cacita.models import StarterRecord
from tests.factories import make_identity

pytestmark = pytest.mark.django_db


def make_first_user(settings, **values):
    settings.FIRST_USER = {"username": "admin", "email": "", "password": "", **values}
    output = StringIO()
    Command(stdout=output).make_first_user()
    return output.getvalue()


def test_first_user_without_a_password_gets_a_random_one_printed(settings):
    said = make_first_user(settings)
    password = said.removeprefix("Sign in to the admin as admin with the password ").split(" ")[0]
    assert said.endswith("(shown only now).\n")
    assert get_user_model().objects.get().check_password(password)
    assert len(password) >= 16


def test_first_user_with_a_password_that_begins_with_a_dollar_keeps_it(settings):
    said = make_first_user(settings, username="rosa", password="$ecret and long")
    assert said == "Sign in to the admin as rosa with the password you have set.\n"
    assert get_user_model().objects.get(username="rosa").check_password("$ecret and long")


def test_first_user_is_made_only_once(settings):
    make_first_user(settings)
    assert make_first_user(settings, username="second") == ""
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize("held", ["cacita", "lacit", None])
def test_site_is_told_apart_from_the_one_the_folder_holds(settings, held):
    settings.STARTER_SITE = "lacit"
    make_identity()
    if held:
        StarterRecord.objects.create(site=held, key="identity", source="a", digest="b")
    output = StringIO()
    Command(stdout=output).load_starter()
    assert output.getvalue() == (
        "DATA_DIR holds the site of cacita, which is served now: SITE counts on the first start only. "
        "For lacit, choose another DATA_DIR.\n"
        if held == "cacita"
        else ""
    )
