"""Own geometry against the measured sizes of the benchmark's assets."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.worlds.assets import asset, categories, contain_region
from aspire_mjx.worlds.tables import asset_table


@pytest.mark.parametrize("category", categories())
def test_bounding_size_mass_and_origin_match_the_asset_table(category):
    built, raw = asset(category), asset_table()[category]
    low = np.min([np.subtract(p.centre, p.half_size) for p in built.parts], axis=0)
    high = np.max([np.add(p.centre, p.half_size) for p in built.parts], axis=0)
    np.testing.assert_allclose(high - low, raw["as_placed_size_m"], rtol=0.05)
    assert built.origin_height == pytest.approx(-low[2], abs=1e-6)
    assert built.mass == raw["mass_kg"] and built.friction == tuple(raw["friction"])


def test_a_can_fits_into_the_basket():
    walls = [p for p in asset("basket").parts if p.half_size[2] > 0.02]
    gap_x = 2 * (max(p.centre[0] for p in walls) - 0.004)
    assert gap_x > asset("alphabet_soup").size[0]
    assert contain_region("basket").half_size[0] < gap_x / 2


def test_unknown_category_and_container_list_the_known_ones():
    with pytest.raises(UnknownNameError, match="butter"):
        asset("buter")
    with pytest.raises(UnknownNameError, match="basket"):
        contain_region("butter")
