#!/usr/bin/env bash
# Tests the artifacts of a release: builds them in two folders, compares them byte by byte, and uses them as users do:
#
#   src/test/release.sh
#
# Deploys them into a repository in a folder. From there Spark resolves the jar by its name (--packages), for a job and for a
# user's program, which Maven has compiled against it. Leaves nothing in Maven's local repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

fail() {
  echo "release: $1" >&2
  exit 1
}

# Of the POM or of Maven's settings; Maven's launcher wraps even quiet output in colour codes.
value() {
  mvn -B -q help:evaluate -DforceStdout "-Dexpression=$1" | sed 's/\x1b\[[0-9;]*m//g'
}

version=$(value project.version)
spark_version=$(value spark.version)
installed=$(value settings.localRepository)/io/planisphere/planisphere/$version
[[ ! -e $installed ]] || fail "$installed is there already, and would be used instead of the new one; remove it"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch" "$installed"' EXIT
repository=$scratch/repository

echo "== Two builds"
mvn -B -q -Prelease -Dmaven.test.skip package
mkdir "$scratch/copy"
git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - | tar -x -C "$scratch/copy"
(cd "$scratch/copy" && mvn -B -q -Prelease -Dmaven.test.skip deploy "-DaltDeploymentRepository=release::file:$repository")
for kind in .jar -sources.jar -javadoc.jar -all.jar -cyclonedx.json; do
  file=planisphere-$version$kind
  cmp "target/$file" "$scratch/copy/target/$file" || fail "$file differs from build to build"
  (cd target && sha256sum --quiet --check "$file.sha256") || fail "$file.sha256 is not its checksum"
  [[ -n $(find "$repository" -name "planisphere-*$kind") ]] || fail "*$kind was not deployed"
done

wheel=$(basename target/planisphere-*.whl)
cmp "target/$wheel" "$scratch/copy/target/$wheel" || fail "$wheel differs from build to build"
(cd target && sha256sum --quiet --check "$wheel.sha256") || fail "$wheel.sha256 is not its checksum"

echo "== The POM has what Maven Central asks for"
for element in name description url licenses developers scm; do
  grep -q "<$element>" "$repository"/io/planisphere/planisphere/"$version"/*.pom || fail "the POM has no $element"
done
for library in onnxruntime opencv s2-geometry; do
  grep -q "\"name\" : \"$library\"" "target/planisphere-$version-cyclonedx.json" || fail "the SBOM does not list $library"
done

export SPARK_HOME=$PWD/target/spark SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1

# Runs spark-submit of the Spark that the build has resolved, as a user whose home is empty: Spark would take jars from Maven's local
# repository, where it fails on those of which Maven has the POM only.
submit() {
  local words=()
  mapfile -d '' -t words < <(java -cp 'target/spark/jars/*' org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit \
    --master 'local[2]' --driver-java-options "-Duser.home=$scratch" --repositories "file://$repository" \
    --packages "io.planisphere:planisphere:$version" "$@")
  words[1]=${words[1]#$'\n'}
  "${words[@]:1}"
}

echo "== A job, by the name of the package"
submit --class io.planisphere.Main spark-internal \
  locate --model builtin:earth --input 'src/samples/earth/*.jpg' --output "$scratch/rows" 2>"$scratch/log" \
  || { cat "$scratch/log"; fail "the job failed"; }
onnxruntime=$(value onnxruntime.version)
grep -q "com.microsoft.onnxruntime#onnxruntime;$onnxruntime from" "$scratch/log" \
  || fail "Spark did not resolve onnxruntime $onnxruntime, which the jar is built and tested with"
grep "found io.planisphere#planisphere;$version in repo-1" "$scratch/log" || fail "Spark took the package from elsewhere"

echo "== A program of a user's own"
mkdir -p "$scratch/program/src/main/java"
cp src/test/release/pom.xml "$scratch/program"
sed -n '/^```java$/,/^```$/{/^```/d;p}' docs/library.md >"$scratch/program/src/main/java/PlacesByRegion.java"
mvn -B -q -f "$scratch/program/pom.xml" package \
  "-Drelease.repository=file://$repository" "-Dplanisphere.version=$version" "-Dspark.version=$spark_version"
submit --class PlacesByRegion "$scratch/program/target/places-by-region-1.jar" \
  'src/samples/earth/*.jpg' "$scratch/places" "$scratch/regions" 2>"$scratch/log" \
  || { cat "$scratch/log"; fail "the program failed"; }
[[ -f $scratch/regions/_SUCCESS ]] || fail "the program wrote nothing"
echo "== The release $version is whole"
