#!/usr/bin/env bash
# Compares Planisphere with a script by hand, PySpark, Ray Data and Daft, in turns on this machine:
#     src/peers/compare.sh PHOTOS WIDTH SIZE [options of compare.py]
# such as  src/peers/compare.sh ~/photos 0.25 128 --turns 3.  PHOTOS is a folder of JPEGs, WIDTH and SIZE are those of a MobileNetV1
# with initialised weights. Results are in target/peers/WIDTH-SIZE. Installs the peers from PyPI into target/peers/venv.
set -euo pipefail
(($# >= 3)) || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 1; }
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
work=/dev/shm/planisphere-peers
[[ -w /dev/shm ]] || work=$home/work
trap 'rm -rf "$work"' EXIT
$home/venv/bin/python src/peers/compare.py --photos "$photos" --package "$PWD/$package" --size "$size" --work "$work" \
  --output "$home/$width-$size" "$@"
