#!/bin/sh
# Make .venv with the locked packages: `scripts/setup.sh base` to run the program, `scripts/setup.sh dev` for all.
#
# uv installs faster and is used where it can be had; pip with the same hashes is the way that must work. uv does
# not read pip's configuration, so it is told of the index and the certificates that pip has been given.
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-dev}

say() { printf '%s\n' "$*" >&2; }

python_to_use() {
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    say "Python 3.11, 3.12 or 3.13 is needed; none was found. Install one, or name it: make setup PYTHON=/path/to/python3"
    exit 1
}

make_venv() {
    python=$(python_to_use)
    if ! "$python" -m venv .venv 2>.venv-error; then
        rm -rf .venv
        if ! uv venv --seed --python "$python" .venv 2>>.venv-error; then
            cat .venv-error >&2
            rm -f .venv-error
            say "The virtual environment could not be made (on Debian and Ubuntu: install the package python3-venv)."
            exit 1
        fi
    fi
    rm -f .venv-error
}

pip_setting() { .venv/bin/python -m pip config get "$1" 2>/dev/null || true; }

# uv from the machine, else the locked one, fetched by pip.
find_uv() {
    if command -v uv >/dev/null 2>&1; then
        command -v uv
        return
    fi
    if [ ! -x .venv/bin/uv ]; then
        awk '/^[^ ]/ { keep = /^uv==/ } keep' requirements/dev.txt >.venv/uv.txt
        .venv/bin/python -m pip install --quiet --no-deps --require-hashes -r .venv/uv.txt >/dev/null 2>&1 || return 1
    fi
    printf '%s\n' .venv/bin/uv
}

with_uv() {
    uv=$(find_uv) || return 1
    index=${PIP_INDEX_URL:-$(pip_setting global.index-url)}
    certificates=${PIP_CERT:-$(pip_setting global.cert)}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
    if [ -n "$certificates" ]; then export SSL_CERT_FILE="$certificates"; fi
    UV_LINK_MODE=copy "$uv" pip install --quiet --python .venv/bin/python --require-hashes "$@"
}

with_pip() { .venv/bin/python -m pip install --quiet --no-deps --require-hashes "$@"; }

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    rm -rf .venv
    make_venv
fi
set -- -r requirements/base.txt
if [ "$wanted" = dev ]; then set -- "$@" -r requirements/dev.txt; fi
if [ "${INSTALLER:-uv}" != uv ] || ! with_uv "$@"; then
    say "Installing with pip."
    with_pip "$@"
fi
touch ".venv/$wanted.ok"
if [ "$wanted" = dev ]; then touch .venv/base.ok; fi
