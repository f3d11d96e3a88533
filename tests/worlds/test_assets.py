"""Own geometry against the benchmark's measured figures; things stand, hollow things hold."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.geometry import from_axis_angle, multiply, to_matrix
from aspire_mjx.worlds.assets import Asset, Box, asset, balance, bounds, categories, scaled
from aspire_mjx.worlds.assets.catalogue import VARIANTS
from aspire_mjx.worlds.assets.measured import measured
from aspire_mjx.worlds.tables import table
from tests.support.small_scenes import STEP, Put, SmallScene

MEASURED = tuple(table("assets"))
MOVABLE = tuple(c for c in categories() if not asset(c).fixture)
FOOD = (
    *("alphabet_soup", "bbq_sauce", "butter", "chocolate_pudding", "cream_cheese", "ketchup", "milk", "orange_juice"),
    *("salad_dressing", "tomato_sauce"),
)
HOLLOW = (
    *("akita_black_bowl", "white_bowl", "glazed_rim_porcelain_ramekin", "plate", "red_coffee_mug", "porcelain_mug"),
    *("white_yellow_mug", "chefmate_8_frypan", "wooden_tray", "moka_pot", "basket"),
)
WALL = 0.004  #: m, thinner boxes could be passed through in a physics step


def _standing(category: str, x: float = 0.0, y: float = 0.0, height: float = 0.0) -> Put:
    return Put(category, (x, y, asset(category).origin_height + height))


def _region(thing: Asset, name: str):
    return next(region for region in thing.regions if region.name == name)


def _things(task: dict) -> list:
    return [*task.get("objects", ()), *task.get("fixtures", ())]


def test_every_category_of_the_tables_can_be_built():
    used = {category for tasks in table("tasks").values() for task in tasks for _, category in _things(task)}
    assert set(MEASURED) <= set(categories())
    assert used <= set(categories())


def test_mass_spread_over_boxes_balances_as_in_mujoco():
    boxes = (
        Box((0.03, 0.05, 0.02), (0.1, 0.0, 0.2), (0.5, 0.5, 0.5)),
        Box((0.02, 0.08, 0.01), (-0.05, 0.04, 0.0), (0.5, 0.5, 0.5), (math.cos(0.3), 0.0, 0.0, math.sin(0.3))),
    )
    spec = mujoco.MjSpec()
    body = spec.worldbody.add_body()
    for box in boxes:
        body.add_geom(type=mujoco.mjtGeom.mjGEOM_BOX, size=box.half_size, pos=box.centre, quat=box.quaternion)
    model = spec.compile()
    middle, inertia = balance(boxes, float(model.body_mass[1]))
    np.testing.assert_allclose(middle, model.body_ipos[1], atol=1e-9)
    turn = to_matrix(model.body_iquat[1])
    np.testing.assert_allclose(inertia, np.diag(turn @ np.diag(model.body_inertia[1]) @ turn.T), rtol=1e-6)


@pytest.mark.parametrize("category", MEASURED)
def test_bounding_size_mass_origin_and_friction_match_the_asset_table(category):
    built, raw = asset(category), table("assets")[category]
    low, high = bounds(built.boxes)
    table_size = raw["aabb_size_m"] if built.fixture or built.yaw[0] < built.yaw[1] else raw["as_placed_size_m"]
    np.testing.assert_allclose(high - low, table_size, rtol=0.05)
    np.testing.assert_allclose((low + high) / 2, measured(category).centre, atol=0.0035)
    assert built.size == tuple(table_size)
    assert built.origin_height == pytest.approx(-low[2], abs=1e-6)
    assert built.mass + sum(link.mass for link in built.links) == pytest.approx(raw["mass_kg"])
    assert built.friction == tuple(raw["friction"])
    assert built.horizontal_radius == raw["horizontal_radius_m"]
    if not built.fixture:
        assert built.centre_of_mass == tuple(raw["as_placed_centre_of_mass_m"])
        assert built.inertia == tuple(raw["as_placed_inertia_kg_m2"])


@pytest.mark.parametrize("category", MEASURED)
def test_joints_and_regions_are_those_of_the_asset_table(category):
    built, raw = asset(category), table("assets")[category]
    joints = {joint["name"]: joint for joint in raw["joints"]}
    assert {link.name for link in built.links} == set(joints)
    for link in built.links:
        joint = joints[link.name]
        assert (link.kind, link.axis, link.range) == (joint["type"], tuple(joint["axis"]), tuple(joint["range"]))
        assert link.damping == joint["damping"]
        for low, high in (link.open_start, link.closed_start):
            assert link.range[0] <= low < high <= link.range[1]
        assert link.open_start[1] < link.closed_start[0] or link.closed_start[1] < link.open_start[0]
    assert [region.name for region in built.regions] == [region["name"] for region in raw["regions"]]
    names = {"", *(link.name for link in built.links)}
    assert {part.link for part in (*built.boxes, *built.regions, *built.grasps)} <= names


def test_drawers_carry_their_regions_and_the_cabinet_its_top():
    for category in ("wooden_cabinet", "white_cabinet", "yellow_cabinet"):
        carriers = {region.name: region.link for region in asset(category).regions}
        assert carriers == {
            "top_side": "",
            "top_region": "top_level",
            "middle_region": "middle_level",
            "bottom_region": "bottom_level",
        }


def test_explicit_damping_is_stable_at_the_physics_step():
    for category in categories():
        for link in asset(category).links:
            middle, inertia = balance(asset(category).part(link.name), link.mass)
            moved = link.mass
            if link.kind == "hinge":
                arm = np.cross(np.asarray(link.axis), middle - link.anchor)
                moved = inertia @ np.abs(link.axis) + link.mass * arm @ arm
            assert link.damping * STEP / (moved + link.armature) < 0.5, (category, link.name)


def test_boxes_are_few_and_thick_enough():
    budget = {"": 4, "cabinet": 26}
    for category in categories():
        built = asset(category)
        base = VARIANTS[category].base if category in VARIANTS else category
        most = 10 if base in HOLLOW else budget.get(built.fixture, 12)
        assert len(built.boxes) <= most, category
        thinnest = min(min(box.half_size) for box in built.boxes)
        assert 2 * thinnest > WALL - 1e-9 or built.fixture, category  # a fixture's marks and windows lie on thick parts
        assert all(min(box.half_size) > 0 and all(0 <= c <= 1 for c in box.rgb) for box in built.boxes)
    assert all(len(asset(food).boxes) == 2 for food in FOOD)
    assert len(asset("basket").boxes) == 5


def test_grasps_are_between_surfaces_of_the_thing_and_fit_the_gripper():
    for category in categories():
        built = asset(category)
        assert built.grasps or built.fixture
        for grasp in built.grasps:
            closing, approach = np.asarray(grasp.closing), np.asarray(grasp.approach)
            assert np.linalg.norm(closing) == pytest.approx(1.0) == np.linalg.norm(approach)
            assert closing @ approach == pytest.approx(0.0)
            assert any(_inside(box, grasp.centre) for box in built.part(grasp.link)), (category, grasp.name)
            assert grasp.width < 0.08, category


def _inside(box, point) -> bool:
    local = to_matrix(np.asarray(box.quaternion)).T @ np.subtract(point, box.centre)
    return bool((np.abs(local) <= np.asarray(box.half_size) + 0.001).all())


@pytest.mark.parametrize("category", MOVABLE)
def test_things_stand_where_their_origin_height_says(category):
    scene = SmallScene([_standing(category, height=0.001)]).run(1.0)
    assert abs(scene.position(0)[2] - asset(category).origin_height) < 0.003
    assert scene.up(0) > 0.9999 and scene.speed(0) < 1e-3
    assert np.abs(scene.position(0)[:2]).max() < 0.002


@pytest.mark.parametrize(
    "category", ("akita_black_bowl", "bigger_akita_black_bowl", "chefmate_8_frypan", "wooden_tray")
)
def test_a_cream_cheese_comes_to_rest_inside(category):
    scene = SmallScene([_standing(category), Put("cream_cheese", (0.003, 0.0, 0.10))]).run(1.5)
    rim = asset(category).size[2] - asset(category).origin_height
    assert np.hypot(*(scene.position(1) - scene.position(0))[:2]) < 0.03
    assert scene.position(1)[2] < scene.position(0)[2] + rim - 0.01
    assert scene.speed(1) < 0.01


@pytest.mark.parametrize("mug", ("red_coffee_mug", "porcelain_mug", "white_yellow_mug"))
def test_mugs_are_hollow(mug):
    built = asset(mug)
    low = bounds(built.boxes[:1])[1][2]  # the floor's upper face
    middle = built.boxes[0].centre
    above = np.linspace(low + 0.005, built.size[2] - built.origin_height, 20)
    assert not any(_inside(box, (middle[0], middle[1], z)) for box in built.boxes for z in above)
    assert any(grasp.name == "handle" for grasp in built.grasps)


def test_a_can_falls_into_the_basket():
    scene = SmallScene([_standing("basket"), Put("alphabet_soup", (0.01, 0.0, 0.20))]).run(1.5)
    region = _region(asset("basket"), "contain_region")
    offset = np.abs(scene.position(1) - scene.position(0) - region.centre)
    assert (offset < region.half_size).all() and scene.up(1) > 0.99


@pytest.mark.parametrize("drawer", ("top", "middle", "bottom"))
def test_a_drawer_holds_a_bowl_and_closes_over_it(drawer):
    region = _region(asset("wooden_cabinet"), f"{drawer}_region")
    puts = [_standing("wooden_cabinet", height=0.005), Put("akita_black_bowl", (0.003, -0.14, 0.0))]
    raised = np.add(puts[0].position, region.centre)
    puts[1] = Put("akita_black_bowl", (0.003, -0.14, float(raised[2])))
    scene = SmallScene(puts, {f"{drawer}_level": -0.15}).run(1.0)
    assert abs(scene.data.joint(f"{drawer}_level").qpos[0] + 0.15) < 1e-3
    assert raised[2] - 0.0399 < scene.position(1)[2] < raised[2]  # In: half height and a centimetre below
    joint = scene.model.joint(f"{drawer}_level")
    for _ in range(300):  # pushed shut
        scene.data.qfrc_applied[joint.dofadr] = 15.0
        scene.run(STEP)
    assert scene.data.joint(f"{drawer}_level").qpos[0] > -0.005
    assert np.abs(scene.position(1)[:2] - raised[:2]).max() < 0.05 and scene.up(1) > 0.99


def test_a_book_stands_in_the_back_compartment():
    caddy = asset("desk_caddy")
    region = _region(caddy, "back_contain_region")
    lifted = caddy.origin_height + 0.02
    puts = [_standing("desk_caddy", height=0.02), Put("black_book", (region.centre[0], 0.012, lifted + 0.06))]
    scene = SmallScene(puts).run(1.5)
    offset = scene.position(1) - scene.position(0) - region.centre
    half = np.abs(to_matrix(np.asarray(region.quaternion)) @ region.half_size)
    assert (offset < half).all() and (offset > -half - (0, 0, 0.01)).all()
    assert scene.up(1) > 0.95 and scene.speed(1) < 0.01


def test_a_book_stands_on_the_shelf_under_its_top():
    region = _region(asset("wooden_two_layer_shelf"), "top_region")
    shelf = _standing("wooden_two_layer_shelf")
    puts = [shelf, Put("black_book", (region.centre[0], region.centre[1], shelf.position[2] + 0.0695))]
    scene = SmallScene(puts).run(1.0)
    offset = scene.position(1) - scene.position(0) - region.centre
    half = np.abs(to_matrix(np.asarray(region.quaternion)) @ region.half_size)
    assert (offset < half).all() and (offset > -half - (0, 0, 0.01)).all()
    assert scene.up(1) > 0.999 and scene.speed(1) < 0.01


def test_a_bottle_lies_on_the_rack():
    rack = asset("wine_rack")
    region = _region(rack, "top_region")
    # The region stands across the shelf: its x runs along the shelf's edge, its z up the slope, its y into the board.
    turn = to_matrix(np.asarray(region.quaternion))
    lying = multiply(np.asarray(region.quaternion), from_axis_angle(np.eye(3)[1], np.asarray(math.pi / 2)))
    base = _standing("wine_rack", height=0.02)
    start = np.add(base.position, region.centre) + turn @ (-0.0785, -0.026, 0.035)
    scene = SmallScene([base, Put("wine_bottle", tuple(start), tuple(lying))]).run(2.0)
    offset = turn.T @ (scene.position(1) - scene.position(0) - region.centre)
    half = region.half_size
    assert abs(offset[0]) < half[0] and abs(offset[1]) < half[1] and half[2] - 0.005 < offset[2] < half[2] + 0.10
    assert scene.speed(1) < 0.01


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ("plate", "akita_black_bowl"),
        ("plate", "red_coffee_mug"),
        ("cookies", "akita_black_bowl"),
        ("glazed_rim_porcelain_ramekin", "akita_black_bowl"),
        ("akita_black_bowl", "akita_black_bowl"),
        ("akita_black_bowl", "wine_bottle"),
    ],
)
def test_one_thing_stands_on_or_in_another(below, above):
    height = asset(below).size[2] + 0.005
    scene = SmallScene([_standing(below), _standing(above, x=0.002, height=height)]).run(1.5)
    assert np.hypot(*(scene.position(1) - scene.position(0))[:2]) < 0.03  # the benchmark's On
    assert scene.position(1)[2] > scene.position(0)[2] and scene.up(1) > 0.97 and scene.speed(1) < 0.01


@pytest.mark.parametrize("pan", ("moka_pot", "chefmate_8_frypan", "akita_black_bowl", "plate"))
def test_things_stand_on_the_burner(pan):
    region = _region(asset("flat_stove"), "cook_region")
    stove = _standing("flat_stove")
    thing = Put(pan, (region.centre[0], region.centre[1], stove.position[2] + 0.03 + asset(pan).origin_height))
    scene = SmallScene([stove, thing]).run(1.0)
    offset = scene.position(1) - scene.position(0) - region.centre
    assert np.abs(offset[:2]).max() < 0.01 and -0.0025 < offset[2] < 0.1025
    assert scene.up(1) > 0.999


@pytest.mark.parametrize(
    ("fixture", "joint", "pull"),
    [
        ("white_cabinet", "top_level", -20.0),  # N
        ("wooden_cabinet", "bottom_level", -20.0),
        ("microwave", "microjoint", -1.0),  # N m
        ("flat_stove", "button", 2.0),
    ],
)
def test_moving_parts_open_and_stay_open(fixture, joint, pull):
    link = next(link for link in asset(fixture).links if link.name == joint)
    scene = SmallScene([_standing(fixture, height=0.02)])
    degree = scene.model.joint(joint).dofadr
    scene.data.qfrc_applied[degree] = pull
    scene.run(2.5)
    scene.data.qfrc_applied[degree] = 0.0
    scene.run(0.5)
    low, high = link.open_start
    assert low - 0.02 < scene.data.joint(joint).qpos[0] < high + 0.02
    assert abs(scene.data.joint(joint).qvel[0]) < 0.05
    others = [other.name for other in asset(fixture).links if other is not link]
    assert all(abs(scene.data.joint(other).qpos[0]) < 1e-6 for other in others)


def test_the_microwave_opens_wide_and_takes_a_mug():
    scene = SmallScene([_standing("microwave"), Put("white_yellow_mug", (-0.03, 0.0, 0.03))], {"microjoint": -1.8}).run(
        1.0
    )
    assert scene.data.joint("microjoint").qpos[0] == pytest.approx(-1.8, abs=0.02)
    region = _region(asset("microwave"), "heating_region")
    offset = np.abs(scene.position(1) - scene.position(0) - region.centre)
    assert (offset < np.add(region.half_size, (0.0, 0.0, 0.01))).all() and scene.up(1) > 0.999


def test_variants_are_a_base_with_another_colour_or_size():
    for name, variant in VARIANTS.items():
        built, base = asset(name), asset(variant.base)
        assert built.category == name and built.fixture == base.fixture and len(built.boxes) == len(base.boxes)
        np.testing.assert_allclose(built.size, np.multiply(base.size, variant.scale))
        assert built.mass == pytest.approx(base.mass * variant.scale**3)
        if variant.rgb is not None:
            mean = np.mean([box.rgb for box in built.boxes], axis=0)
            assert np.abs(mean - variant.rgb).max() < 0.15 and built.boxes != base.boxes


def test_scaling_keeps_shape_and_mass_and_a_factor_of_one_is_the_thing_itself():
    mug = asset("red_coffee_mug")
    assert scaled(mug, 1.0) is mug
    larger = scaled(mug, 1.1)
    np.testing.assert_allclose(bounds(larger.boxes)[1], 1.1 * bounds(mug.boxes)[1])
    assert larger.mass == mug.mass and larger.origin_height == pytest.approx(1.1 * mug.origin_height)
    np.testing.assert_allclose(larger.inertia, np.multiply(1.1**2, mug.inertia))
    np.testing.assert_allclose(larger.centre_of_mass, np.multiply(1.1, mug.centre_of_mass))


def test_books_start_turned_and_other_things_straight():
    assert asset("black_book").yaw == (-0.75 * math.pi, -0.5 * math.pi)
    assert all(asset(category).yaw == (0.0, 0.0) for category in categories() if not category.endswith("book"))


def test_an_unknown_category_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="butter"):
        asset("buter")
