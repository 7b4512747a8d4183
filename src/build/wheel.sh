#!/usr/bin/env bash
# Builds the Python wheel with the jar in it:  src/build/wheel.sh [VERSION]
#
# Needs target/planisphere.jar and Python 3.10 or newer with pip, which downloads the pinned build backend. Without VERSION the wheel
# is one of development. The same sources and jar give the same bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

[[ -f target/planisphere.jar ]] || {
  echo "wheel: target/planisphere.jar is not there yet; build it with: mvn -B -DskipTests package" >&2
  exit 1
}
version=${1:-0.dev0}
version=${version/-SNAPSHOT/.dev0} # as Python numbers versions

sources=target/python
rm -rf "$sources"
mkdir -p "$sources"
cp -R src/main/python/. "$sources"
cp LICENSE NOTICE "$sources"
cp target/planisphere.jar "$sources/planisphere/planisphere.jar"
echo "$version" >"$sources/VERSION"
rm -f target/planisphere-*.whl

[[ -x target/wheel-tools/bin/pip ]] || python3 -m venv target/wheel-tools
# The time in the archive's entries, and modes that do not depend on the builder's mask.
export SOURCE_DATE_EPOCH=1793491200
umask 022
chmod -R u=rwX,go=rX "$sources"
target/wheel-tools/bin/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir target "$sources"
rm -rf "$sources"
echo target/planisphere-*.whl
