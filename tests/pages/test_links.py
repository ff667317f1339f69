import pytest
from django.core.exceptions import ValidationError

from pages.links import check_link, validate_address
from pages.models import Card, Notice, Page, SocialLink
from tests.factories import make_page


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/about/",
        "/about/#team",
        "#team",
        "https://example.org",
        "http://example.org/a?b=c",
        "mailto:office@example.org",
        "tel:+19165550100",
        "sms:988",
    ],
)
def test_address_a_visitor_can_follow_is_taken(address):
    validate_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "about",
        "www.example.org",
        "//evil.example/",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "https://",
        "https:///x",
        "/about us/",
        " /about/",
        "/about/\n",
        "mailto:office",
        "tel:call",
        "ftp://example.org/",
        "/\\evil.example/",
        "/\t/evil.example/",
    ],
)
def test_address_that_leads_nowhere_or_somewhere_else_is_refused(address):
    with pytest.raises(ValidationError, match="Write an address of this site"):
        validate_address(address)


def faults(**values):
    with pytest.raises(ValidationError) as caught:
        check_link(**{"label": "", "page": None, "url": "", **values})
    return caught.value.message_dict


def test_link_has_words_and_one_aim():
    page = Page(title="About")
    check_link(label="", page=None, url="")
    check_link(label="More", page=page, url="")
    check_link(label="More", page=None, url="/about/")
    assert faults(label="More", page=page, url="/about/") == {
        "link_url": ["Choose a page or write an address, not both."]
    }
    words = {"link_label": ["Say in a few words where this link leads."]}
    assert faults(page=page) == faults(url="/about/") == faults(url="/about/", label="  ") == words
    aim = {"link_page": ["Choose the page this link leads to, or write an address below."]}
    assert faults(label="More") == faults(required=True) == aim


def test_fault_of_a_second_link_stands_beside_its_own_fields():
    names = ("second_label", "second_page", "second_url")
    assert list(faults(label="More", names=names)) == ["second_page"]


@pytest.mark.django_db
def test_link_to_a_page_follows_it_and_hides_while_it_is_no_page():
    about = make_page("About")
    notice = Notice(message="Moved", link_label="More", link_page=about)
    assert notice.link_href == "/about/"
    about.slug = "we"
    about.save()
    assert notice.link_href == "/we/"
    about.status = Page.Status.DRAFT
    assert notice.link_href == ""
    assert Card(link_label="More", link_url="https://example.org/").link_href == "https://example.org/"
    assert Card().link_href == ""


@pytest.mark.django_db
def test_half_a_link_is_refused_in_the_form_of_a_record():
    with pytest.raises(ValidationError) as caught:
        Notice(message="Moved", link_url="/about/").full_clean()
    assert caught.value.message_dict == {"link_label": ["Say in a few words where this link leads."]}


def test_web_address_without_a_scheme_is_taken_as_https():
    assert SocialLink._meta.get_field("url").formfield().clean("example.org/us") == "https://example.org/us"
