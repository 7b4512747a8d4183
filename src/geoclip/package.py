"""Makes a model package for Planisphere of GeoCLIP and a CLIP vision encoder that you have.

    pip install geoclip==1.3.0 onnx
    python3 src/geoclip/package.py --clip CLIP --output PACKAGE
    jobs/locate.sh --model PACKAGE --input photos --output places

CLIP is a folder in the format of transformers (config.json, model.safetensors, preprocessor_config.json), or a name that
transformers finds: GeoCLIP was trained on openai/clip-vit-large-patch14. The image MLP, the location encoder and the 100,000 places
are those of the PyPI package geoclip (MIT). docs/geolocators.md says more.

The package has the encoder and the MLP in model.onnx and model.onnx_data, the embeddings of the places in gallery.f32, and the
places in places.csv. --places takes another table of places (columns LAT and LON, or latitude and longitude), for example without
those that you test on; their embeddings are computed here.
"""
import argparse
import math
import pathlib
import sys

import gallery
import numpy as np
import pandas
import torch
from geoclip.model.location_encoder import LocationEncoder
from geoclip.model.misc import file_dir
from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection

WIDTH = 768  # of CLIP's embedding, which the MLP takes
BATCH = 1000  # places per call of the location encoder


class Encoder(torch.nn.Module):
    """GeoCLIP's image encoder: CLIP's projected embedding, then the MLP."""

    def __init__(self, vision, mlp):
        super().__init__()
        self.vision = vision
        self.mlp = mlp

    def forward(self, pixels):
        return self.mlp(self.vision(pixel_values=pixels).image_embeds)


def weights(name):
    return torch.load(f"{file_dir}/weights/{name}.pth", map_location="cpu", weights_only=True)


def image_mlp():
    mlp = torch.nn.Sequential(torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU(), torch.nn.Linear(WIDTH, 512))
    mlp.load_state_dict(weights("image_encoder_mlp_weights"))
    return mlp


def read_places(table):
    """Places as GeoCLIP rounds them, [n, 2]: latitude and longitude as 32-bit floats."""
    columns = pandas.read_csv(table).rename(columns=str.lower).rename(columns={"latitude": "lat", "longitude": "lon"})
    if not {"lat", "lon"} <= set(columns):
        sys.exit(f"{table} has the columns {', '.join(columns)}; it needs LAT and LON, or latitude and longitude")
    places = columns[["lat", "lon"]].to_numpy(np.float32)
    if not len(places) or not np.isfinite(places).all() or (np.abs(places) > [90, 180]).any():
        sys.exit(f"{table} has no places, or some outside [-90, 90] and [-180, 180] degrees")
    return places


@torch.no_grad()
def embeddings(places):
    """Location embeddings of length 1, [n, 512]."""
    encoder = LocationEncoder().eval()
    parts = [encoder(torch.from_numpy(places[i:i + BATCH])) for i in range(0, len(places), BATCH)]
    return torch.nn.functional.normalize(torch.cat(parts), dim=1).numpy()


def write(folder, vision, mlp, processor, places, source):
    """Writes the package; `vision` is a CLIPVisionModelWithProjection and `processor` a CLIP image processor."""
    scale = math.exp(weights("logit_scale_weights").item())
    gallery.write(
        folder, Encoder(vision, mlp), vision.config.image_size, processor,
        gallery.Gallery(embeddings(places), scale, places=places), "geoclip", "1.3.0",
        "MIT (GeoCLIP: image MLP, location encoder, places); the CLIP encoder under its own terms",
        f"PyPI geoclip 1.3.0 (arXiv 2309.16020) over {source}")


def main():
    options = argparse.ArgumentParser(description="Make a model package of GeoCLIP and a CLIP vision encoder.")
    options.add_argument("--clip", required=True, help="folder or name of a CLIP model of transformers")
    options.add_argument("--output", required=True, type=pathlib.Path, help="folder to write the package to")
    options.add_argument("--places", default=f"{file_dir}/gps_gallery/coordinates_100K.csv",
                         help="CSV of places, with the columns LAT and LON (default: the 100,000 of geoclip)")
    chosen = options.parse_args()
    if chosen.output.exists():
        sys.exit(f"{chosen.output} exists; remove it or choose another --output")
    places = read_places(chosen.places)
    vision = CLIPVisionModelWithProjection.from_pretrained(chosen.clip, attn_implementation="eager")
    if vision.config.projection_dim != WIDTH:
        sys.exit(f"{chosen.clip} has embeddings of {vision.config.projection_dim} values and GeoCLIP's MLP takes {WIDTH}; it"
                 " was trained on openai/clip-vit-large-patch14")
    write(chosen.output, vision, image_mlp(), CLIPImageProcessor.from_pretrained(chosen.clip), places, chosen.clip)
    print(f"Wrote {chosen.output}: {len(places):,} places")


if __name__ == "__main__":
    main()
