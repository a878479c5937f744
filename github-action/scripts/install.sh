#!/usr/bin/env bash
# Finds the binary: the one that was named, else the one on PATH, else one built from the commit of this action.
# Writes its absolute path to the output `binary`.
set -euo pipefail

fail() {
  printf '::error title=keelcheck::%s\n' "$1"
  exit 2
}

named=${KEELCHECK_BINARY:-}
wanted=${KEELCHECK_VERSION:-}

if [[ -n $wanted && ! $wanted =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
  fail 'input version is not of the form 1.2.3'
fi

if [[ -n $named ]]; then
  [[ $named == *$'\n'* ]] && fail 'input binary is not one path'
  [[ $named == /* ]] || named=${GITHUB_WORKSPACE:-$PWD}/$named
  [[ -f $named && -x $named ]] || fail 'input binary names no executable file'
  binary=$named
elif binary=$(command -v keelcheck); then
  :
else
  # The action and the program live in one repository, so that one pinned commit decides both.
  source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
  command -v cargo >/dev/null || fail 'there is no keelcheck on PATH and no cargo to build it with'
  target_dir=${RUNNER_TEMP:-/tmp}/keelcheck-build
  (cd -- "$source_dir" && cargo build --release --locked --package keelcheck --target-dir "$target_dir")
  binary=$target_dir/release/keelcheck
fi

if [[ -n $wanted ]]; then
  found=$("$binary" --version)
  [[ $found == "keelcheck $wanted" ]] || fail "the binary is not version $wanted"
fi

printf 'binary=%s\n' "$binary" >>"${GITHUB_OUTPUT:?}"
