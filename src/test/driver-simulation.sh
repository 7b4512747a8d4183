#!/usr/bin/env bash
# Measures the cost of the driver in a large run:  src/test/driver-simulation.sh [SHARDS [SLOTS [MEAN_SECONDS]]]
#
# Plan, loop and commit log are real; the shards have no content, and tasks only sleep, MEAN_SECONDS on average, in proportion to
# the length of the shard. Defaults: SHARDS 100000, SLOTS (concurrent tasks, threads of this process) 1000, MEAN_SECONDS 6.7.
# Prints the share of the time that slots were busy, the heap of the driver (2 GB at most), the size of the log, and the seconds
# of a second run, which has nothing to do, and of an empty Spark session, each in a separate process, alternating.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
shards=${1:-100000} slots=${2:-1000} mean=${3:-6.7}
[[ -f target/test-classpath ]] || mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
classpath=$PWD/target/test-classes:$PWD/target/classes:$(cat target/test-classpath)
modules=(--add-modules=jdk.incubator.vector)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  modules+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SPARK_LOCAL_IP=127.0.0.1

simulate() {
  local part=$1
  shift
  java -Xmx2g -XX:+UseG1GC "${modules[@]}" -Dlog4j2.configurationFile=conf/log4j2.properties -cp "$classpath" \
    io.planisphere.spark.run.DriverSimulation "$part" "$work" "$@" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
}

simulate shards "$shards"
simulate label "$slots" "$mean"
TIMEFORMAT='%R s, %U + %S s of a core'
for turn in 1 2 3; do
  for part in empty again; do
    echo -n "$part, turn $turn: "
    { time simulate "$part" "$slots" > "$work/stdout"; } 2>&1
    [[ $part == empty ]] || sed 's/^/    /' "$work/stdout"
  done
done
