#!/usr/bin/env bash
# Measures what labels that know distance, a gallery, decoding and calibrated radii gain on aerial views: trains heads on the embedding
# of builtin:earth over windows of the Blue Marble, and scores them on windows of unseen authors, of an unseen rendering and of held-out
# regions. Prints the table of docs/evaluation.md.
#
#   src/earth/geolocation.sh --places FILE [--work DIR]
#
# FILE is the CSV of src/earth/train.sh. Needs the built jar (mvn -B verify), npm, Python 3; takes half an hour on two cores. Windows and
# rows stay in DIR (target/earth); what is there already is not made again.
set -euo pipefail

places='' work=target/earth
while [ $# -gt 0 ]; do
    case "$1" in
        --places) places=$(realpath "$2") ;;
        --work) work=$2 ;;
        *) echo "Unknown option $1; see the head of $0" >&2; exit 1 ;;
    esac
    shift 2
done
[ -n "$places" ] || { echo "No places given; add --places FILE, see the head of $0" >&2; exit 1; }
cd "$(dirname "$0")/../.."

maps=target/earth/maps
mkdir -p "$maps" "$work"
if ! sha256sum --check --status src/earth/maps.sha256 2> /dev/null; then
    npm pack --silent --pack-destination target/earth three-globe@2.45.2
    tar -xzf target/earth/three-globe-2.45.2.tgz -C "$maps" --strip-components=3 package/example/img
    sha256sum --check src/earth/maps.sha256
fi

windows() { # name, options
    local output=$work/windows/$1
    shift
    [ -e "$output.csv" ] || mvn -q -B -P earth compile exec:exec -Dexec.args="-Xmx2g -cp %classpath \
        io.planisphere.earth.WindowPhotos --maps $maps --places $places --seed 1 --output $output $*"
}
windows training --part training
windows unseen --part unseen_authors
windows unseen-day --part unseen_authors --day
windows regions --part held_out_regions

jobs/embed.sh --model builtin:earth --input "$work/windows/training" --output "$work/embedded"
cells=src/main/resources/models/earth/cells.csv
trained() { # name, options
    local output=$work/$1
    shift
    [ -e "$output" ] || jobs/train.sh --embeddings "$work/embedded" --places "$work/windows/training.csv" --cells "$cells" \
        --output "$output" "$@" | tee "$output.txt"
}
trained hard
trained hard-gallery --gallery
trained soft --label-smoothing-km 75
trained soft-gallery --gallery --label-smoothing-km 75
python3 src/earth/geolocation.py packages "$work"
for variant in base labels gallery decoding all; do
    for set in unseen unseen-day regions; do
        jobs/locate.sh --model "$work/packages/$variant" --input "$work/windows/$set" --output "$work/rows/$variant-$set" > /dev/null
        jobs/evaluate.sh --predictions "$work/rows/$variant-$set" --truth "$work/windows/$set.csv" --by continent \
            --compare "$work/rows/base-$set" --output "$work/scores/$variant-$set" > "$work/scores-$variant-$set.txt"
    done
done
python3 src/earth/geolocation.py table "$work"
