#!/bin/sh
# Tests the page in Debian's Chromium: run_page_tests.sh FOLDER. Playwright, which
# brings no browser of its own, is installed into FOLDER, as package-lock.json says.
set -eu
cd "$(dirname "$0")"
missing=
for program in chromium node npm; do
  command -v "$program" >/dev/null || missing="$missing $program"
done
if [ -n "$missing" ]; then
  echo "not installed:$missing; ./tools/test installs what tools/packages-test.txt lists" >&2
  exit 1
fi
mkdir -p "$1"
cp package.json package-lock.json *.mjs "$1"
cd "$1"
if ! cmp -s package-lock.json installed.json; then
  npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 || {
    cat npm.log >&2
    echo "npm ci could not install playwright-core; it needs a registry of npm (npm config get registry)" >&2
    exit 1
  }
  cp package-lock.json installed.json
fi
exec node --test --test-concurrency=2 page_test.mjs page_use_test.mjs page_detail_test.mjs
