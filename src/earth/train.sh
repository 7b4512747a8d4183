#!/usr/bin/env bash
# Trains builtin:earth from scratch and writes its package and the sample photos into the source tree.
#
#   src/earth/train.sh --places FILE [--minutes N] [--seed S]
#
# FILE is a CSV of id,author,latitude,longitude with a header line. Needs JDK 17, Maven and npm. Takes about an hour on two
# cores; --minutes (default 67) limits the training. The same seed gives the same run unless that limit ends it.
set -euo pipefail

places='' seed=1 minutes=67
while [ $# -gt 0 ]; do
    case "$1" in
        --places) places=$(realpath "$2") ;;
        --minutes) minutes=$2 ;;
        --seed) seed=$2 ;;
        *) echo "Unknown option $1; see the head of $0" >&2; exit 1 ;;
    esac
    shift 2
done
[ -n "$places" ] || { echo "No places given; add --places FILE, see the head of $0" >&2; exit 1; }

cd "$(dirname "$0")/../.."
maps=target/earth/maps
mkdir -p "$maps"
if ! sha256sum --check --status src/earth/maps.sha256 2> /dev/null; then
    npm pack --silent --pack-destination target/earth three-globe@2.45.2
    tar -xzf target/earth/three-globe-2.45.2.tgz -C "$maps" --strip-components=3 package/example/img
    sha256sum --check src/earth/maps.sha256
fi

recipe() {
    local main=$1
    shift
    mvn -q -B -P earth compile exec:exec \
        -Dexec.args="-Xmx3g -cp %classpath io.planisphere.earth.$main --maps $maps --places '$places' --seed $seed $*"
}

# One thread: the renderer uses the other core, and sums of floats are added in a fixed order.
export OMP_NUM_THREADS=1
rm -rf target/earth/run
recipe TrainEarth --minutes "$minutes"
rm -f src/samples/earth/*.jpg
recipe PackageEarth
echo "All in all $((SECONDS / 60)) minutes"
