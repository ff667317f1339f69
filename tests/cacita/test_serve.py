from io import StringIO

import pytest
from django.contrib.auth import get_user_model

from cacita.management.commands.serve import Command

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
