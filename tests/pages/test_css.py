import pytest

from pages.css import tight


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a { color: red; }\n\nb , i { margin: 0 auto; }", "a{color:red}b,i{margin:0 auto}"),
        ("/* why */ a { margin: 0.5rem -0.25rem 10.5rem 0; }", "a{margin:.5rem -.25rem 10.5rem 0}"),
        ("a { inset: calc(-1 * 0.5rem); }", "a{inset:calc(-1 * .5rem)}"),
        ("a { color: oklch(0.8 0 0,0.5); }", "a{color:oklch(.8 0 0,.5)}"),
        ("a:hover > b + i { inline-size: calc(100% - 0.1em) }", "a:hover>b + i{inline-size:calc(100% - .1em)}"),
    ],
)
def test_sheet_is_sent_without_what_only_people_need(written, sent):
    assert tight(written) == sent
