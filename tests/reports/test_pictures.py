"""The pictures: what they draw, that they turn, and that nothing but markup comes out of them."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from evenwicht.reports.pictures import lean, scatter
from evenwicht.reports.pictures.butterfly import bar
from evenwicht.reports.pictures.dial import dial
from evenwicht.reports.pictures.element import Markup, decimals, element, escape, join
from evenwicht.reports.pictures.path import TOLERANCE, drawn, outside, simplified
from evenwicht.reports.pictures.scale import REACH, TODAY, Road, log_odds, share
from evenwicht.reports.pictures.stream import Moves, stream
from evenwicht.reports.pictures.strip import strip
from evenwicht.reports.pictures.track import Back, Label, Mark, Track, Week, track

BAND = math.log(1.5)
VERDICTS = ("balanced", "temporary", "undecided", "structural", "standing_still", "too_little_data", "no_signal", "shown")
coordinates = st.floats(-500, 500, allow_nan=False).map(lambda value: round(value, 3))
lines = st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=60)


def parsed(markup: str) -> etree._Element:
    return etree.fromstring(f"<root>{markup}</root>".encode())


def points_of(path: str) -> list[tuple[float, float]]:
    """The points of a path of absolute M and L and relative l, as the pictures write it."""
    at, out = (0.0, 0.0), []
    for command, numbers in re.findall(r"([MLlZ])([^MLlZ]*)", path):
        if command == "Z":
            continue
        x, y = (float(number) for number in re.findall(r"-?\d*\.?\d+", numbers))
        at = (at[0] + x, at[1] + y) if command == "l" else (x, y)
        out.append(at)
    return out


def weeks(levels: list[float], now: list[float] | None = None) -> list[Week]:
    """Weeks with these levels, the newest last."""
    return [
        Week(age=len(levels) - index - .5, slow=level, slow_low=level - .2, slow_high=level + .2,
             now=(now or levels)[index], seen=(now or levels)[index] + .1, n=4)
        for index, level in enumerate(levels)
    ]


def shown(levels: list[float], **more: object) -> Track:
    made = Track(weeks=weeks(levels), norm=0, band=BAND, parties=("b", "a"), today="30 Jun")
    return replace(made, **more)  # type: ignore[arg-type]


# markup


@given(st.text())
def test_escaped_text_is_read_back_as_text_alone(text: str) -> None:
    root = parsed(element("p", text, title=text))
    assert len(root) == 1
    assert not len(root[0])
    assert "\x00" not in (root[0].text or "")


def test_a_name_cannot_become_a_tag_or_an_attribute() -> None:
    made = element("b", '<script>alert("1")</script>', title='" onmouseover="x')
    assert parsed(made)[0].attrib == {"title": '" onmouseover="x'}
    assert parsed(made)[0].text == '<script>alert("1")</script>'


def test_overrides_of_direction_and_lone_surrogates_are_replaced() -> None:
    assert escape("a\u202eb\ud800c\x00") == "a\ufffdb\ufffdc\ufffd"


def test_attributes_are_left_out_or_bare() -> None:
    assert element("input", checked=True, disabled=False, id=None, class_="x", aria_label="y") == \
        '<input checked class="x" aria-label="y">'


def test_children_may_be_nested_and_missing() -> None:
    assert join("a", None, ["b", [3, Markup("<i>")]]) == "ab3<i>"


@pytest.mark.parametrize(("value", "text"), [(12.0, "12"), (-0.04, "0"), (.5, ".5"), (-.5, "-.5"), (10.25, "10.2"),
                                             (0.0, "0"), (100.0, "100"), (-10.5, "-10.5")])
def test_coordinates_are_short(value: float, text: str) -> None:
    assert decimals(value) == text


# paths


@given(lines)
def test_a_drawn_path_ends_where_its_points_end(points: list[tuple[float, float]]) -> None:
    for (x, y), (read_x, read_y) in zip(points, points_of(drawn(points)), strict=True):
        assert abs(x - read_x) <= .051
        assert abs(y - read_y) <= .051


@given(lines)
def test_points_left_out_lie_on_the_line_that_is_drawn(points: list[tuple[float, float]]) -> None:
    kept = simplified(points)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    for point in points:
        assert min(_away(point, one, other) for one, other in pairwise(kept)) <= TOLERANCE + 1e-9


def _away(point: tuple[float, float], one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance to the endless line through two points, or to the point where they are one."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = math.hypot(dx, dy)
    if not length:
        return math.dist(point, one)
    return abs(dy * (point[0] - one[0]) - dx * (point[1] - one[1])) / length


def test_a_gust_of_one_week_is_not_smoothed_away() -> None:
    points = [(100.0, float(y)) for y in range(60)]
    points[30] = (140.0, 30.0)
    assert (140.0, 30.0) in simplified(points)


@given(st.lists(st.floats(-2, 2, allow_nan=False), min_size=2, max_size=40), st.floats(0, 1))
def test_what_lies_outside_is_mirrored_with_the_line(values: list[float], edge: float) -> None:
    right = [(value, float(index)) for index, value in enumerate(values)]
    left = [(-x, y) for x, y in right]
    mirrored = [[(-x, y) for x, y in area] for area in outside(left, -edge, above=False)]
    for one, other in zip(outside(right, edge, above=True), mirrored, strict=True):
        assert [number for point in one for number in point] == pytest.approx([number for point in other for number in point])


def test_an_area_starts_and_ends_on_the_edge() -> None:
    assert outside([(0, 0), (2, 2), (0, 4)], 1, above=True) == [[(1, 1), (2, 2), (1, 3)]]
    assert outside([(2, 0), (2, 2)], 1, above=True) == [[(1, 0), (2, 0), (2, 2), (1, 2)]]
    assert outside([(0, 0), (.5, 2)], 1, above=True) == []


# the road


def test_the_last_quarter_is_drawn_six_times_as_tall() -> None:
    road = Road(weeks=156)
    assert road.y(0) == TODAY
    assert road.y(13) - road.y(0) == pytest.approx(13 * 9)
    assert road.y(113) - road.y(13) == pytest.approx(100 * 1.45)
    assert road.y(0) - road.y(-9) == pytest.approx(9 * 6)


@given(st.floats(-9, 156), st.floats(-9, 156))
def test_later_is_higher(one: float, other: float) -> None:
    road = Road(weeks=156)
    assert (road.y(one) <= road.y(other)) == (one <= other) or road.y(one) == pytest.approx(road.y(other))


@given(st.floats(-20, 20))
def test_the_road_is_as_wide_to_both_sides(value: float) -> None:
    road = Road(width=282)
    assert road.x(value) + road.x(-value) == pytest.approx(282)
    assert road.left - 1e-9 <= road.x(value) <= road.right + 1e-9
    assert share(value) + share(-value) == pytest.approx(1)


def test_the_reach_is_82_against_18_and_log_odds_turn_shares_around() -> None:
    assert share(REACH) == pytest.approx(.825, abs=1e-3)
    assert log_odds(share(.7)) == pytest.approx(.7)


# the track


def test_a_track_says_its_finding_first_and_holds_no_inline_style() -> None:
    made = track(shown([0.1] * 30), Road(), title="Words: <balanced>", name="r1-words")
    svg = parsed(made)[0]
    assert svg[0].tag == "title"
    assert svg[0].text == "Words: <balanced>"
    assert svg.get("aria-labelledby") == svg[0].get("id")
    assert "style" not in made
    assert "<script" not in made


def test_beyond_the_band_has_the_colour_of_the_side_that_receives() -> None:
    right = track(shown([0] * 20 + [1] * 10), Road(), title="", name="t")
    left = track(shown([0] * 20 + [-1] * 10), Road(), title="", name="t")
    assert "ch-set-a" in right
    assert "ch-set-b" not in right
    assert "ch-set-b" in left
    assert "ch-set-a" not in left
    assert "ch-set" not in track(shown([.2] * 30), Road(), title="", name="t")


def test_what_passes_is_a_wash_and_what_has_settled_is_solid() -> None:
    gust = replace(shown([0] * 30), weeks=weeks([0] * 30, [0] * 25 + [1.2] * 5))
    made = track(gust, Road(), title="", name="t")
    assert "ch-now-a" in made
    assert "ch-set" not in made


def test_the_norm_moves_the_band_and_leaves_a_dotted_line_at_equality() -> None:
    made = track(shown([.6] * 30, norm=math.log(65 / 35)), Road(), title="", name="t")
    assert 'class="ch-equal" d="M192 ' in made
    assert "ch-set" not in made
    assert "ch-equal" not in track(shown([.6] * 30), Road(), title="", name="t")


def test_an_axis_that_is_shown_has_no_band_to_be_outside_of() -> None:
    made = track(shown([1.2] * 30, band=None, back=Back(-4, 4, "x")), Road(), title="", name="t")
    assert "ch-band" not in made
    assert "ch-set" not in made
    assert "ch-back" not in made
    assert "ch-slow" in made


def test_dots_only_for_weeks_of_the_last_quarter_and_larger_with_more_observations() -> None:
    many = [replace(week, n=16 if week.age < 1 else 1) for week in weeks([0.0] * 40)]
    dots = parsed(track(shown([], weeks=many), Road(), title="", name="t")).findall(".//g[@class='ch-dots']/circle")
    assert len(dots) == 13
    assert float(dots[-1].get("r")) == 3.6
    assert float(dots[0].get("r")) == 1.4


def test_the_way_back_ends_in_a_ring_on_the_edge_of_the_band_on_its_day() -> None:
    road = Road()
    made = track(shown([0] * 30, weeks=weeks([0] * 30, [1.0] * 30), back=Back(-6, 4, "14 Aug")), road, title="", name="t")
    ring = parsed(made).find(".//circle[@class='ch-backdot']")
    assert float(ring.get("cx")) == pytest.approx(road.x(BAND), abs=.06)  # type: ignore[union-attr, arg-type]
    assert float(ring.get("cy")) == pytest.approx(road.y(-6), abs=.06)  # type: ignore[union-attr, arg-type]
    assert ">14 Aug</text>" in made


def test_marks_point_where_they_push_and_letters_that_would_touch_share_a_line() -> None:
    marks = [Mark(4, "gust", -1, "a"), Mark(4.2, "shift", 1, "b"), Mark(60, "gust", 1, "c")]
    made = parsed(track(shown([0] * 100, marks=marks), Road(), title="", name="t"))
    gusts = [points_of(path.get("d") or "") for path in made.findall(".//path[@class='ch-gust']")]
    assert gusts[0][1][0] < gusts[0][0][0]
    assert gusts[1][1][0] > gusts[1][0][0]
    assert [text.text for text in made.findall(".//text[@class='ch-m']")] == ["a b", "c"]


@given(st.lists(st.floats(-2, 2), min_size=3, max_size=30), st.floats(-.5, .5))
def test_the_other_chair_is_the_mirror_image(levels: list[float], norm: float) -> None:
    one = track(shown(levels, norm=norm), Road(), title="t", name="t")
    other = track(shown([-level for level in levels], norm=-norm, parties=("a", "b"), weeks=[
        replace(week, slow=-week.slow, slow_low=-week.slow_high, slow_high=-week.slow_low, now=-week.now, seen=-week.seen)
        for week in weeks(levels) if week.seen is not None
    ]), Road(), title="t", name="t")
    for kind in ("ch-slow", "ch-fast", "ch-set-a", "ch-set-b", "ch-now-a", "ch-now-b"):
        mine, theirs = (_path(made, kind) for made in (one, other))
        assert [(384 - x, y) for x, y in mine] == [(pytest.approx(x, abs=.11), pytest.approx(y, abs=.11)) for x, y in theirs]
    outside_one, outside_other = (re.sub(r'<g class="flip">.*</g>', "", made) for made in (one, other))
    assert outside_one == outside_other


def _path(made: str, kind: str) -> list[tuple[float, float]]:
    found = parsed(made).find(f".//path[@class='{kind}']")
    return [] if found is None else points_of(found.get("d") or "")


@pytest.mark.parametrize("levels", [[], [0.0], [0.3, float("inf")]])
def test_a_track_with_hardly_a_week_is_still_a_picture(levels: list[float]) -> None:
    finite = [level for level in levels if math.isfinite(level)]
    assert parsed(track(shown(finite, labels=[Label(5, "May")], back=Back(-3, 0, "x")), Road(weeks=39), title="", name="t"))[0].tag \
        == "svg"


# glyphs, dial, strip, scatter, stream, bars


def test_every_verdict_has_its_own_glyph_and_line() -> None:
    sheet = parsed(lean.symbols())
    drawn_shapes = {symbol.get("id"): etree.tostring(symbol) for symbol in sheet.iter("symbol")}
    used = [parsed(lean.glyph(verdict, side)).find(".//use").get("href")  # type: ignore[union-attr]
            for verdict in VERDICTS for side in (-1, 1)]
    assert {href.removeprefix("#") for href in used if href} == set(drawn_shapes)
    assert len(set(drawn_shapes.values())) == len(drawn_shapes) == 11
    assert len({lean.line(verdict) for verdict in VERDICTS}) == len(VERDICTS)


@pytest.mark.parametrize("verdict", ["temporary", "undecided", "structural"])
def test_a_leaning_verdict_leans_to_its_side(verdict: str) -> None:
    assert "-left" in lean.glyph(verdict, -1)
    assert "-right" in lean.glyph(verdict, 1)


@given(st.floats(-1.55, 1.55))
def test_the_dial_leans_25_degrees_for_one_unit(level: float) -> None:
    post = parsed(dial(level, level, norm=0, band=BAND, parties=("a", "b"))).find(".//path[@class='dial-post']")
    foot, top = points_of(post.get("d") or "")[:2]  # type: ignore[union-attr]
    assert math.degrees(math.atan2(top[0] - foot[0], foot[1] - top[1])) == pytest.approx(25 * level, abs=.1)


@pytest.mark.parametrize("level", [-9, -1.55, 0, 1.55, 9])
def test_even_the_steepest_lean_stays_inside_its_picture(level: float) -> None:
    for circle in parsed(dial(level, level, norm=0, band=BAND, parties=("a", "b"))).findall(".//circle"):
        assert 0 <= float(circle.get("cx") or -1) - float(circle.get("r") or 0)
        assert float(circle.get("cx") or 999) + float(circle.get("r") or 0) <= 344


def test_the_grips_keep_the_colours_of_their_sides_and_unknown_is_dotted() -> None:
    grips = parsed(dial(0, 0, norm=0, band=BAND, parties=("b", "a"))).findall(".//circle")[-2:]
    assert [(grip.get("class"), float(grip.get("cx") or 0) < 172) for grip in grips] == [("fill-b", True), ("fill-a", False)]
    unknown = dial(None, None, norm=0, band=BAND, parties=("b", "a"))
    assert "dial-unknown" in unknown
    assert "dial-post" not in unknown


def test_a_strip_shows_band_level_interval_and_now() -> None:
    made = strip(.5, .2, .8, 9, norm=0, band=BAND, title="66 to 34")
    svg = parsed(made)[0]
    assert svg.get("aria-label") == "66 to 34"
    ring = svg.find(".//circle")
    assert ring is not None
    assert float(ring.get("cx") or 0) < 168


def words() -> scatter.Words:
    return scatter.Words("title", "now", "long", "structural", "temporary", "toward us", "toward the other")


def test_a_scatter_draws_each_verdict_in_its_shape_and_leaves_out_what_is_unknown() -> None:
    points = [scatter.Point(verdict, .1 * index, 0) for index, verdict in enumerate(VERDICTS)]
    made = scatter.scatter(points, words(), name="s")
    assert made.count('class="sc-bal"') == made.count('class="sc-still"') == made.count('class="sc-none"') == 1
    assert made.count('class="sc-tmp"') == 2  # the ring, and the ring around the half of undecided
    assert made.count('class="sc-str"') == 2
    assert scatter.shape("too_little_data", 0, 0) is None


def test_names_in_a_scatter_never_lie_over_one_another() -> None:
    points = [scatter.Point("structural", 1, 1, "Acme"), scatter.Point("structural", 1.01, 1, "Birch"),
              scatter.Point("temporary", -1, -1, "Cedar", href="#r3")]
    made = scatter.scatter(points, words(), name="s")
    assert ">Acme<" in made
    assert ">Birch<" not in made
    assert '<a href="#r3">' in made


def test_a_stream_gives_both_sides_one_scale() -> None:
    moves = [Moves(week + .5, 2, 2) for week in range(50)]
    made = parsed(stream(moves, Road(weeks=50), normal=4, parties=("b", "a"), labels=[], today="30 Jun", title="t", name="s"))
    left, right = (points_of(made.find(f".//path[@class='ch-flow-{party}']").get("d") or "")  # type: ignore[union-attr]
                   for party in ("b", "a"))
    assert min(x for x, _ in left) + max(x for x, _ in right) == pytest.approx(384, abs=.11)
    assert parsed(stream([], Road(weeks=39), normal=None, parties=("b", "a"), labels=[Label(3, "Jun")], today="", title="",
                         name="s"))[0].tag == "svg"


def test_bars_of_two_sides_are_as_long_as_their_parts_of_the_larger() -> None:
    widths = [float(parsed(bar(value, 10, "a"))[0].get("width", "").rstrip("%")) for value in (10, 5, 0)]
    assert widths == [62, 31, .4]
    assert bar(0, 0, "a").startswith("<svg")
