"""A notebook as a script: Jupyter and VS Code open it as cells; `tests/test_notebook.py` runs it, cell by cell."""

# %% [markdown]
# # From a program to what fixed it
# Tables and pictures show themselves where they are the last value of a cell.

# %%
import aspire_mjx as am

task = am.find_task("libero_object_swap", 0)
program = am.Program.shipped("pick_and_place")
before = am.run_jobs([am.Job(program, task, seed) for seed in range(51, 57)])
before

# %% [markdown]
# What failed where, and what sets the failures apart:

# %%
am.analyse(before)

# %% [markdown]
# One rollout, looked at: what the camera shows before and after a call, with what the program saw and wanted.

# %%
from aspire_mjx.reports.keyframe import draw_keyframe
from aspire_mjx.traces.replay import replay

film = replay(before, 0)
draw_keyframe(before, film, 0, call=1)

# %% [markdown]
# The world itself, from the camera on the hand:

# %%
from aspire_mjx.reports.shot import take_shot

take_shot(film.worlds, film.calls[-1].after.qpos[0], camera="wrist")

# %% [markdown]
# Another program on the same worlds, by the exact paired test:

# %%
careful = am.Program.shipped("careful_pick_and_place")
after = am.run_jobs([am.Job(careful, task, seed) for seed in range(51, 57)])
am.compare(before, after)

# %%
from aspire_mjx.reports import plots
from aspire_mjx.traces.columns import concatenate

plots.plot_tasks(concatenate([before, after]))

# %%
plots.plot_seeds(before)

# %% [markdown]
# Success against the dose of a perturbation:

# %%
doses = [am.Perturbation(noise=float(dose)) for dose in (0, 4, 8)]
sweep = am.run_jobs([am.Job(program, task, seed, perturbation=dose) for dose in doses for seed in range(51, 55)])
plots.plot_dose(sweep, "noise")

# %%
after.to_pandas().groupby("task")[["benchmark", "strict"]].mean()
