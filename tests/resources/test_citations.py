import pytest

from resources.citations import citation, reference
from resources.models import Resource

PAPER = {
    "title": "What officers learn",
    "authors": "Diaz A, Lee B, et al.",
    "year": 2014,
    "publisher": "Journal of Tests 65(4), 517–522",
    "doi": "10.1000/182",
    "url": "https://example.org/paper",
}
LAW = {
    "title": "Training of field officers",
    "citation": "Penal Code 13515.28",
    "publisher": "California Legislature",
    "url": "https://example.org/law",
}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (PAPER, "Diaz A, Lee B, et al. (2014). Journal of Tests 65(4), 517–522."),
        (LAW, "California Legislature. Penal Code 13515.28."),
        (LAW | {"year": 2015}, "California Legislature (2015). Penal Code 13515.28."),
        ({"title": "Leaflet", "year": 2020}, "2020."),
        ({"title": "Leaflet"}, ""),
    ],
)
def test_reference_says_who_when_and_where(values, expected):
    assert reference(Resource(**values)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            PAPER,
            "Diaz A, Lee B, et al. (2014). What officers learn. Journal of Tests 65(4), 517–522. "
            "https://doi.org/10.1000/182",
        ),
        (
            PAPER | {"title": "Does it work?", "doi": ""},
            "Diaz A, Lee B, et al. (2014). Does it work? Journal of Tests 65(4), 517–522. https://example.org/paper",
        ),
        (LAW, "California Legislature. Training of field officers. Penal Code 13515.28. https://example.org/law"),
        ({"title": "Leaflet", "year": 2020}, "Leaflet (2020)."),
        ({"title": "Leaflet"}, "Leaflet."),
    ],
)
def test_citation_is_one_line_to_paste(values, expected):
    assert citation(Resource(**values)) == expected
