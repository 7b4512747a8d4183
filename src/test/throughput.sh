#!/usr/bin/env bash
# Throughput of the job locate against plain threads: src/test/throughput.sh PACKAGE DIRECTORY_OF_TARS [REPETITIONS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
modules=(--add-modules=jdk.incubator.vector)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  modules+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
exec java -Xmx3g "${modules[@]}" -Dlog4j2.configurationFile=conf/log4j2.properties \
  -cp "target/test-classes:target/classes:$(cat target/test-classpath)" io.planisphere.LocateThroughput "$1" "$2" "${3:-4}"
