#!/usr/bin/env bash
# Started by Jupyter (kernel.json):  kernel.sh CONNECTION_FILE
#
# Cells of Java with Planisphere and the Spark of the build on their class path, in the repository's root, so that paths in a
# notebook are those of README.md. notebooks/run.sh fetches the kernel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
# The quick compiler alone, for jobs that cells start as well: a few photos end before the thorough one pays.
export PLANISPHERE_JAVA_OPTIONS=${PLANISPHERE_JAVA_OPTIONS:--XX:TieredStopAtLevel=1}
# The kernel last: it holds libraries of Maven's that Spark has in other versions. What it says of itself has a file of its own.
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" @target/notebooks/java.options \
  -cp "target/planisphere.jar:target/spark/jars/*:target/notebooks/kernel.jar" \
  notebooks/jupyter/kernels/planisphere/Kernel.java "$1" 2>target/notebooks/kernel.log
