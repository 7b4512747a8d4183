#!/usr/bin/env bash
# Submits one job to Spark:  jobs/submit.sh JOB [job options] [-- spark-submit options]
#
# If SPARK_HOME has bin/spark-submit, that program submits the job. If SPARK_HOME is not set, or contains only jars/, as
# target/spark does after a build, Spark's classes are started directly, on local[*] unless --master says otherwise.
# PLANISPHERE_JAVA_OPTIONS are options for the JVM of that driver.
set -euo pipefail

readonly oldest_java=17

refuse() {
  echo "planisphere: $1" >&2
  exit 1
}

# Sets java to the program in JAVA_HOME, or else on the PATH, java_version to the version in its release file, or nothing, and
# java_major to the first number of that. Ends the script if there is no Java, or if its release file shows that
# it is too old. No JVM is started for this check.
find_java() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    java=$JAVA_HOME/bin/java
    [[ -f $java && -x $java ]] || refuse "JAVA_HOME is $JAVA_HOME, and no Java is there: $java is no program; \
set JAVA_HOME to Java $oldest_java or newer, or unset it"
  else
    java=$(type -P java) || refuse "no java is on the PATH; install Java $oldest_java or newer, or set JAVA_HOME"
  fi
  local program release key value version=
  java_version=
  program=$(readlink -f "$java" 2>/dev/null) || program=$java
  release=${program%/bin/java}/release
  if [[ -f $release ]]; then
    while IFS== read -r key value || [[ -n $key ]]; do
      [[ $key == JAVA_VERSION ]] && version=${value//[$'"\r']/}
    done <"$release"
    java_version=$version
  fi
  version=${version#1.} # 1.8.0 is Java 8
  version=${version%%[!0-9]*}
  java_major=$((version + 0))
  if [[ -n $version ]] && ((version < oldest_java)); then
    refuse_old_java "$version"
  fi
}

refuse_old_java() {
  refuse "Java $oldest_java or newer is needed, and $java is Java $1; set JAVA_HOME to a newer one"
}

# With CDPATH, cd could go to another folder and print its path.
home=$(unset CDPATH && cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jar=$home/target/planisphere.jar
[[ -f $jar ]] || refuse "$jar is not there yet; build it with: mvn -B -DskipTests package"

# In the locales C and POSIX, as in many containers, Java cannot access a file with an ö in its name. An unknown locale acts as C.
if [[ $(locale charmap 2>/dev/null) == ANSI_X3.4-1968 ]]; then
  export LC_ALL=C.UTF-8
fi

# Exports the width of the terminal for the progress line: bash determines it after a command, but does not export it.
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
  # An installation can set its Java in spark-env.sh, which spark-submit reads itself.
  [[ -f ${SPARK_CONF_DIR:-$SPARK_HOME/conf}/spark-env.sh ]] || find_java
  exec "$SPARK_HOME/bin/spark-submit" --class io.planisphere.Main ${spark[@]+"${spark[@]}"} "$jar" ${job[@]+"${job[@]}"}
fi
[[ -d $SPARK_HOME/jars ]] \
  || refuse "SPARK_HOME is $SPARK_HOME, and no Spark is there: neither bin/spark-submit nor jars/"

find_java
export SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}

# The launcher splits these options at spaces and quotation marks, and Log4j reads the file's name as a URI.
logging=$home/conf/log4j2.properties
for special in % ' ' \" \' \\ '#' \? + '[' ']' '{' '}'; do
  printf -v code '%%%02X' "'$special"
  logging=${logging//"$special"/$code}
done
options="-Dlog4j2.configurationFile=file:$logging"

# The optimising compiler waits until a method has run ten times as often as by default: Spark's start would otherwise cost more
# time to compile than to run, and the loops over pixels get there within a second.
options+=' -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000'
options+=' -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000'

# Classes as src/build/class-archive.sh has stored them. Java does not use an archive of another build or class path, and is told
# not to warn about that.
archive=$home/target/start/classes-$java_version.jsa
if [[ -n $java_version && -f $archive ]]; then
  archive=${archive//\\/\\\\}
  options+=" \"-XX:SharedArchiveFile=${archive//\"/\\\"}\" -Xlog:cds*=off"
  ((java_major < 24)) || options+=,aot*=off
fi
options+=" ${PLANISPHERE_JAVA_OPTIONS:-}"

launcher() {
  "$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit \
    --master 'local[*]' --properties-file "$home/conf/spark-defaults.conf" \
    --driver-java-options "$options" --driver-class-path "$jar" \
    ${spark[@]+"${spark[@]}"} --class io.planisphere.Main "$jar"
}

# What the launcher printed last time for the same Java, options, configuration and environment saves its JVM. A properties file of
# the user's could have changed since.
key=$java$'\n'$java_version$'\n'$SPARK_HOME$'\n'$jar$'\n'$options$'\n'$(<"$home/conf/spark-defaults.conf")
for word in ${spark[@]+"${spark[@]}"}; do
  key+=$'\n'$word
done
for name in ${!SPARK_*} ${!_SPARK_*} ${!HADOOP_*} ${!YARN_*} ${!JAVA_*} ${!_JAVA_*} ${!JDK_*}; do
  key+=$'\n'$name=${!name}
done
kept=
if [[ $key != *--properties-file* ]]; then
  kept=$(cksum <<<"$key" 2>/dev/null) && kept=$home/target/start/command-${kept// /-} || kept=
fi
words=()
if [[ -n $kept && -r $kept ]]; then
  while IFS= read -r -d '' word; do
    words+=("$word")
  done <"$kept"
  if ((${#words[@]} > 2)) && [[ ${words[0]} == "$key" ]]; then
    exec "${words[@]:1}" ${job[@]+"${job[@]}"}
  fi
  words=()
fi

# The launcher prints the command line with the module options of this JDK and the driver's memory: first a line with a NUL,
# then its words, each ended by NUL. The output of standard error and the exit code are appended to them.
while IFS= read -r -d '' word; do
  words+=("$word")
done < <({
  said=$(launcher 2>&1 >&3 3>&-) && code=0 || code=$?
  printf '\0%s\0%d\0' "$said" "$code"
} 3>&1)
end=$((${#words[@]} - 3)) # without the text after the launcher's last NUL, its standard error and its exit code
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
printf '%s' "${words[0]}" # output before the command, such as of an agent in JAVA_TOOL_OPTIONS
words[1]=${words[1]#$'\n'}
if [[ -n $kept && -z $said${words[0]} ]]; then
  # in a folder that is read-only, the launcher runs each time
  {
    mkdir -p "${kept%/*}" && printf '%s\0' "$key" "${words[@]:1:end-1}" >"$kept.$$" && mv "$kept.$$" "$kept"
  } 2>/dev/null || rm -f "$kept.$$" 2>/dev/null || true
fi
exec "${words[@]:1:end-1}" ${job[@]+"${job[@]}"}
