import pytest

from programs import counties


def test_there_are_58_counties():
    assert len(counties.COUNTIES) == 58


@pytest.mark.parametrize("fact", ["slug", "name", "fips"])
def test_no_two_counties_share_a_fact_that_names_them(fact):
    assert len({getattr(county, fact) for county in counties.COUNTIES}) == 58


def test_fips_codes_are_the_odd_numbers_of_california_by_name():
    by_name = sorted(counties.COUNTIES, key=lambda county: county.name)
    assert [county.fips for county in by_name] == [f"06{number:03d}" for number in range(1, 116, 2)]


def test_populations_add_up_to_the_state():
    assert sum(county.population for county in counties.COUNTIES) == 39_538_223


def test_every_county_is_in_a_known_region_and_every_region_has_one():
    assert {county.region for county in counties.COUNTIES} == set(counties.REGIONS)


def test_regions_share_out_all_counties():
    found = [slug for region in counties.REGIONS for slug in counties.in_region(region)]
    assert sorted(found) == sorted(counties.BY_SLUG)


def test_region_gives_the_slugs_of_its_counties():
    assert counties.in_region("inland-empire") == ["riverside", "san-bernardino"]
    assert counties.in_region("atlantis") == []


def test_choices_are_slugs_and_names_that_fit_the_field():
    assert counties.CHOICES[18] == ("los-angeles", "Los Angeles")
    assert max(len(slug) for slug, _name in counties.CHOICES) <= 20


def test_county_is_found_by_slug_and_shown_by_name():
    assert str(counties.BY_SLUG["el-dorado"]) == "El Dorado"
