#!/usr/bin/env bash
# Compares Planisphere with a script by hand, PySpark, Ray Data and Daft, in turns on this machine:
#     src/peers/compare.sh PHOTOS WIDTH SIZE [int8] [options of compare.py]
# such as  src/peers/compare.sh ~/photos 0.25 128 --turns 3.  PHOTOS is a folder of JPEGs, WIDTH and SIZE are those of a MobileNetV1
# with initialised weights; int8 for its quantised package. Results are in target/peers/WIDTH-SIZE, or WIDTH-SIZE-int8. Installs the
# peers from PyPI into target/peers/venv.
set -euo pipefail
(($# >= 3)) || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 1; }
photos=$(cd "$1" && pwd) width=$2 size=$3
shift 3
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

[[ -f target/planisphere.jar ]] || mvn -B -q -DskipTests package
home=target/peers
[[ -x $home/venv/bin/python ]] || python3 -m venv $home/venv
$home/venv/bin/pip install -q -r src/peers/requirements.txt
package=$home/mobilenet-v1-$width-$size
[[ -d $package ]] || jobs/model.sh build mobilenet-v1 --fold-batch-norm --width "$width" --resolution "$size" --classes 1000 \
  --output "$package"
name=$width-$size
if [[ ${1:-} == int8 ]]; then
  shift
  [[ -d $package-int8 ]] || jobs/quantize.sh --model "$package" --calibration-input "$photos" --output "$package-int8"
  package=$package-int8 name=$name-int8
fi
work=/dev/shm/planisphere-peers
[[ -w /dev/shm ]] || work=$home/work
trap 'rm -rf "$work"' EXIT
$home/venv/bin/python src/peers/compare.py --photos "$photos" --package "$PWD/$package" --size "$size" --work "$work" \
  --output "$home/$name" "$@"
