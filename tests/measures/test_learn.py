"""Learning finds the world it is given, and the dispersion of what is less, or more, certain than a coin."""

from __future__ import annotations

import numpy as np
import pytest

from evenwicht.errors import WrongCall
from evenwicht.measures import learn as learn_module
from evenwicht.measures.grid import Grid
from evenwicht.measures.learn import Rows, learn, learn_family, sampled, thinned, weights
from evenwicht.measures.parameters import ParameterSet
from evenwicht.simulation.states import SHAPES, Shape, commitments, portfolio


def rows_of(states, importance=1.0):
    return Rows(states.offsets, states.week, states.a, states.n, importance)


GRID = Grid.of([(tau, 0.05, h, s) for tau in (0.1, 0.8) for h in (1.5, 6.0) for s in (0.15, 0.8)])


def test_em_finds_the_shares_of_a_mixture():
    rng = np.random.default_rng(1)
    which = rng.random(4000) < 0.3
    z = np.where(which, rng.normal(0, 3, 4000), rng.normal(0, 1, 4000))
    loglik = np.stack([-0.5 * z * z, -0.5 * z * z / 9 - np.log(3)], axis=1)
    found = weights(loglik, np.array([0.5, 0.5]), np.ones(4000))
    assert found[1] == pytest.approx(0.3, abs=0.03)
    assert found.sum() == pytest.approx(1.0)
    drawn = weights(loglik, np.array([0.5, 0.5]), np.ones(4000), even=0.5)
    assert found[1] < drawn[1] < 0.5


def test_importance_counts_and_what_is_not_finite_does_not():
    loglik = np.array([[0.0, -50.0], [-50.0, 0.0], [np.nan, 0.0]])
    found = weights(loglik, np.array([0.5, 0.5]), np.array([3.0, 1.0, 9.0]))
    np.testing.assert_allclose(found, [0.75, 0.25], atol=1e-9)


def test_learning_tells_calm_worlds_from_windy_ones():
    calm = rows_of(portfolio(Shape(shifts=0, gusts=0, spread=0.1, wind=0.1, drift=0), 150, 100, 1))
    windy = rows_of(portfolio(Shape(shifts=0, gusts=0, spread=0.1, wind=0.9, drift=0), 150, 100, 2))
    share = {}
    for name, rows in (("calm", calm), ("windy", windy)):
        grid, c = learn_family({name: rows}, GRID, {name: 1.0})
        share[name] = sum(w for w, s in zip(grid.weight, grid.s, strict=True) if s > 0.5)
        assert 0.75 < c[name] < 1.15
    assert share["calm"] < 0.1
    assert share["windy"] > 0.75


def test_threads_of_one_giver_are_worth_less_and_steady_commitments_more():
    grid, c = learn_family(
        {"burst": rows_of(portfolio(SHAPES["bursty"], 200, 156, 3))}, ParameterSet.shipped().grid("flow"), {"burst": 1.0},
    )
    assert 0.3 < c["burst"] < 0.5
    _, c = learn_family({"deferral": rows_of(commitments(150, 156, 4))}, grid, {"deferral": 1.0})
    assert 1.5 < c["deferral"] <= 4.0


def test_constant_observations_stay_within_the_limits_of_dispersion():
    rows = Rows(np.array([0, 30]), np.arange(30), np.full(30, 2.0), np.full(30, 4.0))
    _, c = learn_family({"even": rows}, GRID, {"even": 1.0})
    assert c["even"] == 4.0
    nothing = Rows(np.array([0, 0]), np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    _, c = learn_family({"none": nothing}, GRID, {"none": 0.7})
    assert c["none"] == 0.7


def test_a_private_set_keeps_what_it_could_not_learn(monkeypatch):
    monkeypatch.setattr(learn_module, "ROUNDS", 2)
    shipped = ParameterSet.shipped()
    rows = rows_of(portfolio("usual", 260, 60, 5))
    found = learn("mine", "Own portfolio.", {"flow": {"words": rows}})
    assert found.id == "mine"
    assert found.grid("deferral") == shipped.grid("deferral")
    assert found.grid("flow").tau == shipped.grid("flow").tau
    assert found.grid("flow").weight != shipped.grid("flow").weight
    assert found.dispersion("money") == shipped.dispersion("money")
    assert found.dispersion("words") != shipped.dispersion("words")
    assert found == learn("mine", "Own portfolio.", {"flow": {"words": rows}})


def test_too_little_to_learn_from_is_a_wrong_call():
    few = rows_of(portfolio("usual", 150, 60, 5))
    thin = rows_of(portfolio(Shape(events=0.05), 400, 60, 5))
    for rows in (few, thin):
        with pytest.raises(WrongCall, match="at least 200 relations"):
            learn("mine", "", {"flow": {"words": rows}})


def test_thinning_keeps_the_heaviest_in_their_order_and_joins_what_is_alike():
    rng = np.random.default_rng(2)
    which = rng.random(3000) < 0.4
    z = np.where(which, rng.normal(0, 3, 3000), rng.normal(0, 1, 3000))
    narrow, wide = -0.5 * z * z, -0.5 * z * z / 9 - np.log(3)
    # Two points that are alike share what is wide; a third is not quite as good, a fourth is nobody's.
    loglik = np.stack([wide, narrow, wide, narrow - 0.5, narrow - 50], axis=1)
    grid = Grid.of([(0.1 * k, 0.1, 1.0, 0.1, 0.2) for k in range(1, 6)])
    kept = thinned(grid, loglik, np.ones(3000), most=2)
    assert [round(tau, 1) for tau in kept.tau] in ([0.1, 0.2], [0.2, 0.3])
    assert kept.jumps == (0.2, 0.2)
    assert sum(kept.weight) == pytest.approx(1.0)
    shares = dict(zip((round(tau, 1) for tau in kept.tau), kept.weight, strict=True))
    assert shares[0.2] == pytest.approx(0.6, abs=0.04)
    assert thinned(grid, loglik, np.ones(3000), most=9) == grid


def test_a_family_is_thinned_when_asked():
    rows = rows_of(portfolio("usual", 60, 60, 5))
    grid, _ = learn_family({"usual": rows}, GRID, {"usual": 1.0}, rounds=1, most=3)
    assert len(grid) == 3


def test_the_sample_does_not_depend_on_the_order_of_the_pairs():
    pairs = [(f"a{k}.nl", f"b{k % 7}.nl") for k in range(100)]
    assert sampled(pairs).tolist() == list(range(100))
    chosen = {pairs[k] for k in sampled(pairs, most=30)}
    turned = pairs[::-1]
    assert {turned[k] for k in sampled(turned, most=30)} == chosen
    assert len(chosen) == 30


def test_taken_rows_are_those_of_the_relations():
    rows = Rows(np.array([0, 2, 2, 5]), np.array([0, 1, 0, 3, 4]), np.arange(5.0), np.full(5, 9.0))
    some = rows.taken(np.array([2, 0]))
    assert some.offsets.tolist() == [0, 3, 5]
    assert some.a.tolist() == [2.0, 3.0, 4.0, 0.0, 1.0]


def test_the_cap_keeps_the_share():
    _, _, a, n = Rows(np.array([0, 2]), np.array([0, 1]), np.array([300.0, 0.0]), np.array([400.0, 0.0])).scaled(2.0)
    assert n.tolist() == [200.0, 0.0]
    assert a.tolist() == [150.0, 0.0]
