# Sourced by tools/conform and tools/test: what both need before they start.
# Defines install_missing, build and the paths they share.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PRESET=release
BUILD="$ROOT/build/$PRESET"
BIN="$BUILD/bin"

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $2"; exit "$1"; }

LISTS=("$ROOT/tools/packages.txt")
packages() { grep -hv '^#' "${LISTS[@]}"; }

# Prints the packages of the lists that are not installed. A program of that
# name may have come from elsewhere: Node's own packages bring npm.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null |
    awk '$2 == "installed" {print $1}' | sort -u)
  comm -23 <(packages | sort -u) <(printf '%s\n' "$installed") |
    while read -r package; do command -v "$package" >/dev/null || printf '%s\n' "$package"; done
}

# Installs what is missing; without the right to, says what would.
install_missing() {
  command -v dpkg-query >/dev/null || die 2 "this is no Debian; install by hand what is listed in ${LISTS[*]}"
  local missing as_root=()
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "${missing// /}" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die 2 "missing packages; as root run: apt-get install -y --no-install-recommends $missing"
    as_root=(sudo)
  fi
  say "installing: $missing"
  mkdir -p "$ROOT/build"
  local log="$ROOT/build/install.log"
  { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; die 2 "apt-get failed; its whole output is in $log"; }
}

# build SOURCE BUILD_DIR [TARGET…]: configures and builds; a failure shows its
# end and says where the rest is.
build() {
  local source=$1 dir=$2 log="$2/build.log" targets=()
  shift 2
  [ $# -eq 0 ] || targets=(--target "$@")
  mkdir -p "$dir"
  local started=$SECONDS
  cmake -S "$source" -B "$dir" -G Ninja -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1 ||
    { tail -n 30 "$log" >&2; die 2 "configuring failed; its whole output is in $log"; }
  if [ -t 2 ]; then
    cmake --build "$dir" "${targets[@]}" >&2 || die 2 "the build failed"
  else
    say "building in ${dir#"$ROOT"/} (log: $log)"
    cmake --build "$dir" "${targets[@]}" >>"$log" 2>&1 ||
      { grep -E -A5 'error|FAILED' "$log" | head -n 60 >&2; die 2 "the build failed; its whole output is in $log"; }
  fi
  say "built in $((SECONDS - started)) s"
}
