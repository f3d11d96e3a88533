"""Objects and fixtures as boxes of our own, from the measured sizes and masses of the benchmark's assets."""

from aspire_mjx.worlds.assets.asset import Asset, Box, Grasp, Link, SiteRegion, balance, bounds
from aspire_mjx.worlds.assets.catalogue import asset, categories, scaled

__all__ = [
    "Asset",
    "Box",
    "Grasp",
    "Link",
    "SiteRegion",
    "asset",
    "balance",
    "bounds",
    "categories",
    "scaled",
]
