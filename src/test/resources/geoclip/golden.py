"""Makes a small GeoCLIP: its own MLP, location encoder and scale, 200 of its places, and a CLIP of seeded random weights; and what
geoclip's own GeoCLIP.predict says about the sample photos. And a package of prompts over another random CLIP, with the probabilities of
transformers' CLIPModel.

Run: python3 src/test/resources/geoclip/golden.py   (made with geoclip 1.3.0, transformers 5.24, torch 2.15, onnx 1.23)

With a folder as argument it writes there, besides, the package of the whole gallery as src/geoclip/package.py makes it, and the
golden.csv of that, for GeoClipTest -Dgeoclip=FOLDER.
"""
import csv
import json
import pathlib
import runpy
import shutil
import sys
import tempfile

import numpy as np
import torch
import transformers
from PIL import Image
from geoclip import GeoCLIP
from geoclip.model.misc import file_dir

HERE = pathlib.Path(__file__).parent
PHOTOS = sorted((HERE.parents[2] / "samples/photos").glob("*.jpg"))
SCRIPTS = HERE.parents[2] / "geoclip"
sys.path.insert(0, str(SCRIPTS))
PACKAGE = runpy.run_path(str(SCRIPTS / "package.py"))
BEST = 20
HIDDEN = 16


def tiny_clip(folder):
    """A CLIP whose vision tower has two layers, and embeddings as wide as those of ViT-L/14."""
    torch.manual_seed(1)
    text = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, vocab_size=4,
                projection_dim=768, bos_token_id=0, eos_token_id=1)
    vision = dict(hidden_size=HIDDEN, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, patch_size=16,
                  image_size=224, projection_dim=768)
    clip = transformers.CLIPModel(transformers.CLIPConfig(text_config=text, vision_config=vision, projection_dim=768))
    with torch.no_grad():
        # weights of a size with which photos differ
        for name, weight in clip.vision_model.named_parameters():
            if weight.dim() > 1 and "embedding.weight" not in name:
                fan = weight[0].numel()
                weight.copy_(torch.randn(weight.shape) * (2 / fan) ** 0.5)
        clip.vision_model.embeddings.position_embedding.weight.normal_(0, 0.5)
        clip.visual_projection.weight.normal_(0, 0.25)
    clip.save_pretrained(folder)
    transformers.CLIPImageProcessor().save_pretrained(folder)
    # a tokenizer, which GeoCLIP loads and does not use
    (folder / "vocab.json").write_text(json.dumps(
        {"<|startoftext|>": 0, "<|endoftext|>": 1, "a</w>": 2, "a": 3}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "CLIPTokenizer"}))
    return clip


class Once(torch.nn.Module):
    """A module that is called with the same input again and again; GeoCLIP encodes all places for each photo."""

    def __init__(self, module):
        super().__init__()
        self.module = module
        self.found = None

    def forward(self, x):
        self.found = self.module(x) if self.found is None else self.found
        return self.found


def predictions(file, model):
    """The likeliest places, those that the gallery has several times counted once, with the sum of their probabilities."""
    encoder = model.location_encoder
    model.location_encoder = Once(encoder)
    with open(file, "w", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        for photo in PHOTOS:
            places, probabilities = model.predict(str(photo), len(model.gps_gallery))
            sums = {}
            for place, probability in zip(places.tolist(), probabilities.double().tolist()):
                sums[tuple(place)] = sums.get(tuple(place), 0) + probability
            for place, probability in sorted(sums.items(), key=lambda item: -item[1])[:BEST]:
                rows.writerow([photo.name, *(f"{degrees:.6f}" for degrees in place), f"{probability:.8f}"])
    model.location_encoder = encoder


def prompts():
    """A package as src/geoclip/prompts.py makes it, in prompts/, and the probabilities of CLIPModel in prompts.csv."""
    torch.manual_seed(2)
    script = runpy.run_path(str(SCRIPTS / "prompts.py"))
    sizes = dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, projection_dim=24)
    clip = transformers.CLIPModel(transformers.CLIPConfig(
        text_config=dict(**sizes, vocab_size=80, bos_token_id=78, eos_token_id=79, pad_token_id=79),
        vision_config=dict(**sizes, patch_size=32, image_size=96), projection_dim=24)).eval()
    with torch.no_grad():
        for weight in clip.parameters():
            if weight.dim() > 1:
                weight.copy_(torch.randn(weight.shape) * (2 / weight[0].numel()) ** 0.5)
        clip.logit_scale.fill_(2.5)
    labels = ["Chad", "Chile", "China", "Cuba", "Cyprus"]
    sentences = [f"A Street View photo in {label}." for label in labels]
    processor = {"size": {"shortest_edge": 96}, "crop_size": {"height": 96, "width": 96}}
    folder = HERE / "prompts"
    if folder.exists():
        shutil.rmtree(folder)
    script["write"](folder, clip, letters, transformers.CLIPImageProcessor(**processor), sentences, labels, None, "CC0-1.0",
                    "a tiny random CLIP")
    prepare = transformers.CLIPImageProcessorPil(**processor)
    with open(HERE / "prompts.csv", "w", newline="") as out, torch.no_grad():
        rows = csv.writer(out, lineterminator="\n")
        for photo in PHOTOS:
            pixels = prepare(Image.open(photo).convert("RGB"), return_tensors="pt").pixel_values
            logits = clip(pixel_values=pixels, **letters(sentences)).logits_per_image[0]
            rows.writerow([photo.name, *(f"{p:.8f}" for p in logits.double().softmax(-1).tolist())])


def letters(sentences, **ignored):
    """A tokenizer with a token per letter."""
    length = max(map(len, sentences)) + 2
    tokens = [[78, *(min(max(ord(letter) - 46, 0), 77) for letter in sentence), 79] for sentence in sentences]
    ids = torch.tensor([row + [79] * (length - len(row)) for row in tokens])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in tokens])
    return transformers.BatchEncoding({"input_ids": ids, "attention_mask": mask})


def main():
    prompts()
    every = PACKAGE["read_places"](f"{file_dir}/gps_gallery/coordinates_100K.csv")
    _, first, count = np.unique(every, axis=0, return_index=True, return_counts=True)
    twice = first[count > 1][:10]
    few = every[np.concatenate([np.arange(0, len(every), 555)[:180], twice, twice])]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        clip = tiny_clip(folder)
        model = GeoCLIP(clip_path=str(folder)).eval()
        # the processor on Pillow; the one on torchvision gives 8-bit values that differ by 1 here and there
        model.image_encoder.image_processor = transformers.CLIPImageProcessorPil()
        vision = transformers.CLIPVisionModelWithProjection.from_pretrained(folder, attn_implementation="eager")
        if len(sys.argv) > 1:
            whole = pathlib.Path(sys.argv[1])
            PACKAGE["write"](whole / "package", vision, PACKAGE["image_mlp"](), transformers.CLIPImageProcessor(), every,
                             "a tiny random CLIP")
            predictions(whole / "golden.csv", model)
        model.gps_gallery = torch.from_numpy(few)
        predictions(HERE / "golden.csv", model)

        # CLIP's projection is multiplied into the first layer of the MLP, so that the file to commit is small
        mlp = PACKAGE["image_mlp"]()
        folded = torch.nn.Linear(HIDDEN, 768)
        with torch.no_grad():
            folded.weight.copy_(mlp[0].weight @ clip.visual_projection.weight)
            folded.bias.copy_(mlp[0].bias)
        mlp[0] = folded
        vision.visual_projection = torch.nn.Identity()
        if (HERE / "package").exists():
            shutil.rmtree(HERE / "package")
        PACKAGE["write"](HERE / "package", vision, mlp, transformers.CLIPImageProcessor(), few, "a tiny random CLIP")


if __name__ == "__main__":
    main()
