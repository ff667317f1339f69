from pages.models import CallToAction, Hero, RichText, Section
from pages.outline import faults


def said(*blocks):
    return [(fault.block, fault.field, fault.message) for fault in faults(list(blocks))]


def test_faults_are_none_where_levels_go_down_one_by_one():
    blocks = [
        Hero(heading="Opening"),
        Section(heading="Training"),
        RichText(text="<h3>Costs</h3><p>None.</p><h4>Travel</h4><h3>Dates</h3>"),
        Section(heading="Contact"),
        CallToAction(heading="Write to us"),
    ]

    assert said(*blocks) == []


def test_faults_of_a_page_without_blocks_are_none():
    assert said() == []


def test_faults_name_a_heading_that_has_no_section_above_it():
    text = RichText(text="<p>First.</p><h3>Costs</h3>")

    assert said(text) == [
        (
            text,
            "text",
            "“Costs” is a heading of level 3, and no section stands above it. "
            "Add a section with a heading above this block.",
        )
    ]


def test_faults_name_the_second_heading_of_a_text_that_skips_a_level():
    text = RichText(text="<h4>Travel <em>and</em> stay</h4><h3>Costs</h3>")
    section = Section(heading="Training")

    assert said(section, text) == [
        (
            text,
            "text",
            "“Travel and stay” is a heading of level 4, but the one above it, “Training”, has level 2. "
            "Make it level 3.",
        )
    ]


def test_faults_follow_the_order_given_not_the_order_of_kinds():
    section, text = Section(heading="Training"), RichText(text="<h3>Costs</h3>")

    assert said(section, text) == []
    assert [field for _block, field, _message in said(text, section)] == ["text"]


def test_faults_allow_a_block_with_a_heading_beside_the_opening():
    assert said(Hero(heading="Opening"), CallToAction(heading="Write to us"), Section(heading="Training")) == []


def test_faults_refuse_an_opening_below_another_block():
    hero = Hero(heading="Opening")

    assert said(Section(heading="Training"), hero) == [
        (hero, "heading", "The opening stands first on its page. Move it above all other blocks.")
    ]


def test_faults_refuse_a_second_opening():
    second = Hero(heading="Once more")

    assert said(Hero(heading="Opening"), second) == [
        (second, "heading", "A page has one opening, and this is the second. Remove it, or make it a section.")
    ]
