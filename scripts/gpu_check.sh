#!/usr/bin/env bash
# Checks the mjx engine on a bare machine with a GPU: one command, from nothing installed to a JSON-lines record.
#
#   scripts/gpu_check.sh [--wheels=FOLDER] [FLAGS OF experiments.studies.gpu_check]
#
# Needs Python 3.12 or 3.13 and an NVIDIA driver. With --wheels everything comes from that folder and nothing from the
# network: JAX with CUDA and what pyproject.toml lists, such as `pip download -d FOLDER 'jax[cuda13]>=0.11.2' .` gathers.
set -euo pipefail
cd "$(dirname "$0")/.."

wheels=""
flags=()
for argument in "$@"; do
    case "$argument" in
        --wheels=*) wheels="$(realpath "${argument#--wheels=}")" ;;
        *) flags+=("$argument") ;;
    esac
done

python="${PYTHON:-python3}"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' || {
    echo "$python is older than Python 3.12, which JAX 0.11 needs; set PYTHON to a newer one" >&2
    exit 2
}
environment="$(mktemp -d)/venv"
trap 'rm -rf "$(dirname "$environment")"' EXIT
# Where the machine's own Python has CUDA JAX, it is used as it is.
"$python" -m venv --system-site-packages "$environment"
. "$environment/bin/activate"
source_of=()
if [[ -n "$wheels" ]]; then
    source_of=(--no-index --find-links "$wheels" --no-build-isolation)
fi
if ! python -c 'import jax; assert jax.default_backend() == "gpu"' 2>/dev/null; then
    python -m pip install -q "${source_of[@]}" "${JAX:-jax[cuda13]>=0.11.2}"
fi
# The package itself runs from this folder; only what it depends on is installed.
requirements="$(python - <<'PYTHON'
import tomllib
with open("pyproject.toml", "rb") as file:
    print("\n".join(tomllib.load(file)["project"]["dependencies"]))
PYTHON
)"
python -m pip install -q "${source_of[@]}" -r <(printf '%s\n' "$requirements")
python -m experiments.studies.gpu_check ${flags[@]+"${flags[@]}"}
