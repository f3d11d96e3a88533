"""A folder laid out like a LIBERO checkout, with two models of our own writing."""

from __future__ import annotations

from pathlib import Path

from aspire_mjx.worlds.tasks import Region, Task

_STIFF = 'solref="0.001 1" solimp="0.998 0.998 0.001" friction="0.95 0.3 0.1" density="100"'
_BUTTER = f"""<mujoco model="pat">
  <asset><mesh file="visual/absent.msh" name="look"/><material name="look" texture="absent"/></asset>
  <worldbody><body><body name="object" pos="0.1 0 0">
    <geom {_STIFF} type="mesh" mesh="look" material="look" contype="0" conaffinity="0" group="1"/>
    <geom {_STIFF} type="box" size="0.03 0.02 0.01" group="0"/>
    <geom {_STIFF} type="box" size="0.01 0.01 0.005" pos="0 0 0.015" group="0"/>
  </body><site name="bottom_site" pos="0 0 -0.06"/>
  <site name="top_site" pos="0 0 0.04"/><site name="horizontal_radius_site" pos="0.02 0.02 0"/></body></worldbody>
</mujoco>"""
_MICROWAVE = """<mujoco model="oven">
  <compiler angle="radian"/>
  <size nconmax="100"/>
  <default><default class="wall"><geom contype="0" conaffinity="1" group="0" material="absent"/></default></default>
  <worldbody><body><body name="object">
    <geom class="wall" type="box" size="0.15 0.1 0.01" mass="2"/>
    <geom class="wall" type="box" size="0.15 0.01 0.09" pos="0 0.09 0.1" mass="1"/>
    <body name="door" pos="-0.15 -0.1 0.1">
      <joint name="microjoint" type="hinge" axis="0 0 1" range="-2 0" limited="true" damping="0.5"/>
      <geom class="wall" type="box" size="0.12 0.01 0.09" pos="0.12 0 0" mass="0.2"/>
      <geom class="wall" type="capsule" size="0.01 0.05" pos="0.22 -0.03 0" mass="0.02"/>
    </body>
  </body><site name="bottom_site" pos="0 0 -0.06"/><site name="top_site" pos="0 0 0.06"/>
  <site name="horizontal_radius_site" pos="0.015 0.015 0"/></body></worldbody>
</mujoco>"""

TASK = Task(
    suite="small",
    index=0,
    name="small",
    language="Put the butter on the microwave",
    workspace="kitchen",
    objects=(("butter_1", "butter"), ("butter_2", "butter")),
    fixtures=(("microwave_1", "microwave"),),
    surface="kitchen_table",
    regions=(
        Region("kitchen_table_near", "kitchen_table", (-0.1, -0.1), (-0.05, -0.05)),
        Region("kitchen_table_far", "kitchen_table", (-0.1, 0.0), (-0.05, 0.05)),
        Region("kitchen_table_oven", "kitchen_table", (0.0, 0.3), (0.01, 0.31), (0.0, 0.0)),
    ),
    init=(
        ("On", "butter_1", "kitchen_table_near"),
        ("On", "butter_2", "kitchen_table_far"),
        ("On", "microwave_1", "kitchen_table_oven"),
    ),
    goal=(("On", "butter_1", "butter_2"),),
)


def write_checkout(folder: Path) -> str:
    """Writes the models under ``folder`` and returns it."""
    assets = folder / "libero/libero/assets"
    for name, text in (("stable_hope_objects/butter/butter", _BUTTER), ("articulated_objects/microwave", _MICROWAVE)):
        file = assets / f"{name}.xml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return str(folder)
