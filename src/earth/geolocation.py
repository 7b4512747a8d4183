"""Helper of geolocation.sh: derives the packages of its variants, and prints its table."""

import json
import shutil
import sys
from pathlib import Path

# variant: package it is made from, keys of the manifest that it keeps
VARIANTS = {
    "base": ("hard", set()),
    "labels": ("soft", set()),
    "gallery": ("hard-gallery", {"gallery", "decoding"}),
    "decoding": ("hard", {"decoding"}),
    "all": ("soft-gallery", {"gallery", "decoding"}),
}
SETS = {
    "unseen": "unseen authors, same map",
    "unseen-day": "unseen authors, unseen rendering",
    "regions": "held-out regions, same map",
}


def needs(*variants: str) -> None:
    unknown = [variant for variant in variants if variant not in VARIANTS]
    if unknown:
        sys.exit(f"Unknown variant {', '.join(unknown)}; give some of {', '.join(VARIANTS)}")
    print(*sorted({VARIANTS[variant][0] for variant in variants}))


def packages(folder: str, *variants: str) -> None:
    work = Path(folder)
    for variant in variants:
        trained, keeps = VARIANTS[variant]
        target = work / "packages" / variant
        if target.exists():
            continue
        shutil.copytree(work / trained, target)
        manifest = json.loads((target / "manifest.json").read_text())
        if "gallery" not in keeps and manifest.pop("gallery", None):
            manifest["files"].pop("gallery.bin")
            (target / "gallery.bin").unlink()
        if "decoding" not in keeps:
            manifest.pop("decoding", None)
        (target / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def percent(share: float, interval: list) -> str:
    return f"{100 * share:.1f} ({100 * interval[0]:.1f}..{100 * interval[1]:.1f})"


def table(folder: str, *variants: str) -> None:
    work = Path(folder)
    print("| | variant | ≤ 25 km, % | 200 | 750 | 2500 | median km | within radius_km, % | radius90_km |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, title in SETS.items():
        for variant in variants:
            metrics = json.loads((work / "scores" / f"{variant}-{name}" / "metrics.json").read_text())
            shares = [percent(metrics["within_km"][km], metrics["within_km_95"][km]) for km in ("25", "200", "750", "2500")]
            median = f"{metrics['median_km']:.1f} ({metrics['median_km_95'][0]:.1f}..{metrics['median_km_95'][1]:.1f})"
            coverage = [percent(metrics[key], metrics[key + "_95"]) for key in ("radius_coverage", "radius90_coverage")]
            print("| " + " | ".join([title, variant, *shares, median, *coverage]) + " |")
            title = ""
    if "base" not in variants:
        return
    print()
    print("Difference to base, 25 / 200 km in points, median km:")
    for name in SETS:
        for variant in [variant for variant in variants if variant != "base"]:
            metrics = json.loads((work / "scores" / f"{variant}-{name}" / "metrics.json").read_text())
            difference = metrics["comparison"]["difference"]
            print(
                name, variant,
                *(f"{km} km {percent(difference['within_km'][km], difference['within_km_95'][km])}" for km in ("25", "200")),
                f"median {difference['median_km']:.1f} {difference['median_km_95']}",
            )


if __name__ == "__main__":
    {"needs": needs, "packages": packages, "table": table}[sys.argv[1]](*sys.argv[2:])
