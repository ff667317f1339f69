import pytest
from django.core.exceptions import ValidationError

from pages.models import NoticeBox, RichText
from pages.prose import heading_levels, term_address, with_terms_marked
from tests.factories import make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    """Saves a text past every form, as the shell and the loader do, and reads it back."""
    page = make_page("About")

    def save(text, model=RichText):
        block = model.objects.create(parent=page, text=text)
        block.refresh_from_db()
        return block.text

    return save


KEPT = [
    "<p>Plain &amp; simple</p>",
    "<p><strong>Strong</strong> and <em>soft</em></p>",
    "<ul><li><p>One</p></li></ul>",
    "<ol><li><p>One</p></li></ol>",
    "<p>Line<br>break</p>",
    "<h3>Heading</h3>",
    "<h4>Heading</h4>",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_the_toolbar_offers_is_kept(stored, text):
    assert stored(text) == text


@pytest.mark.parametrize("href", ["https://example.org/", "/about/", "mailto:a@example.org", "tel:988", "sms:988"])
def test_links_keep_their_address(stored, href):
    assert f'href="{href}"' in stored(f'<p><a href="{href}">More</a></p>')


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="alert(1)">a</p>', "<p>a</p>"),
        ('<p style="color:red" class="x" id="y">a</p>', "<p>a</p>"),
        ("<p>a<style>p{}</style></p>", "<p>a</p>"),
        ("<p>a<iframe src=https://evil.example></iframe></p>", "<p>a</p>"),
        ("<p>a<img src=x onerror=alert(1)></p>", "<p>a</p>"),
        ("<h1>a</h1>", "a"),
        ("<h2>a</h2>", "a"),
        ("<p>a<!-- b --></p>", "<p>a</p>"),
        ("<p></p>", ""),
    ],
)
def test_what_it_does_not_offer_is_removed(stored, text, left):
    assert stored(text) == left


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
    ],
)
def test_link_that_would_run_something_loses_its_address(stored, href):
    text = stored(f'<p><a href="{href}">More</a></p>')
    assert "href" not in text
    assert "More" in text


@pytest.mark.parametrize(
    "probe",
    [
        "<svg><script>alert(1)</script></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<p><a href='x' onmouseover=alert(1)>a</a>",
        "<template><script>alert(1)</script></template>",
        "<<script>alert(1)//<</script>",
        "<p title='\"><script>alert(1)</script>'>a</p>",
    ],
)
def test_probes_of_mutation_leave_no_element_that_could_run(stored, probe):
    text = stored(probe).lower()
    assert [
        word
        for word in ("<script", "<img", "<svg", "<style", "<math", "<form", "onerror=", "onmouse")
        if word in text.replace("&lt;", "")
    ] == []
    assert stored(text) == text


def test_headings_are_kept_only_where_the_field_allows_them(stored):
    assert stored("<h3>a</h3>", model=NoticeBox) == "a"


def test_block_in_hand_shows_what_was_stored():
    block = RichText(parent=make_page("About"), text="<p>a<script>b</script></p>")
    block.save()
    assert block.text == "<p>a</p>"


@pytest.mark.parametrize(
    "link", ['<a href="/about/"></a>', '<a href="/about/"> </a>', '<a href="/about/"><strong>&nbsp;</strong></a>']
)
def test_link_without_words_is_refused(link):
    field = RichText._meta.get_field("text")
    with pytest.raises(ValidationError, match="One link has no words"):
        field.clean(f'<p>See <a href="/">home</a> {link}</p>', None)


def test_link_with_words_is_taken():
    field = RichText._meta.get_field("text")
    text = '<p><a href="/about/"><strong>About</strong> us</a></p>'
    assert "About" in field.clean(text, None)


def test_heading_levels_come_in_order():
    assert heading_levels("<h3>a</h3><p>b</p><h4>c</h4><h3>d</h3>") == [3, 4, 3]
    assert heading_levels("<p>h3</p>") == []


@pytest.mark.parametrize("href", ["www.example.org", "//evil.example", "/\\evil.example", "about", "", "https://a b"])
def test_link_that_leads_nowhere_or_astray_is_refused_by_its_words(href):
    field = RichText._meta.get_field("text")
    with pytest.raises(ValidationError, match="The link “our plan” leads to “"):
        field.clean(f'<p>See <a href="{href}">our <em>plan</em></a>.</p>', None)


@pytest.mark.parametrize("href", ["https://example.org/?a=1&amp;b=2", "/about/#team", "#team", "mailto:a@example.org"])
def test_link_with_a_whole_address_is_taken(href):
    text = f'<p>See <a href="{href}">our plan</a>.</p>'
    assert f'href="{href}"' in RichText._meta.get_field("text").clean(text, None)


@pytest.mark.parametrize(
    ("link", "drawn"),
    [
        ('<a href="/resources/glossary/#5150">', '<a class="term" href="/resources/glossary/#5150">'),
        ('<a rel="x" href="/resources/glossary/#a_b-c">', '<a class="term" rel="x" href="/resources/glossary/#a_b-c">'),
        ('<a href="/es/resources/glossary/#cit">', '<a class="term" href="/es/resources/glossary/#cit">'),
    ],
)
def test_link_to_a_term_is_marked(link, drawn):
    assert with_terms_marked(f"<p>See {link}it</a>.</p>") == f"<p>See {drawn}it</a>.</p>"


@pytest.mark.parametrize(
    "text",
    [
        '<a href="/resources/glossary/">',
        '<a href="/resources/glossary/#">',
        '<a href="/resources/#5150">',
        '<a href="https://example.org/resources/glossary/#5150">',
        '<a href="/resources/glossary/#a&quot; onclick=&quot;b">',
        '<a title="/resources/glossary/#5150" href="/about/">',
        'href="/resources/glossary/#5150"',
        '<b href="/resources/glossary/#5150">',
    ],
)
def test_nothing_but_a_link_to_a_term_is_marked(text):
    assert with_terms_marked(text) == text


def test_class_written_by_hand_is_not_kept(stored):
    link = f'<p><a class="term button" href="{term_address("cit")}">CIT</a></p>'
    assert "class" not in stored(link)
    assert with_terms_marked(stored(link)) == f'<p><a class="term" href="{term_address("cit")}">CIT</a></p>'
