#!/usr/bin/env bash
# Measures whether fetching by reference hides the latency of a store:
#
#   src/test/latency.sh PACKAGE FOLDER_OF_PHOTOS [PHOTOS [MILLIS [REPETITIONS]]]
#
# Runs the job classify on local[2] over the same PHOTOS (the folder, repeated) from tars, and by reference from an HTTP server on
# this machine that responds at once, and from one that responds after MILLIS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
modules=(--add-modules=jdk.incubator.vector)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  modules+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
exec java -Xmx3g "${modules[@]}" -Dlog4j2.configurationFile=conf/log4j2.properties \
  -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.planisphere.StoreLatency \
  "$1" "$2" "${3:-8000}" "${4:-50}" "${5:-5}"
