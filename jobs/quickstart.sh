#!/usr/bin/env bash
# Quick start for a fresh checkout: builds what is missing, locates the sample photos with the built-in model, scores them
# against the GPS positions in their EXIF data, and prints where the results are. A second run takes seconds: nothing is new.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ! -f target/planisphere.jar ]]; then
  echo "Building Planisphere (once; Maven downloads Spark and the native libraries) …"
  mvn -B -q -DskipTests package
fi

# Only the fast compiler: the job is over before the optimising one pays off.
export PLANISPHERE_JAVA_OPTIONS=-XX:TieredStopAtLevel=1
out=target/quickstart
jobs/locate.sh --input src/samples/earth --output $out/rows --preview 8
echo
jobs/evaluate.sh --predictions $out/rows --truth exif:src/samples/earth --output $out/scores
echo
echo "Rows:   $out/rows    (plain Parquet, one row per photo; what ran: $out/rows/_run/run.json)"
echo "Scores: $out/scores/metrics.json"
