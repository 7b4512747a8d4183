#!/usr/bin/env bash
# Hands one job to Spark:  jobs/submit.sh JOB [job options] [-- spark-submit options]
#
# With SPARK_HOME set, its spark-submit takes the job. Without, or where it holds jars/ only, as the Spark does that the build
# resolved into target/spark, its classes are started here, on local[*] unless --master says otherwise;
# PLANISPHERE_JAVA_OPTIONS are for that driver's JVM.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jar=$home/target/planisphere.jar
if [[ ! -f $jar ]]; then
  echo "planisphere: $jar is not there yet; build it with: mvn -B -DskipTests package" >&2
  exit 1
fi

job=()
spark=()
while (($#)) && [[ $1 != -- ]]; do
  job+=("$1")
  shift
done
if (($#)); then
  shift
  spark=("$@")
fi

export SPARK_HOME=${SPARK_HOME:-$home/target/spark}
if [[ -f $SPARK_HOME/bin/spark-submit ]]; then
  exec "$SPARK_HOME/bin/spark-submit" --class io.planisphere.Main ${spark[@]+"${spark[@]}"} "$jar" "${job[@]}"
fi
if [[ ! -d $SPARK_HOME/jars ]]; then
  echo "planisphere: SPARK_HOME is $SPARK_HOME, and no Spark is there: neither bin/spark-submit nor jars/" >&2
  exit 1
fi

export SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
# The launcher prints the command line with the module options of this JDK and the driver's memory: first a NUL and a line
# feed, then its words, each ended by NUL.
command=()
while IFS= read -r -d '' word; do
  word=${word#$'\n'}
  [[ -n $word || ${#command[@]} -gt 0 ]] && command+=("$word")
done < <("$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit \
  --master 'local[*]' --properties-file "$home/conf/spark-defaults.conf" \
  --driver-java-options "-Dlog4j2.configurationFile=file:$home/conf/log4j2.properties ${PLANISPHERE_JAVA_OPTIONS:-}" \
  ${spark[@]+"${spark[@]}"} --class io.planisphere.Main "$jar" "${job[@]}")
exec "${command[@]}"
