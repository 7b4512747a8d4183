#!/usr/bin/env bash
# Stores the classes that jobs load, parsed and verified, in target/start/classes-JAVA_VERSION.jsa. jobs/submit.sh starts Java with
# that archive, which saves a third of the time until a job's first photo. The build runs this script; run it again, with JAVA_HOME
# set, for another Java. docs/clusters.md shows how executors use such an archive.
#
# A build does not fail because of it: without an archive, jobs start as slowly as they do without one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

[[ -d target/spark/jars && -f target/planisphere.jar ]] || exit 0
unset SPARK_HOME

java=${JAVA_HOME:+$JAVA_HOME/bin/java}
java=$(readlink -f "${java:-$(type -P java)}")
version=$(sed -nE 's/^JAVA_VERSION="?([^"]*)"?\r?$/\1/p' "${java%/bin/java}/release" 2>/dev/null) || true
if [[ -z $version ]]; then
  echo "class-archive: no version is in ${java%/bin/java}/release; jobs start without an archive" >&2
  exit 0
fi

archive=target/start/classes-$version.jsa
work=target/start/making
mkdir -p target/start
# Archives of an older jar, and commands that jobs/submit.sh has kept, perhaps for other Spark jars.
find target/start -name 'classes-*' ! -newer target/planisphere.jar -exec rm {} +
rm -rf target/start/command-* "$archive" "$work"
mkdir "$work"
# Only the fast compiler: one run is over before the optimising one pays off.
if PLANISPHERE_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:ArchiveClassesAtExit=$work/classes.jsa -Xlog:cds*=off" \
  jobs/locate.sh --input src/samples/earth --output "$work/rows" >"$work/log" 2>&1 && [[ -f $work/classes.jsa ]]; then
  mv "$work/classes.jsa" "$archive"
  rm -rf "$work"
else
  cat "$work/log" >&2
  echo "class-archive: no archive was made, jobs start without one" >&2
fi
