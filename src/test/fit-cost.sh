#!/usr/bin/env bash
# Measures the cost of fitting one head:  src/test/fit-cost.sh HEAP PHOTOS WIDTH CLASSES [ITERATIONS [KEY=VALUE …]]
#
# HEAP is the driver's, such as 4g; KEY=VALUE are settings of Spark. The executor, a separate JVM, has two cores and 6 GB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
heap=$1 photos=$2 width=$3 classes=$4 iterations=${5:-5}
shift $(($# < 5 ? $# : 5))
settings=()
for setting in "$@"; do
  settings+=(--conf "$setting")
done
[[ -f target/test-classpath ]] || mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath
export SPARK_HOME=$PWD/target/spark SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1
classpath=$PWD/target/test-classes:$PWD/target/classes:$(cat target/test-classpath)
modules=(--add-modules=jdk.incubator.vector)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  modules+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
exec java -Xmx"$heap" "${modules[@]}" -Dlog4j2.configurationFile=conf/log4j2.properties -cp "$classpath" \
  org.apache.spark.deploy.SparkSubmit --master 'local-cluster[1,2,6144]' --conf spark.executor.memory=6g \
  --conf spark.executor.extraClassPath="$classpath" --conf spark.ui.enabled=false \
  ${settings[@]+"${settings[@]}"} --class io.planisphere.spark.train.FitCost spark-internal \
  "$photos" "$width" "$classes" "$iterations"
