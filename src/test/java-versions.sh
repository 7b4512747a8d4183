#!/usr/bin/env bash
# Runs the core of the test suite on each JDK found, 17 or newer:  src/test/java-versions.sh [JAVA_HOME …]
#
# The classes are compiled once, by the JDK that Maven runs on. On each JDK in turn, the tests run, and then the quick start with
# the same jar. Looks in /usr/lib/jvm, ~/.sdkman and target/jdks; name JDKs in other folders as arguments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

core=LocateTest,ClassifyTest,EmbedTest,DetectTest,FacesTest,TrainTest,PlanTest,WebDatasetFileFormatTest,PlanisphereTest,GeoFunctionsTest
core+=,DecoderTest,SessionTest,LauncherTest

homes=("$@")
if ((!${#homes[@]})); then
  for home in /usr/lib/jvm/*/ ~/.sdkman/candidates/java/*/ target/jdks/*/; do
    [[ -x $home/bin/java && ! -L ${home%/} ]] && homes+=("${home%/}")
  done
fi
((${#homes[@]})) || { echo "java-versions: no JDK is here; give their homes" >&2; exit 1; }

mvn -B -q -DskipTests package
module_options=$(mvn -B -q help:evaluate -DforceStdout -Dexpression=spark.module.options | sed 's/\x1b\[[0-9;]*m//g' | tr '\n' ' ')
for home in "${homes[@]}"; do
  home=$(cd "$home" && pwd)
  echo "== $home: $("$home/bin/java" -version 2>&1 | head -1)"
  options=$module_options
  if ! "$home/bin/java" --list-modules | grep -q '^jdk.incubator.vector@'; then
    options=${options/--add-modules=jdk.incubator.vector/}
  fi
  mvn -B surefire:test "-Djvm=$home/bin/java" "-Dspark.module.options=$options" "-Dtest=$core" \
    2>&1 | grep -E 'Tests run:.*[0-9]$|ERROR\]|BUILD'
  if [[ $options != "$module_options" ]]; then
    echo "quick start: left out, for Spark's launcher asks for the module jdk.incubator.vector, which this Java lacks"
    continue
  fi
  rm -rf target/quickstart
  JAVA_HOME=$home jobs/quickstart.sh >/dev/null
  echo "quick start: passed"
done
