"""Makes a model package for Planisphere of a CLIP model and prompts: what StreetCLIP does for countries.

    pip install onnx torch transformers
    python3 src/geoclip/prompts.py --clip CLIP --prompt "A Street View photo in {}." --labels countries.txt --licence TERMS \\
        --output PACKAGE
    jobs/classify.sh --model PACKAGE --input photos --output countries

CLIP is a folder in the format of transformers, or a name that transformers finds (geolocal/StreetCLIP: CC BY-NC 4.0). Each line of
the file with labels is put into the prompt. With --places, a CSV with the columns latitude and longitude and a line per label, the
package is a geolocator, for jobs/locate.sh. docs/geolocators.md says more.
"""
import argparse
import csv
import pathlib
import sys

import gallery
import numpy as np
import torch
from transformers import AutoTokenizer, CLIPImageProcessor, CLIPModel


class ImageEncoder(torch.nn.Module):
    """CLIP's projected image embedding."""

    def __init__(self, clip):
        super().__init__()
        self.vision = clip.vision_model
        self.projection = clip.visual_projection

    def forward(self, pixels):
        return self.projection(self.vision(pixel_values=pixels).pooler_output)


@torch.no_grad()
def prompt_embeddings(clip, tokenizer, prompts):
    """Text embeddings of length 1, [n, width]."""
    tokens = tokenizer(prompts, padding=True, truncation=True, return_tensors="pt")
    pooled = clip.text_model(input_ids=tokens.input_ids, attention_mask=tokens.attention_mask).pooler_output
    return torch.nn.functional.normalize(clip.text_projection(pooled), dim=1).numpy()


def read_places(table, count):
    with open(table, newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        places = np.array([[float(row["latitude"]), float(row["longitude"])] for row in rows])
    except (KeyError, TypeError, ValueError):
        sys.exit(f"{table} needs the columns latitude and longitude, with numbers")
    if len(places) != count:
        sys.exit(f"{table} has {len(places)} places and there are {count} labels; give it one line per label")
    return places


def write(folder, clip, tokenizer, processor, prompts, labels, places, licence, source):
    vectors = prompt_embeddings(clip, tokenizer, prompts)
    head = gallery.Gallery(vectors, clip.logit_scale.exp().item(), places, None if places is not None else labels)
    gallery.write(folder, ImageEncoder(clip), clip.config.vision_config.image_size, processor, head, folder.name, "1", licence,
                  source)


def main():
    options = argparse.ArgumentParser(description="Make a model package of a CLIP model and prompts.")
    options.add_argument("--clip", required=True, help="folder or name of a CLIP model of transformers")
    options.add_argument("--prompt", required=True, help="prompt with {} where a label goes")
    options.add_argument("--labels", required=True, help="text file with one label per line")
    options.add_argument("--places", help="CSV with latitude and longitude of each label; makes a geolocator")
    options.add_argument("--licence", required=True, help="terms of the weights")
    options.add_argument("--output", required=True, type=pathlib.Path, help="folder to write the package to")
    chosen = options.parse_args()
    if chosen.output.exists():
        sys.exit(f"{chosen.output} exists; remove it or choose another --output")
    if "{}" not in chosen.prompt:
        sys.exit("--prompt needs {} where a label goes")
    labels = [line.strip() for line in open(chosen.labels, encoding="utf-8") if line.strip()]
    if not labels:
        sys.exit(f"{chosen.labels} has no labels")
    clip = CLIPModel.from_pretrained(chosen.clip, attn_implementation="eager").eval()
    write(chosen.output, clip, AutoTokenizer.from_pretrained(chosen.clip), CLIPImageProcessor.from_pretrained(chosen.clip),
          [chosen.prompt.format(label) for label in labels], labels,
          read_places(chosen.places, len(labels)) if chosen.places else None, chosen.licence,
          f'{chosen.clip}, prompt "{chosen.prompt}"')
    print(f"Wrote {chosen.output}: {len(labels):,} prompts")


if __name__ == "__main__":
    main()
