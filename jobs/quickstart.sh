#!/usr/bin/env bash
# Quick start for a fresh checkout: builds what is missing, and runs the jobs with the built-in models over the sample photos. A
# second run takes seconds: nothing is new.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ! -f target/planisphere.jar ]]; then
  echo "Building Planisphere (once; Maven downloads Spark and the native libraries) …"
  mvn -B -q -DskipTests package
fi

# Only the fast compiler: the jobs are over before the optimising one pays off.
export PLANISPHERE_JAVA_OPTIONS=-XX:TieredStopAtLevel=1
exec jobs/submit.sh quickstart "$@"
