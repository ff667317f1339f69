import re
from html import unescape

import pytest

from resources.which_number import FIRST, LINES, Action, Question, every_path, follow
from tests.factories import make_identity, make_line

pytestmark = pytest.mark.django_db
START = "/help/which-number/"
ENDS = [path for path in every_path() if isinstance(follow(path)[1], Action)]


def main(client, path):
    return unescape(
        client.get(f"{START}{path}/" if path else START).content.decode().split("<main")[1].split("</main>")[0]
    )


def actions(html):
    """Where the large links of a page lead."""
    return re.findall(r'<li class="call[^"]*"><a href="([^"]+)"', html)


def test_at_most_three_questions_lead_to_one_action():
    assert len(ENDS) == 10
    for path in ENDS:
        given, action = follow(path)
        assert len(given) <= 3, path
        assert action in Action
    assert {follow(path)[1] for path in ENDS} == set(Action)


def test_danger_is_asked_first_and_answered_at_once():
    assert follow("danger-yes")[1] is Action.EMERGENCY
    assert follow("danger-unsure")[1] is Action.TALK


@pytest.mark.parametrize("path", ["maybe", "danger-no/dog", "danger-yes/me", "danger-no//me", "danger-no/me/talk/talk"])
def test_way_that_no_question_offers_is_no_page(client, path):
    assert follow(path) is None
    assert client.get(f"{START}{path}/").status_code == 404


def test_every_answer_is_a_plain_link_to_the_next_step(client):
    waiting, seen = [""], []
    while waiting:
        path = waiting.pop()
        seen.append(path)
        step = follow(path)[1]
        if isinstance(step, Question):
            links = actions(main(client, path))
            assert len(links) == len(step.answers), path
            assert all(link.startswith(START) for link in links), path
            waiting += [link.removeprefix(START).rstrip("/") for link in links]
    assert sorted(seen) == sorted(["", *every_path()])


@pytest.mark.parametrize("path", ENDS)
def test_end_offers_one_action_alone(client, path):
    make_line("211", slug="211", phone="211")
    make_line("Warm line", slug=LINES[Action.LATER][-1], phone="+19165550111")
    expected = {
        Action.EMERGENCY: "tel:911",
        Action.TALK: "tel:988",
        Action.COUNTY: "/help/#in-your-county",
        Action.SERVICES: "tel:211",
        Action.LATER: "tel:+19165550111",
    }
    assert actions(main(client, path)) == [expected[follow(path)[1]]]


def test_end_without_its_line_offers_the_next_best(client):
    make_line("Warm line", slug=LINES[Action.LATER][-1], status="draft")

    assert actions(main(client, "danger-no/me/services")) == ["/help/#in-your-county"]
    assert actions(main(client, "danger-no/me/later")) == ["tel:988"]


@pytest.mark.parametrize("path", list(every_path()))
def test_every_step_leads_back_to_the_one_before(client, path):
    before = path.rpartition("/")[0]
    html = main(client, path)
    back = f"{START}{before}/" if before else START
    assert f'<a href="{back}">Back to the last question</a>' in html
    assert client.get(back).status_code == 200
    assert ("Start again" in html) == bool(before)


def test_answers_are_kept_nowhere(client, django_assert_num_queries):
    make_identity()
    with django_assert_num_queries(1):
        response = client.get(f"{START}danger-no/me/")
    assert response.cookies == {}
    assert response["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "noindex" not in client.get(START).content.decode()


def test_questions_have_keys_of_their_own():
    def keys(question):
        found = [answer.key for answer in question.answers]
        assert len(set(found)) == len(found)
        for answer in question.answers:
            if isinstance(answer.leads_to, Question):
                keys(answer.leads_to)

    keys(FIRST)
