"""The 58 counties of California: plain data, no table, since they have not changed since 1907.

FIPS codes and populations: U.S. Census Bureau, 2020 decennial census (https://www.census.gov/quickfacts/CA); the
populations add up to the State's 39,538,223. Regions: the ten of the California Census 2020 outreach office.
"""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.languages import SPANISH


@dataclass(frozen=True)
class County:
    slug: str
    name: str
    """Without the word “County”."""
    fips: str
    population: int
    """Residents on April 1, 2020."""
    region: str
    """Slug of one of `REGIONS`."""

    def __str__(self):
        """The name in the language of the page."""
        return IN_SPANISH.get(self.slug, self.name) if get_language() == SPANISH else self.name


IN_SPANISH = {"los-angeles": "Los Ángeles", "san-joaquin": "San Joaquín", "santa-barbara": "Santa Bárbara"}
"""Names that Spanish writes with an accent."""

REGIONS = {
    "central-coast": "Central Coast",
    "inland-empire": "Inland Empire",
    "los-angeles-county": "Los Angeles County",
    "north-coast": "North Coast",
    "northern-san-joaquin-valley": "Northern San Joaquin Valley",
    "orange-county": "Orange County",
    "san-diego-imperial": "San Diego-Imperial",
    "san-francisco-bay-area": "San Francisco Bay Area",
    "southern-san-joaquin-valley": "Southern San Joaquin Valley",
    "superior-california": "Superior California",
}

COUNTIES = (
    County("alameda", "Alameda", "06001", 1_682_353, "san-francisco-bay-area"),
    County("alpine", "Alpine", "06003", 1_204, "northern-san-joaquin-valley"),
    County("amador", "Amador", "06005", 40_474, "northern-san-joaquin-valley"),
    County("butte", "Butte", "06007", 211_632, "superior-california"),
    County("calaveras", "Calaveras", "06009", 45_292, "northern-san-joaquin-valley"),
    County("colusa", "Colusa", "06011", 21_839, "superior-california"),
    County("contra-costa", "Contra Costa", "06013", 1_165_927, "san-francisco-bay-area"),
    County("del-norte", "Del Norte", "06015", 27_743, "north-coast"),
    County("el-dorado", "El Dorado", "06017", 191_185, "superior-california"),
    County("fresno", "Fresno", "06019", 1_008_654, "southern-san-joaquin-valley"),
    County("glenn", "Glenn", "06021", 28_917, "superior-california"),
    County("humboldt", "Humboldt", "06023", 136_463, "north-coast"),
    County("imperial", "Imperial", "06025", 179_702, "san-diego-imperial"),
    County("inyo", "Inyo", "06027", 19_016, "southern-san-joaquin-valley"),
    County("kern", "Kern", "06029", 909_235, "southern-san-joaquin-valley"),
    County("kings", "Kings", "06031", 152_486, "southern-san-joaquin-valley"),
    County("lake", "Lake", "06033", 68_163, "north-coast"),
    County("lassen", "Lassen", "06035", 32_730, "superior-california"),
    County("los-angeles", "Los Angeles", "06037", 10_014_009, "los-angeles-county"),
    County("madera", "Madera", "06039", 156_255, "northern-san-joaquin-valley"),
    County("marin", "Marin", "06041", 262_321, "san-francisco-bay-area"),
    County("mariposa", "Mariposa", "06043", 17_131, "northern-san-joaquin-valley"),
    County("mendocino", "Mendocino", "06045", 91_601, "north-coast"),
    County("merced", "Merced", "06047", 281_202, "northern-san-joaquin-valley"),
    County("modoc", "Modoc", "06049", 8_700, "superior-california"),
    County("mono", "Mono", "06051", 13_195, "northern-san-joaquin-valley"),
    County("monterey", "Monterey", "06053", 439_035, "central-coast"),
    County("napa", "Napa", "06055", 138_019, "north-coast"),
    County("nevada", "Nevada", "06057", 102_241, "superior-california"),
    County("orange", "Orange", "06059", 3_186_989, "orange-county"),
    County("placer", "Placer", "06061", 404_739, "superior-california"),
    County("plumas", "Plumas", "06063", 19_790, "superior-california"),
    County("riverside", "Riverside", "06065", 2_418_185, "inland-empire"),
    County("sacramento", "Sacramento", "06067", 1_585_055, "superior-california"),
    County("san-benito", "San Benito", "06069", 64_209, "central-coast"),
    County("san-bernardino", "San Bernardino", "06071", 2_181_654, "inland-empire"),
    County("san-diego", "San Diego", "06073", 3_298_634, "san-diego-imperial"),
    County("san-francisco", "San Francisco", "06075", 873_965, "san-francisco-bay-area"),
    County("san-joaquin", "San Joaquin", "06077", 779_233, "northern-san-joaquin-valley"),
    County("san-luis-obispo", "San Luis Obispo", "06079", 282_424, "central-coast"),
    County("san-mateo", "San Mateo", "06081", 764_442, "san-francisco-bay-area"),
    County("santa-barbara", "Santa Barbara", "06083", 448_229, "central-coast"),
    County("santa-clara", "Santa Clara", "06085", 1_936_259, "san-francisco-bay-area"),
    County("santa-cruz", "Santa Cruz", "06087", 270_861, "central-coast"),
    County("shasta", "Shasta", "06089", 182_155, "superior-california"),
    County("sierra", "Sierra", "06091", 3_236, "superior-california"),
    County("siskiyou", "Siskiyou", "06093", 44_076, "superior-california"),
    County("solano", "Solano", "06095", 453_491, "san-francisco-bay-area"),
    County("sonoma", "Sonoma", "06097", 488_863, "north-coast"),
    County("stanislaus", "Stanislaus", "06099", 552_878, "northern-san-joaquin-valley"),
    County("sutter", "Sutter", "06101", 99_633, "superior-california"),
    County("tehama", "Tehama", "06103", 65_829, "superior-california"),
    County("trinity", "Trinity", "06105", 16_112, "north-coast"),
    County("tulare", "Tulare", "06107", 473_117, "southern-san-joaquin-valley"),
    County("tuolumne", "Tuolumne", "06109", 55_620, "northern-san-joaquin-valley"),
    County("ventura", "Ventura", "06111", 843_843, "central-coast"),
    County("yolo", "Yolo", "06113", 216_403, "superior-california"),
    County("yuba", "Yuba", "06115", 81_575, "superior-california"),
)
BY_SLUG = {county.slug: county for county in COUNTIES}
CHOICES = [(county.slug, county.name) for county in COUNTIES]


def in_region(region):
    """Slugs of the counties of a region, given by its slug."""
    return [county.slug for county in COUNTIES if county.region == region]


def parted(choices):
    """The choices of a filter under headings: regions, then counties, without those that hold nothing.

    A region that is not counted holds something where one of its counties does.
    """
    held = {choice.value: choice for choice in choices if choice.count or choice.is_chosen}
    alive = {BY_SLUG[value].region for value in held if value in BY_SLUG}
    regions = [one for one in choices if one.value in held or (one.count is None and one.value in alive)]
    return [
        (_("Regions"), [choice for choice in regions if choice.value in REGIONS]),
        (_("Counties"), [choice for choice in held.values() if choice.value in BY_SLUG]),
    ]


def named(names):
    """The counties of these English names, in the order of the alphabet."""
    return [county for county in COUNTIES if county.name in names]
