import pytest
from django.template.loader import get_template

from pages.contents import TAKEN, arranged, contents_of
from pages.models import (
    AlbumStrip,
    Block,
    CallToAction,
    Card,
    Hero,
    NumberedItem,
    Page,
    Person,
    PersonCard,
    Picture,
    RichText,
    Section,
    Video,
)
from tests.factories import make_album, make_block, make_page, make_person, make_photo, make_picture_file


def shape(contents):
    """(heading of the section, [(kind, how many blocks), …]) of each section, in order."""
    return [
        (str(section.opener or ""), [(group.kind, len(group.blocks)) for group in section.groups])
        for section in contents.sections
    ]


def headed(text, **values):
    return Section(heading=text, intro="An introduction.", **values)


def test_blocks_belong_to_the_section_above_them():
    contents = arranged([RichText(text="<p>First</p>"), headed("One"), RichText(text="<p>Below</p>"), headed("Two")])

    assert shape(contents) == [("", [("richtext", 1)]), ("One", [("richtext", 1)]), ("Two", [])]


def test_neighbours_of_a_grouped_kind_are_drawn_together():
    contents = arranged([Card(heading="A"), Card(heading="B"), NumberedItem(heading="1"), Card(heading="C")])

    assert shape(contents) == [("", [("card", 2), ("numbereditem", 1), ("card", 1)])]


def test_neighbours_of_another_kind_are_drawn_alone():
    assert shape(arranged([RichText(text="<p>A</p>"), RichText(text="<p>B</p>")])) == [
        ("", [("richtext", 1), ("richtext", 1)])
    ]


def test_neighbours_in_two_sections_are_not_joined():
    assert shape(arranged([headed("One"), Card(heading="A"), headed("Two"), Card(heading="B")])) == [
        ("One", [("card", 1)]),
        ("Two", [("card", 1)]),
    ]


def test_anchors_of_equal_headings_differ():
    contents = arranged([headed("Training"), headed("Training"), headed("Training 2"), headed("Training")])

    assert [section.anchor for section in contents.sections] == ["training", "training-2", "training-2-2", "training-3"]


@pytest.mark.parametrize("taken", TAKEN)
def test_anchor_is_never_an_id_of_the_frame(taken):
    assert [section.anchor for section in arranged([headed(taken)]).sections] == [f"{taken}-2"]


def test_headings_are_below_the_section_or_the_page():
    contents = arranged([CallToAction(heading="Go"), headed("One"), CallToAction(heading="Go")])
    opened = arranged([Hero(heading="Welcome"), CallToAction(heading="Go")])

    assert [section.level for section in contents.sections] == [2, 3]
    assert [section.level for section in opened.sections] == [2]


def test_section_without_anything_to_show_is_left_out():
    hidden = PersonCard(person=Person(name="Draft Person"))

    assert shape(arranged([Section(heading="Board"), hidden, headed("Next")])) == [("Next", [])]


def test_section_with_an_introduction_stays_without_blocks():
    assert shape(arranged([headed("Board"), PersonCard(person=Person(name="Draft Person"))])) == [("Board", [])]


def test_opening_counts_only_where_it_is_first():
    assert arranged([Hero(heading="Welcome")]).opens_with_hero is True
    assert arranged([headed("One"), Hero(heading="Welcome")]).opens_with_hero is False
    assert arranged([]).opens_with_hero is False


def test_player_hosts_are_those_of_the_videos_shown():
    contents = arranged(
        [
            Video(title="A", url="https://www.youtube.com/watch?v=abcdefghijk"),
            Video(title="B", url="https://vimeo.com/123456789"),
        ]
    )

    assert contents.frame_hosts == {"https://www.youtube-nocookie.com", "https://player.vimeo.com"}
    assert arranged([RichText(text="<p>No video</p>")]).frame_hosts == set()


@pytest.mark.django_db
class TestContentsOf:
    def test_blocks_come_in_the_order_of_the_page(self):
        page = make_page()
        make_block(Card, page, heading="Second", ordering=20)
        make_block(RichText, page, text="<p>First</p>", ordering=10)

        assert shape(contents_of(page)) == [("", [("richtext", 1), ("card", 1)])]

    def test_blocks_of_another_page_stay_there(self):
        page = make_page()
        make_block(RichText, page, text="<p>Here</p>")
        make_block(RichText, make_page("Other"), text="<p>There</p>")

        assert shape(contents_of(page)) == [("", [("richtext", 1)])]

    @pytest.mark.parametrize("count", [1, 3])
    def test_each_kind_takes_one_query(self, count, django_assert_num_queries):
        page = make_page()
        target = make_page("Target")
        for _ in range(count):
            make_block(Section, page, heading="One", intro="Words", link_label="Go", link_page=target)
            make_block(Card, page, heading="A", link_label="Go", link_page=target)
            make_block(PersonCard, page, person=make_person())
        page = Page.objects.get(pk=page.pk)

        with django_assert_num_queries(3):
            links = [section.opener.link_href for section in contents_of(page).sections]
        assert links == ["/target/"] * count

    @pytest.mark.parametrize("count", [1, 3])
    def test_album_strips_take_one_query_more(self, count, django_assert_num_queries):
        page = make_page()
        for number in range(count):
            album = make_album(f"Album {number}", slug=f"album-{number}")
            for _ in range(count):
                make_photo(album)
            make_block(AlbumStrip, page, album=album, count=2)
        page = Page.objects.get(pk=page.pk)

        with django_assert_num_queries(2):
            strips = [group.blocks[0] for group in contents_of(page).sections[0].groups]
            shown = [len(strip.photos) for strip in strips]
        assert shown == [min(2, count)] * count

    def test_page_without_blocks_takes_no_query(self, django_assert_num_queries):
        page = make_page()

        with django_assert_num_queries(0):
            assert contents_of(page).sections == []

    def test_first_picture_loads_at_once_and_no_other(self):
        page = make_page()
        for number in range(2):
            make_block(RichText, page, text=f"<p>{number}</p>")
            make_block(Picture, page, picture=make_picture_file(), picture_alt="A test picture")
        blocks = [group.blocks[0] for group in contents_of(page).sections[0].groups]

        assert [getattr(block, "loads_at_once", False) for block in blocks] == [False, True, False, False]

    def test_every_kind_names_a_template_that_exists(self):
        assert [kind for kind in Block.kinds() if not get_template(kind.get_template_name())] == []
