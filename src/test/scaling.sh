#!/usr/bin/env bash
# Measures the throughput lost by sharing between cores and executors:  src/test/scaling.sh PACKAGE 'TARS' JOB [REPETITIONS]
#
# Runs JOB (classify or locate) on the same tars, alternating between local[1], local[2], and a standalone cluster of this machine
# with 1 executor of 2 cores, 2 executors of 1 core, and 4 executors of 1 core that share 2 cores. Prints the photos per second of
# each run, excluding start-up before the first photo, and the peak memory of its largest process, in MB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
package=$1 tars=$2 job=$3 repetitions=${4:-3}
work=$(mktemp -d)
servers=()
stop_servers() {
  for server in ${servers[@]+"${servers[@]}"}; do
    kill "$server" 2> /dev/null || true
    wait "$server" 2> /dev/null || true
  done
  servers=()
}
trap 'stop_servers; rm -rf "$work"' EXIT
export SPARK_HOME=$PWD/target/spark SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_DIRS=$work/local
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
serve() { # CLASS ARGUMENTS: a server of the cluster, on loopback
  SPARK_LOCAL_IP=127.0.0.1 java -Xmx512m -Dspark.master.rest.enabled=false -cp "$SPARK_HOME/jars/*" "$@" \
    > "$work/server.${#servers[@]}.log" 2>&1 &
  servers+=($!)
}
cluster() { # WORKERS CORES_EACH
  port=$(free_port)
  serve org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port "$(free_port)"
  until grep -qs "New state: ALIVE" "$work/server.0.log"; do kill -0 "${servers[0]}"; sleep 0.3; done
  for ((i = 0; i < $1; i++)); do
    serve org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores "$2" --memory 1500m \
      --work-dir "$work/worker$i" "spark://127.0.0.1:$port"
  done
  until (($(grep -c "Registering worker" "$work/server.0.log") == $1)); do kill -0 "${servers[0]}"; sleep 0.3; done
}
run() { # NAME SPARK_OPTIONS
  local name=$1
  shift
  jobs/"$job".sh --model "$package" --input "$tars" --output "$work/rows" -- "$@" > "$work/job.log" 2>&1 &
  local driver=$! most=0
  while kill -0 "$driver" 2> /dev/null; do
    # every process of this run: the driver and executors below the workers
    for pid in "$driver" $(for server in ${servers[@]+"${servers[@]}"}; do pgrep -P "$server" || true; done); do
      held=$(awk '/^VmHWM/ {print int($2 / 1024)}' "/proc/$pid/status" 2> /dev/null || true)
      ((${held:-0} > most)) && most=$held
    done
    sleep 0.5
  done
  wait "$driver" || { cat "$work/job.log"; exit 1; }
  python3 - "$work/rows/_run/run.json" "$name" "$most" <<'PY'
import json, sys
run = json.load(open(sys.argv[1]))["invocations"][-1]
busy = sum(run["stageSeconds"].values())
print(f"{sys.argv[2]:24s} {run['photos']:7d} photos {run['seconds']:7.1f} s {run['photosPerSecond']:8.1f} photos/s "
      f"{1e3 * busy / run['photos']:6.3f} ms in stages {sys.argv[3]:>6s} MB")
PY
  rm -rf "$work/rows"
}
for ((repetition = 1; repetition <= repetitions; repetition++)); do
  run "local[1]" --master 'local[1]'
  run "local[2]" --master 'local[2]'
  for shape in "1 2" "2 1" "4 1"; do
    read -r executors cores <<< "$shape"
    cluster "$executors" "$cores"
    run "$executors executors x $cores" --master "spark://127.0.0.1:$port" --conf "spark.executor.cores=$cores" \
      --conf spark.executor.memory=1g --conf spark.driver.memory=1g
    stop_servers
  done
done
