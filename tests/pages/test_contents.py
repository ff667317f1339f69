import pytest

from pages.contents import TAKEN, arranged, blocks_of, contents_of
from pages.models import (
    AlbumStrip,
    CallToAction,
    Card,
    ContactFacts,
    DatedRow,
    Download,
    Finding,
    Hero,
    NumberedItem,
    Page,
    Person,
    PersonCard,
    Picture,
    PictureText,
    Question,
    RichText,
    Section,
    Statistic,
    Video,
)
from tests.factories import make_album, make_block, make_page, make_person, make_photo, make_picture_file

VIMEO = "https://vimeo.com/123456789"


def shape(contents):
    """What is drawn, short: heading of each section, and the words of each group below it."""
    return [
        (str(section.opener or ""), [[str(block) for block in group.blocks] for group in section.groups])
        for section in contents.sections
    ]


def anchors(*headings):
    return [section.anchor for section in arranged([Section(heading=words) for words in headings]).sections]


def card(heading):
    return Card(heading=heading)


# Sections and groups


def test_neighbours_of_a_grouped_kind_are_drawn_together():
    blocks = [Section(heading="S"), card("A"), card("B"), RichText(text="<p>T</p>"), card("C")]
    assert shape(arranged(blocks)) == [("S", [["A", "B"], ["T"], ["C"]])]


def test_neighbours_of_an_ungrouped_kind_stand_alone():
    blocks = [Section(heading="S"), RichText(text="<p>T</p>"), RichText(text="<p>U</p>")]
    assert shape(arranged(blocks)) == [("S", [["T"], ["U"]])]


def test_section_parts_neighbours():
    assert shape(arranged([Section(heading="S"), card("A"), Section(heading="T", intro="I"), card("B")])) == [
        ("S", [["A"]]),
        ("T", [["B"]]),
    ]


@pytest.mark.parametrize(
    "block",
    [
        Question(question="Q?", answer="<p>A</p>"),
        Statistic(figure="58", label="counties", source="The state"),
        Finding(text="F", direction="for", source="S"),
    ],
)
def test_blocks_before_any_section_have_a_place(block):
    contents = arranged([block])
    assert [section.template_name for section in contents.sections] == ["pages/blocks/unopened.html"]
    assert contents.sections[0].anchor == ""
    assert contents.sections[0].groups[0].blocks == [block]


@pytest.mark.parametrize(
    ("blocks", "level"),
    [([card("A")], 2), ([Hero(heading="H"), card("A")], 2), ([Section(heading="S"), card("A")], 3)],
)
def test_headings_stand_right_below_the_one_above(blocks, level):
    assert arranged(blocks).sections[-1].level == level


def test_page_without_blocks_has_no_section():
    contents = arranged([])
    assert (contents.sections, contents.listed, contents.frame_hosts) == ([], [], set())
    assert contents.opens_with_hero is False


def test_cards_of_a_section_of_cells_are_told_from_the_rest():
    section = arranged([Section(heading="S", layout="cells"), card("A"), RichText(text="<p>T</p>"), card("B")])
    (section,) = section.sections
    assert [str(block) for block in section.cells] == ["A", "B"]
    assert [group.kind for group in section.beside_cells] == ["richtext"]


# Nothing is drawn empty


def unpublished_person():
    return PersonCard(person=Person(name="Draft Person", status=Person.Status.DRAFT))


def test_unpublished_person_leaves_no_list():
    public = PersonCard(person=Person(name="Public Person", status=Person.Status.PUBLISHED))
    assert shape(arranged([Section(heading="S"), unpublished_person(), public])) == [("S", [["Public Person"]])]


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "photos"), [("draft", 1), ("published", 0)])
def test_album_without_anything_public_is_left_out(status, photos):
    album = make_album(status=status)
    for _number in range(photos):
        make_photo(album)
    assert arranged([RichText(text="<p>T</p>"), AlbumStrip(album=album)]).sections[0].groups[1:] == []


@pytest.mark.parametrize("block", [Download(label="Lost"), Picture(picture_alt="Lost")])
def test_block_without_its_file_is_left_out(block):
    assert arranged([block]).sections == []


def test_section_that_held_only_what_is_hidden_is_left_out():
    blocks = [Section(heading="Board"), unpublished_person(), Section(heading="Next"), card("A")]
    assert shape(arranged(blocks)) == [("Next", [["A"]])]


@pytest.mark.parametrize("values", [{"intro": "Who we are"}, {"link_label": "More", "link_url": "/about/"}])
def test_section_that_says_something_itself_stays(values):
    assert shape(arranged([Section(heading="Board", **values), unpublished_person()])) == [("Board", [])]


def test_section_that_never_held_anything_stays():
    assert shape(arranged([Section(heading="Together", ground="band")])) == [("Together", [])]


def test_block_left_out_does_not_part_its_neighbours():
    lost = Download(label="Lost")
    first, second = Download(label="A", file="a.pdf"), Download(label="B", file="b.pdf")
    assert shape(arranged([first, lost, second])) == [("", [["A", "B"]])]


# Anchors


def test_anchor_is_made_of_the_heading():
    assert anchors("What is CIT?", "日本") == ["what-is-cit", "section"]


def test_anchors_are_unique_even_beside_a_numbered_heading():
    assert anchors("Step", "Step 2", "Step", "Step") == ["step", "step-2", "step-3", "step-4"]


def test_anchor_never_repeats_an_id_of_the_frame():
    assert anchors(*(name.replace("-", " ").title() for name in TAKEN)) == [f"{name}-2" for name in TAKEN]


# The list of sections


def sections(number):
    return [Section(heading=f"Part {n}") for n in range(1, number + 1)]


def test_sections_are_listed_from_five_on():
    assert arranged(sections(4)).listed == []
    assert [section.anchor for section in arranged(sections(5)).listed] == [f"part-{n}" for n in range(1, 6)]


def test_sections_below_an_opening_are_not_listed():
    contents = arranged([Hero(heading="H"), *sections(5)])
    assert contents.opens_with_hero
    assert contents.listed == []


def test_what_stands_before_the_first_section_is_not_listed():
    assert arranged([card("A"), *sections(4)]).listed == []
    assert len(arranged([card("A"), *sections(5)]).listed) == 5


# Pictures and players


@pytest.mark.django_db
def test_first_picture_alone_loads_at_once():
    page = make_page()
    make_block(Card, page, heading="No picture")
    make_block(PictureText, page, text="<p>T</p>", picture=make_picture_file(), decorative=True)
    make_block(Picture, page, picture=make_picture_file(), decorative=True)
    marked = {
        group.kind: getattr(group.blocks[0], "loads_at_once", False) for group in contents_of(page).sections[0].groups
    }
    assert marked == {"card": False, "picturetext": True, "picture": False}


def test_frame_hosts_are_those_of_the_videos():
    youtube = Video(title="A", url="https://youtu.be/abcdefghijk")
    assert arranged([card("A")]).frame_hosts == set()
    assert arranged([youtube]).frame_hosts == {"https://www.youtube-nocookie.com"}
    assert arranged([youtube, Video(title="B", url=VIMEO)]).frame_hosts == {
        "https://www.youtube-nocookie.com",
        "https://player.vimeo.com",
    }


# Queries


@pytest.mark.django_db
def test_page_without_blocks_asks_nothing(django_assert_num_queries):
    page = make_page()
    with django_assert_num_queries(0):
        assert contents_of(page).sections == []


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [
        (Hero, 1),
        (Section, 1),
        (CallToAction, 1),
        (Card, 1),
        (DatedRow, 1),
        (NumberedItem, 1),
        (ContactFacts, 1),
        (PersonCard, 1),
        (AlbumStrip, 2),
    ],
)
def test_kind_costs_the_same_for_one_and_three(django_assert_num_queries, model, number, queries):
    page, target = make_page(), make_page("Target")
    for place in range(number):
        values = {"heading": f"H {place}"} if hasattr(model, "heading") else {}
        if hasattr(model, "link_page"):
            values |= {"link_label": "More", "link_page": target}
        if model is PersonCard:
            values["person"] = make_person(f"Person {place}")
        if model is AlbumStrip:
            values["album"] = make_album(f"Album {place}")
            make_photo(values["album"])
        make_block(model, page, **values)
    page = Page.objects.get(pk=page.pk)
    with django_assert_num_queries(queries):
        for section in contents_of(page).sections:
            for block in (section.opener, *(block for group in section.groups for block in group.blocks)):
                if block:
                    assert block.parent == page
                    assert getattr(block, "link_href", "/target/") == "/target/"
                    assert len(getattr(block, "photos", [1])) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_all_kinds_in_use_are_asked_in_one_query(django_assert_num_queries, number):
    page, other = make_page(), make_page("Other")
    for _place in range(number):
        make_block(Section, page, heading="S")
        make_block(Card, page, heading="A")
        make_block(NumberedItem, page, heading="N")
    make_block(RichText, other, text="<p>T</p>")
    page = Page.objects.get(pk=page.pk)
    with django_assert_num_queries(1) as asked:
        assert len(blocks_of(page)) == 3 * number
    assert "pages_richtext" not in asked.captured_queries[0]["sql"]


@pytest.mark.django_db
def test_what_several_kinds_lead_to_is_asked_once_for_each_model(django_assert_num_queries):
    page, target = make_page(), make_page("Target")
    link = {"link_label": "More", "link_page": target}
    make_block(Hero, page, heading="H", **link, second_label="Two", second_page=page)
    make_block(Section, page, heading="S", **link)
    make_block(Section, page, heading="Without a link")
    make_block(PersonCard, page, person=make_person())
    page = Page.objects.get(pk=page.pk)
    with django_assert_num_queries(3):
        hero, section, without, card = blocks_of(page)
        assert (hero.link_page, hero.second_page, section.link_page, without.link_page) == (target, page, target, None)
        assert card.person.name == "Test Person"


@pytest.mark.django_db
def test_kind_with_a_queryset_of_its_own_is_asked_apart(django_assert_num_queries):
    page = make_page()
    album = make_album()
    make_photo(album)
    make_block(Section, page, heading="S")
    make_block(RichText, page, text="<p>T</p>")
    make_block(AlbumStrip, page, album=album)
    page = Page.objects.get(pk=page.pk)
    with django_assert_num_queries(3):
        assert [len(getattr(block, "photos", "")) for block in blocks_of(page)] == [0, 0, 1]


@pytest.mark.django_db
def test_kind_that_is_gone_from_the_code_is_ignored():
    page = make_page(block_kinds=["pages.gone"])
    assert contents_of(page).sections == []


@pytest.mark.django_db
def test_blocks_come_in_the_editors_order_across_kinds():
    page = make_page()
    make_block(RichText, page, text="<p>Third</p>", ordering=30)
    make_block(Section, page, heading="First", ordering=10)
    make_block(Card, page, heading="Second", ordering=20)
    assert shape(contents_of(page)) == [("First", [["Second"], ["Third"]])]
