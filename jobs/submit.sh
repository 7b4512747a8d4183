#!/usr/bin/env bash
# Hands one job to Spark:  jobs/submit.sh JOB [job options] [-- spark-submit options]
#
# With SPARK_HOME set, its spark-submit takes the job. Without, or where it holds jars/ only, as the Spark does that the build
# resolved into target/spark, its classes are started here, on local[*] unless --master says otherwise;
# PLANISPHERE_JAVA_OPTIONS are for that driver's JVM.
set -euo pipefail

readonly oldest_java=17

refuse() {
  echo "planisphere: $1" >&2
  exit 1
}

# Sets java to the program that JAVA_HOME, else the PATH, leads to. Ends the script if there is none, or if its release file says
# that it is too old; a JVM is not started to ask it.
find_java() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    java=$JAVA_HOME/bin/java
    [[ -f $java && -x $java ]] || refuse "JAVA_HOME is $JAVA_HOME, and no Java is there: $java is no program; \
set JAVA_HOME to Java $oldest_java or newer, or unset it"
  else
    java=$(type -P java) || refuse "no java is on the PATH; install Java $oldest_java or newer, or set JAVA_HOME"
  fi
  local program release key value version=
  program=$(readlink -f "$java" 2>/dev/null) || program=$java
  release=${program%/bin/java}/release
  if [[ -f $release ]]; then
    while IFS== read -r key value || [[ -n $key ]]; do
      [[ $key == JAVA_VERSION ]] && version=${value//[$'"\r']/}
    done <"$release"
  fi
  version=${version#1.} # 1.8.0 is Java 8
  version=${version%%[!0-9]*}
  if [[ -n $version ]] && ((version < oldest_java)); then
    refuse_old_java "$version"
  fi
}

refuse_old_java() {
  refuse "Java $oldest_java or newer is needed, and $java is Java $1; set JAVA_HOME to a newer one"
}

# CDPATH could lead elsewhere, and makes cd print where.
home=$(unset CDPATH && cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jar=$home/target/planisphere.jar
[[ -f $jar ]] || refuse "$jar is not there yet; build it with: mvn -B -DskipTests package"

# In the locales C and POSIX, as in many containers, Java cannot name a file with an ö. An unknown locale counts as C.
if [[ $(locale charmap 2>/dev/null) == ANSI_X3.4-1968 ]]; then
  export LC_ALL=C.UTF-8
fi

# The width of a terminal, for the line of progress: bash looks for it after a command, and does not tell its children.
shopt -s checkwinsize
(:)
[[ -z ${COLUMNS:-} ]] || export COLUMNS

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
  # An installation may name its Java in a file of its own, which it reads itself.
  [[ -f ${SPARK_CONF_DIR:-$SPARK_HOME/conf}/spark-env.sh ]] || find_java
  exec "$SPARK_HOME/bin/spark-submit" --class io.planisphere.Main ${spark[@]+"${spark[@]}"} "$jar" ${job[@]+"${job[@]}"}
fi
[[ -d $SPARK_HOME/jars ]] \
  || refuse "SPARK_HOME is $SPARK_HOME, and no Spark is there: neither bin/spark-submit nor jars/"

find_java
export SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}

launcher() {
  "$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit \
    --master 'local[*]' --properties-file "$home/conf/spark-defaults.conf" \
    --driver-java-options "$logging ${PLANISPHERE_JAVA_OPTIONS:-}" \
    ${spark[@]+"${spark[@]}"} --class io.planisphere.Main "$jar" ${job[@]+"${job[@]}"}
}

# The launcher takes these options apart at spaces and quotation marks, and Log4j reads the file's name as a URI.
logging=$home/conf/log4j2.properties
for special in % ' ' \" \' \\ '#' \? + '[' ']' '{' '}'; do
  printf -v code '%%%02X' "'$special"
  logging=${logging//"$special"/$code}
done
logging="-Dlog4j2.configurationFile=file:$logging"

# The launcher prints the command line with the module options of this JDK and the driver's memory: first a line with a NUL,
# then its words, each ended by NUL. After them come what it said to standard error, and its exit code.
words=()
while IFS= read -r -d '' word; do
  words+=("$word")
done < <({
  said=$(launcher 2>&1 >&3 3>&-) && code=0 || code=$?
  printf '\0%s\0%d\0' "$said" "$code"
} 3>&1)
end=$((${#words[@]} - 3)) # what stands unended before the launcher's own words, and these two
said=${words[end + 1]}
code=${words[end + 2]}
if ((code != 0 || end < 2)); then
  # class files of Java N have the version N + 44
  if [[ $said =~ UnsupportedClassVersionError.*\ up\ to\ ([0-9]+) ]]; then
    refuse_old_java $((BASH_REMATCH[1] - 44))
  fi
  [[ -z $said ]] || printf '%s\n' "$said" >&2
  refuse "$java could not start Spark's launcher and ended with exit code $code; see if '$java -version' works"
fi
[[ -z $said ]] || printf '%s\n' "$said" >&2
printf '%s' "${words[0]}" # an agent of JAVA_TOOL_OPTIONS may have spoken before
words[1]=${words[1]#$'\n'}
exec "${words[@]:1:end-1}"
