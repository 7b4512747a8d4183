#!/usr/bin/env bash
# Tests the Python wheel in virtual environments of its own, in the gate and by hand:
#
#   src/test/python/wheel.sh [PYSPARK_VERSION ...]
#
# Builds the wheel around target/planisphere.jar. With each version of PySpark: the functions, a job by the console command. With the
# last one also docs/five-ways.md, the Python of docs/library.md, and a check of the types. Environments stay in target/wheel, so that the next time is quick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

versions=("$@")
((${#versions[@]})) || versions=(4.1.4 4.3.0)
wheel=$(src/build/wheel.sh)
scratch=$(mktemp -d)
server() {
  [[ -z ${spark:-} ]] || SPARK_PID_DIR=$scratch/ways/pid "$spark/sbin/stop-connect-server.sh" >/dev/null 2>&1 || true
}
trap 'server; rm -rf "$scratch"' EXIT
unset SPARK_HOME
export SPARK_LOCAL_IP=127.0.0.1

fail() {
  [[ -z ${2:-} ]] || tail -n 60 "$2" >&2
  echo "wheel: $1" >&2
  exit 1
}

for version in "${versions[@]}"; do
  echo "== PySpark $version"
  environment=target/wheel/pyspark-$version
  if [[ ! -f $environment/done ]]; then
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check "pyspark[connect]==$version" mypy==1.18.2
    touch "$environment/done"
  fi
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$wheel"
  "$environment/bin/python" src/test/python/check_functions.py classic >"$scratch/checks" 2>"$scratch/log" \
    || fail "the functions failed: $(grep -v '^ok' "$scratch/checks")" "$scratch/log"
  echo "$(grep -c 'ok: ' "$scratch/checks") checks of the functions"
  "$environment/bin/planisphere" faces --input src/samples/photos --output "$scratch/faces-$version" -- --master 'local[2]' \
    >"$scratch/job" 2>"$scratch/log" || fail "the job failed" "$scratch/log"
  grep '6 photos, 6 rows' "$scratch/job" || fail "the job has not said that all photos have rows" "$scratch/job"
done

sed -n '/^```python$/,/^```$/{/^```/d;p}' docs/library.md >"$scratch/library.py"
"$environment/bin/python" "$scratch/library.py" >"$scratch/job" 2>"$scratch/log" && grep -q faces "$scratch/job" \
  || fail "the Python of docs/library.md failed" "$scratch/log"
"$environment/bin/mypy" --strict --no-error-summary src/main/python/planisphere || fail "the types are wrong"
spark=$("$environment/bin/python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))')
mkdir "$scratch/ways"
"$environment/bin/python" src/test/python/five_ways.py "$scratch/ways"
