"""What the detector knows of each object category: names, kinds, colours, sizes and look-alikes.

Words that several things share ("bowl", "mug", "cabinet") are kinds, so that the colour decides: "black bowl" fits the
black bowl fully and a white one by half.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from aspire_mjx.worlds.assets.variants import VARIANTS


@dataclass(frozen=True, kw_only=True)
class LexiconEntry:
    """What the detector knows of a category.

    Attributes:
        names: words and phrases that name it; every word of a prompt that occurs here counts fully.
        kinds: words for its shape or class, which other things share.
        colours: colour words.
        size: typical length, width and height, m, from which the detector judges how much of it is visible.
        look_alikes: categories it is sometimes taken for.
        phrases: whole phrases that mean it and nothing else, though their words alone may not.
    """

    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    size: tuple[float, float, float] = (0.08, 0.06, 0.06)
    look_alikes: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


_CAN = ("can", "tin", "canned", "food", "grocery")
_CARTON = ("carton", "box", "drink", "beverage", "grocery")
_BOTTLE = ("bottle", "condiment", "grocery")
_BOWL = ("bowl", "dish", "tableware")
_MUG = ("mug", "cup", "tableware")
_BOOK = ("book", "novel")
_CABINET = ("cabinet", "drawer", "dresser", "furniture")
_BOX = ("box", "package", "packet", "pack", "block", "grocery")

VOCABULARY: dict[str, LexiconEntry] = {
    "alphabet_soup": LexiconEntry(
        names=("alphabet soup", "soup"),
        kinds=_CAN,
        colours=("red", "white"),
        size=(0.062, 0.062, 0.076),
        look_alikes=("tomato_sauce",),
    ),
    "tomato_sauce": LexiconEntry(
        names=("tomato sauce", "pasta sauce", "passata"),
        kinds=_CAN,
        colours=("red", "green"),
        size=(0.062, 0.062, 0.076),
        look_alikes=("alphabet_soup",),
    ),
    "cream_cheese": LexiconEntry(
        names=("cream cheese", "cheese"),
        kinds=_BOX,
        colours=("white", "blue", "silver"),
        size=(0.081, 0.043, 0.018),
        look_alikes=("butter", "chocolate_pudding"),
    ),
    "butter": LexiconEntry(
        names=("butter", "stick butter"),
        kinds=_BOX,
        colours=("yellow", "white"),
        size=(0.076, 0.040, 0.017),
        look_alikes=("cream_cheese", "chocolate_pudding"),
    ),
    "chocolate_pudding": LexiconEntry(
        names=("chocolate pudding", "pudding", "chocolate", "dessert"),
        kinds=_BOX,
        colours=("brown",),
        size=(0.080, 0.046, 0.027),
        look_alikes=("butter", "cream_cheese"),
    ),
    "milk": LexiconEntry(
        names=("milk",),
        kinds=_CARTON,
        colours=("white", "blue"),
        size=(0.053, 0.053, 0.131),
        look_alikes=("orange_juice",),
    ),
    "orange_juice": LexiconEntry(
        names=("orange juice", "juice", "oj"),
        kinds=_CARTON,
        colours=("orange", "white"),
        size=(0.053, 0.053, 0.131),
        look_alikes=("milk",),
    ),
    "ketchup": LexiconEntry(
        names=("ketchup", "catsup", "tomato ketchup"),
        kinds=_BOTTLE,
        colours=("red",),
        size=(0.056, 0.037, 0.146),
        look_alikes=("bbq_sauce", "salad_dressing"),
    ),
    "bbq_sauce": LexiconEntry(
        names=("bbq sauce", "barbecue sauce", "barbeque sauce"),
        kinds=_BOTTLE,
        colours=("brown", "black", "red"),
        size=(0.047, 0.029, 0.107),
        look_alikes=("ketchup", "salad_dressing"),
    ),
    "salad_dressing": LexiconEntry(
        names=("salad dressing", "dressing", "vinaigrette"),
        kinds=_BOTTLE,
        colours=("green", "yellow", "white"),
        size=(0.053, 0.036, 0.146),
        look_alikes=("ketchup", "bbq_sauce"),
    ),
    "basket": LexiconEntry(
        names=("basket", "wicker basket", "hamper"),
        kinds=("container", "bin"),
        colours=("brown", "beige"),
        size=(0.157, 0.170, 0.142),
    ),
    "akita_black_bowl": LexiconEntry(
        names=("akita",),
        kinds=_BOWL,
        colours=("black",),
        size=(0.107, 0.107, 0.050),
    ),
    "white_bowl": LexiconEntry(
        kinds=_BOWL,
        colours=("white",),
        size=(0.081, 0.081, 0.034),
        look_alikes=("plate",),
    ),
    "plate": LexiconEntry(
        names=("plate", "saucer"),
        kinds=("dish", "tableware"),
        colours=("white",),
        size=(0.138, 0.138, 0.019),
        look_alikes=("white_bowl",),
    ),
    "glazed_rim_porcelain_ramekin": LexiconEntry(
        names=("glazed rim ramekin", "souffle dish"),
        kinds=("porcelain", "dish", "tableware"),
        colours=("white", "beige"),
        size=(0.089, 0.089, 0.042),
    ),
    "red_coffee_mug": LexiconEntry(
        names=("coffee",),
        kinds=_MUG,
        colours=("red",),
        size=(0.093, 0.123, 0.133),
    ),
    "porcelain_mug": LexiconEntry(
        names=("porcelain",),
        kinds=_MUG,
        colours=("white",),
        size=(0.096, 0.125, 0.106),
        look_alikes=("white_yellow_mug",),
    ),
    "white_yellow_mug": LexiconEntry(
        kinds=_MUG,
        colours=("yellow",),
        size=(0.106, 0.140, 0.103),
        look_alikes=("porcelain_mug",),
        phrases=("white and yellow mug", "white and yellow cup"),
    ),
    "chefmate_8_frypan": LexiconEntry(
        names=("chefmate 8 frypan", "frying pan", "fry pan", "skillet"),
        kinds=("cookware",),
        colours=("black", "grey", "gray"),
        size=(0.204, 0.356, 0.058),
    ),
    "wooden_tray": LexiconEntry(
        names=("tray",),
        kinds=("container",),
        colours=("brown", "wooden"),
        size=(0.297, 0.167, 0.082),
    ),
    "moka_pot": LexiconEntry(
        names=("moka pot", "espresso maker"),
        kinds=("coffee", "kettle", "cookware"),
        colours=("silver", "grey", "gray"),
        size=(0.081, 0.148, 0.152),
    ),
    "wine_bottle": LexiconEntry(
        names=("wine",),
        kinds=("bottle", "drink", "beverage"),
        colours=("green",),
        size=(0.043, 0.044, 0.157),
    ),
    "cookies": LexiconEntry(
        names=("cookies", "biscuits"),
        kinds=(*_BOX, "snack"),
        colours=("yellow",),
        size=(0.083, 0.062, 0.019),
    ),
    "black_book": LexiconEntry(
        kinds=_BOOK,
        colours=("black",),
        size=(0.029, 0.110, 0.134),
        look_alikes=("yellow_book",),
    ),
    "yellow_book": LexiconEntry(
        kinds=_BOOK,
        colours=("yellow",),
        size=(0.024, 0.098, 0.122),
        look_alikes=("black_book",),
    ),
    "wooden_cabinet": LexiconEntry(
        kinds=_CABINET,
        colours=("brown", "wooden"),
        size=(0.255, 0.221, 0.218),
    ),
    "white_cabinet": LexiconEntry(
        kinds=_CABINET,
        colours=("white",),
        size=(0.255, 0.221, 0.218),
    ),
    "flat_stove": LexiconEntry(
        names=("flat stove", "burner", "cooktop", "hob"),
        kinds=("appliance", "cooker"),
        colours=("grey", "gray", "silver"),
        size=(0.297, 0.190, 0.070),
    ),
    "microwave": LexiconEntry(
        names=("microwave",),
        kinds=("oven", "appliance"),
        colours=("white", "grey", "gray"),
        size=(0.345, 0.263, 0.189),
    ),
    "wine_rack": LexiconEntry(
        names=("rack",),
        kinds=("wine", "holder", "furniture"),
        colours=("brown", "wooden"),
        size=(0.269, 0.254, 0.330),
    ),
    "desk_caddy": LexiconEntry(
        names=("desk caddy", "organizer", "organiser"),
        kinds=("container", "holder", "furniture"),
        colours=("brown", "wooden"),
        size=(0.151, 0.434, 0.167),
    ),
    "wooden_two_layer_shelf": LexiconEntry(
        names=("two layer shelf", "bookshelf"),
        kinds=("furniture",),
        colours=("brown", "wooden"),
        size=(0.352, 0.191, 0.210),
    ),
}

#: Categories that look like another one and never stand beside it.
_SAME = {"new_salad_dressing": "salad_dressing"}


@lru_cache(maxsize=4096)
def word_of(category: str) -> LexiconEntry:
    """What is known of a category. A recoloured variant is what it varies, in the colour that its name begins with.

    A category that nothing is known of is known by the words of its name.
    """
    if category in VOCABULARY:
        return VOCABULARY[category]
    if category in _SAME:
        return VOCABULARY[_SAME[category]]
    if category not in VARIANTS:
        return LexiconEntry(names=(category.replace("_", " "),))
    variant = VARIANTS[category]
    base = VOCABULARY[variant.base]
    length, width, height = (float(side) for side in np.multiply(base.size, variant.scale))
    colours = base.colours if variant.rgb is None else (category.split("_")[0],)
    return replace(base, colours=colours, size=(length, width, height), look_alikes=())
