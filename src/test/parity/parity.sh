#!/usr/bin/env bash
# How near classify comes to Pillow and ONNX Runtime: parity.sh MODELS CLASSES PHOTOS
# MODELS holds the networks that parity.py names, CLASSES is a line "number wnid name" per class, PHOTOS a folder of photos.
set -euo pipefail
models=$1 classes=$2 photos=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jobs=$here/../../../jobs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/parity.py" packages "$models" "$classes" "$work/packages"
for package in "$work"/packages/*; do
  for batch in 1 8; do
    "$jobs/classify.sh" --model "$package" --input "$photos" --output "$package.$batch" --top-k 1001 --batch-size $batch > "$work/log" 2>&1 \
      || { cat "$work/log"; exit 1; }
  done
  python3 "$here/parity.py" compare "$package" "$photos" "$package.1"
  echo -n "batch 1 against batch 8, "
  python3 "$here/parity.py" same "$package.1" "$package.8"
done
