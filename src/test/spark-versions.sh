#!/usr/bin/env bash
# Tests the same jar on Spark 4.0, 4.1 and 4.2:  src/test/spark-versions.sh [VERSION …]
#
# The jar is built once, against the newest version. For each version, its jars are resolved into target/spark-VERSION, as in an
# installation, and the core of the test suite runs there: in one JVM (jobs from end to end, planning, formats) and on a
# standalone cluster of processes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

versions=("$@")
((${#versions[@]})) || versions=(4.0.4 4.1.3 4.2.0)
core=LocateTest,LostEventsTest,ClassifyTest,EmbedTest,DetectTest,PlanTest,WebDatasetFileFormatTest,YfccFileFormatTest,PlanisphereTest,GeoFunctionsTest

mvn -B -q -Pclusters -DskipTests package
for version in "${versions[@]}"; do
  echo "== Spark $version"
  mvn -B -q "-Dspark.version=$version" dependency:copy-dependencies@spark-jars \
    "-Dspark.jars.directory=$PWD/target/spark-$version/jars"
  mvn -B "-Dspark.version=$version" surefire:test "-Dtest=$core" | grep -E 'Tests run:|ERROR|BUILD'
  mvn -B -Pclusters "-Dclusters.spark=$PWD/target/spark-$version" \
    failsafe:integration-test failsafe:verify -Dit.test=StandaloneIT | grep -E 'Tests run:|ERROR|BUILD'
done
