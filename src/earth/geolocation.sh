#!/usr/bin/env bash
# Measures what labels that know distance, a gallery, decoding and calibrated radii gain on aerial views: trains heads on the embedding
# of a backbone over windows of the Blue Marble, and scores them on windows of unseen authors, of an unseen rendering and of held-out
# regions. Prints the tables of docs/evaluation.md.
#
#   src/earth/geolocation.sh --places FILE [--backbone PACKAGE] [--variants 'NAME ...'] [--work DIR]
#
# FILE is the CSV of src/earth/train.sh. PACKAGE is builtin:earth, which was trained on the training windows, or one that saw none of
# them, such as builtin:mobilenet-v2. The variants are base, labels, gallery, decoding, all; by default all of them. Needs the built jar
# (mvn -B verify), npm, Python 3; takes half an hour on two cores with builtin:earth. Windows and rows stay in DIR (target/earth); what
# is there already is not made again, so give another DIR with another backbone.
set -euo pipefail

places='' work=target/earth backbone=builtin:earth variants='base labels gallery decoding all'
while [ $# -gt 0 ]; do
    case "$1" in
        --places) places=$(realpath "$2") ;;
        --work) work=$2 ;;
        --backbone) backbone=$2 ;;
        --variants) variants=$2 ;;
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

jobs/embed.sh --model "$backbone" --input "$work/windows/training" --output "$work/embedded"
cells=src/main/resources/models/earth/cells.csv
trained() { # name, options
    local output=$work/$1
    shift
    [ -e "$output" ] || jobs/train.sh --embeddings "$work/embedded" --places "$work/windows/training.csv" --cells "$cells" \
        --output "$output" "$@" | tee "$output.txt"
}
needed=$(python3 src/earth/geolocation.py needs $variants)
for package in $needed; do
    case $package in
        hard) trained hard --label-smoothing-km 0 ;;
        hard-gallery) trained hard-gallery --label-smoothing-km 0 --gallery ;;
        soft) trained soft ;;
        soft-gallery) trained soft-gallery --gallery ;;
    esac
done
python3 src/earth/geolocation.py packages "$work" $variants
for variant in $variants; do
    for set in unseen unseen-day regions; do
        compared=()
        [[ " $variants " != *' base '* ]] || compared=(--compare "$work/rows/base-$set")
        jobs/locate.sh --model "$work/packages/$variant" --input "$work/windows/$set" --output "$work/rows/$variant-$set" > /dev/null
        jobs/evaluate.sh --predictions "$work/rows/$variant-$set" --truth "$work/windows/$set.csv" --by continent \
            "${compared[@]}" --output "$work/scores/$variant-$set" > "$work/scores-$variant-$set.txt"
    done
done
python3 src/earth/geolocation.py table "$work" $variants
