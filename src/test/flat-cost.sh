#!/usr/bin/env bash
# Measures whether throughput and memory stay constant in a long run:
#
#   src/test/flat-cost.sh PHOTOS SHARDS PER_SHARD [SHARDS_PER_BATCH [SPARK_OPTION …]]
#
# PHOTOS is a folder of small photos. They are repeated into one tar of PER_SHARD photos, which is hard-linked SHARDS times in a
# folder, and locate with builtin:earth predicts all of them on local[2]. Prints one line per tenth of the run: photos, photos
# per second, the minimum of the old generation, the memory of the process, its memory outside the heap, files and kilobytes
# under _run; all in MB unless stated otherwise.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
photos=$(cd "$1" && pwd) shards=$2 per_shard=$3 per_batch=${4:-32}
shift $(($# < 4 ? $# : 4))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/links" "$work/shards"
mapfile -t files < <(find "$photos" -type f | sort)
for ((i = 0; i < per_shard; i++)); do
  ln -s "${files[i % ${#files[@]}]}" "$work/links/$(printf %06d "$i").jpg"
done
(cd "$work/links" && find . -name '*.jpg' -printf '%P\n' | sort | tar --hard-dereference -chf "$work/shards/000000.tar" -T -)
# ext4 allows 65,000 hard links to a file
for ((first = 0; first < shards; first += 50000)); do
  ((first)) && cp "$work/shards/000000.tar" "$work/shards/$(printf %06d "$first").tar"
  perl -e '($folder, $from, $to) = @ARGV; for ($from + 1 .. $to - 1) {
      link sprintf("%s/%06d.tar", $folder, $from), sprintf("%s/%06d.tar", $folder, $_) or die $!}' \
    "$work/shards" "$first" $((first + 50000 < shards ? first + 50000 : shards))
done

start=$(date +%s.%N)
PLANISPHERE_JAVA_OPTIONS="${PLANISPHERE_JAVA_OPTIONS:-}" jobs/locate.sh --model builtin:earth --input "$work/shards/*.tar" \
  --output "$work/out" --shards-per-batch "$per_batch" -- --master 'local[2]' "$@" > "$work/log" 2>&1 &
job=$!
batches=$(((shards + per_batch - 1) / per_batch))
while kill -0 "$job" 2> /dev/null; do
  done_batches=$(grep -l '"committed"' "$work/out/_run/log"/*.json 2> /dev/null | wc -l || true)
  # S0C S1C EC OC are capacities, and OU is the used size of the old generation, in KB
  heap=$(jstat -gc "$job" 2> /dev/null | awk 'NR == 1 {for (i = 1; i <= NF; i++) at[$i] = i}
    NR == 2 {print $at["OU"], $at["S0C"] + $at["S1C"] + $at["EC"] + $at["OC"]}' || true)
  rss=$(awk '/^VmRSS/ {print $2}' "/proc/$job/status" 2> /dev/null || true)
  if [[ -n $heap && -n $rss ]]; then
    echo "$(date +%s.%N) $done_batches $heap $rss $(find "$work/out/_run" -type f 2> /dev/null | wc -l) $(du -sk "$work/out/_run" 2> /dev/null | cut -f1)"
  fi
  sleep 1
done > "$work/samples" || true
wait "$job" || { cat "$work/log"; exit 1; }
tail -3 "$work/log"
awk -v start="$start" -v batches="$batches" -v photos=$((shards * per_shard)) '
  BEGIN {print "share    photos photos/s old_gen  memory not_heap run_files run_kb"}
  {tenth = int($2 * 10 / batches); if (tenth > 9) tenth = 9
   if (!(tenth in from)) {from[tenth] = $1; old[tenth] = 1e12; first[tenth] = $2}
   to[tenth] = $1; last[tenth] = $2; if ($3 < old[tenth]) old[tenth] = $3
   if ($5 > rss[tenth]) rss[tenth] = $5; rest = $5 - $4; if (!(tenth in other) || rest > other[tenth]) other[tenth] = rest
   files[tenth] = $6; kb[tenth] = $7}
  END {for (t = 0; t < 10; t++) if (t in from) {
         seconds = ((t + 1) in from ? from[t + 1] : to[t]) - from[t]
         part = (((t + 1) in first ? first[t + 1] : batches) - first[t]) * photos / batches
         printf "%3d %%  %9d %8.0f %7.0f %7.0f %8.0f %9d %6d\n", (t + 1) * 10, (t + 1) * photos / 10,
           (seconds > 0 ? part / seconds : 0), old[t] / 1024, rss[t] / 1024, other[t] / 1024, files[t], kb[t]}}' "$work/samples"
