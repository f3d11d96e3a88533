"""Collision geometry from a user's own LIBERO checkout: read at run time, never part of this package.

A model file is stripped to what collides before MuJoCo parses it, so meshes and textures need not be there.
"""

from __future__ import annotations

import dataclasses
import functools
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import mujoco
import numpy as np

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.assets import Asset, Box, Link, asset
from aspire_mjx.worlds.assets.asset import Vector
from aspire_mjx.worlds.assets.catalogue import VARIANTS
from aspire_mjx.worlds.assets.measured import frame_of

_ASSETS = Path("libero/libero/assets")  # within a checkout
_UNUSED = ("asset", "size", "option", "visual", "statistic")  # sections that collision geometry has no use for
_BOXLIKE = {mujoco.mjtGeom.mjGEOM_BOX: "box", mujoco.mjtGeom.mjGEOM_CAPSULE: "capsule"}


def checkout_at(path: str) -> str:
    """The absolute path of a checkout.

    Raises:
      WorldError: no such folder, or not a LIBERO checkout.
    """
    folder = Path(path).expanduser()
    if not folder.is_dir():
        raise WorldError(f"--libero_root={path}: no such folder. Give the root of a LIBERO checkout.")
    if not (folder / _ASSETS).is_dir():
        raise WorldError(f"--libero_root={path}: no folder {_ASSETS} in it. Give the root of a LIBERO checkout.")
    return str(folder.resolve())


def model_file(root: str, category: str) -> Path:
    """The model file of a category in the checkout ``root``.

    Raises:
      WorldError: the checkout has none.
    """
    folder, names = Path(root) / _ASSETS, [category]
    if category in VARIANTS and VARIANTS[category].scale == 1.0:
        names.append(VARIANTS[category].base)  # LIBERO-PRO's variants in another colour collide as their base does
    for pattern in (pattern for name in names for pattern in (f"*_objects/{name}/{name}.xml", f"*_objects/{name}.xml")):
        found = sorted(folder.glob(pattern))
        if found:
            return found[0]
    raise WorldError(
        f"the checkout {root} has no model of {category!r} under {_ASSETS}; use --geometry=own for its tasks."
    )


def collision_spec(root: str, category: str) -> mujoco.MjSpec:
    """The colliding geoms and joints of a category, body ``object`` in upstream's frame.

    Raises:
      WorldError: no such model, or one that MuJoCo cannot read.
    """
    file = model_file(root, category)
    try:
        tree = ElementTree.parse(file).getroot()
        for section in [element for element in tree if element.tag in _UNUSED]:
            tree.remove(section)
        spec = mujoco.MjSpec.from_string(ElementTree.tostring(tree, encoding="unicode"))
    except (ElementTree.ParseError, ValueError, OSError) as error:
        raise WorldError(f"{file}: not a model that MuJoCo reads ({error}). Check the checkout.") from error
    if spec.body("object") is None:
        raise WorldError(f"{file}: no body named 'object', as LIBERO's models have. Check the checkout.")
    spec.compiler.inertiagrouprange = (0, 0)  # masses are those of the colliding geoms, as the benchmark sets it
    for geom in list(spec.geoms):
        if not geom.contype and not geom.conaffinity:
            spec.delete(geom)
            continue
        if geom.type not in _BOXLIKE:
            raise WorldError(f"{file}: a colliding {geom.type.name} geom; only boxes and capsules are understood.")
        geom.material = ""
        geom.contype = geom.conaffinity = 1  # the robot's geoms ask for both: see panda.BITS
    for site in list(spec.sites):
        spec.delete(site)
    return spec


def attach(body: mujoco.MjsBody, root: str, category: str, rgb: Vector = (0.5, 0.5, 0.5)) -> None:
    """Puts a category's colliding geoms under ``body``, in the frame of our own asset; names begin with the body's.

    Args:
      body: that they are put under.
      root: of the checkout.
      category: of the thing.
      rgb: their colour; the checkout's pictures are not read.
    """
    base = VARIANTS[category].base if category in VARIANTS else category
    frame = body.add_frame(quat=frame_of(base))
    spec = collision_spec(root, category)
    for geom in spec.geoms:
        geom.rgba = (*rgb, 1.0)
    root_body = spec.body("object")
    root_body.pos = (0, 0, 0)  # whoever places the thing overrides position and turn upstream
    root_body.quat = (1, 0, 0, 0)
    frame.attach_body(root_body, f"{body.name}/", "")


@functools.lru_cache(maxsize=256)
def original_asset(root: str, category: str) -> Asset:
    """Our asset of a category with the checkout's geometry: its boxes and its joints. Capsules become their boxes.

    Raises:
      WorldError: a model that is missing, unreadable or has other joints than ours.
    """
    own, model = asset(category), _alone(root, category)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    links = {model.joint(j).name.removeprefix("it/"): j for j in range(model.njnt)}
    if set(links) != {link.name for link in own.links}:
        raise WorldError(
            f"{model_file(root, category)}: joints {', '.join(links) or 'none'}; expected "
            f"{', '.join(link.name for link in own.links) or 'none'}. The checkout is of another version of LIBERO."
        )
    colour = {box.link: box.rgb for box in reversed(own.boxes)}
    boxes = [
        _box(model, data, geom, _link_of(model, int(model.geom_bodyid[geom])), colour) for geom in range(model.ngeom)
    ]
    order = ("", *(link.name for link in own.links))
    return dataclasses.replace(
        own,
        boxes=tuple(sorted(boxes, key=lambda box: order.index(box.link))),
        links=tuple(_link(model, data, links[link.name], link) for link in own.links),
    )


def _alone(root: str, category: str) -> mujoco.MjModel:
    spec = mujoco.MjSpec()
    spec.compiler.degree = False
    attach(spec.worldbody.add_body(name="it"), root, category)
    return spec.compile()


def _link_of(model: mujoco.MjModel, body: int) -> str:
    """Name of the joint that carries a body; "" is the root."""
    while body and not model.body_jntnum[body]:
        body = int(model.body_parentid[body])
    return model.joint(model.body_jntadr[body]).name.removeprefix("it/") if body else ""


def _box(model: mujoco.MjModel, data: mujoco.MjData, geom: int, link: str, colours: dict[str, tuple]) -> Box:
    half = np.array(model.geom_size[geom])
    if model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_CAPSULE:
        radius, length, _ = half
        half = np.array([radius, radius, length + radius])
    quaternion = np.zeros(4)
    mujoco.mju_mat2Quat(quaternion, data.geom_xmat[geom])
    return Box(_floats(half), _floats(data.geom_xpos[geom]), colours.get(link, colours[""]), _floats(quaternion), link)


def _link(model: mujoco.MjModel, data: mujoco.MjData, joint: int, own: Link) -> Link:
    slides = model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_SLIDE
    return dataclasses.replace(
        own,
        kind="slide" if slides else "hinge",
        axis=_floats(data.xaxis[joint]),
        anchor=_floats(data.xanchor[joint]),
        range=_floats(model.jnt_range[joint]),
    )


def _floats(values: np.ndarray) -> tuple:
    return tuple(float(value) for value in values)
