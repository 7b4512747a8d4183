#!/usr/bin/env bash
# The core of the suite on each JDK that is here, 17 or newer:  src/test/java-versions.sh [JAVA_HOME …]
#
# The classes are compiled once, by the JDK that Maven runs on; tests run on each JDK in turn, and then the quick start, by the
# same jar. Looks in /usr/lib/jvm, ~/.sdkman and target/jdks; other homes are given.
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
for home in "${homes[@]}"; do
  home=$(cd "$home" && pwd)
  echo "== $home: $("$home/bin/java" -version 2>&1 | head -1)"
  mvn -B surefire:test "-Djvm=$home/bin/java" "-Dtest=$core" | grep -E 'Tests run:.*[0-9]$|ERROR|BUILD'
  rm -rf target/quickstart
  JAVA_HOME=$home jobs/quickstart.sh >/dev/null && echo "quick start: passed"
done
