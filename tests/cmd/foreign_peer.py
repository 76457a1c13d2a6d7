"""foreign_peer.py - networks of torchvision in files as other projects have them.

usage: foreign_peer.py

For each network: its weights under torchvision's names and under those of other
projects, the names that the projects' own conversion scripts give; the features that
mc-embed computes with each file, against torchvision's.  One file at a time is on the
disk.  Prints "ok" or "not ok", a TAB, and what was compared.
"""
import io
import os
import re
import subprocess
import tarfile

import numpy as np
import torch
import torchvision
from PIL import Image

from peer import say

torch.set_num_threads(1)
SIDE = {"vit_tiny_patch16_224": 224, "swin_t": 64, "convnext_tiny": 64}
MEAN, STD = torch.tensor([[0.5, 0.4, 0.3], [0.25, 0.5, 1]])[..., None, None]


def network(name):
    """torchvision's, with numbers in all parameters that matter."""
    torch.manual_seed(1)
    if name == "vit_tiny_patch16_224":
        net = torchvision.models.VisionTransformer(224, 16, 12, 3, 192, 768)
    else:
        net = getattr(torchvision.models, name)(weights=None)
    with torch.no_grad():
        for p in net.parameters():
            p.add_(0.02 * torch.randn(p.shape))
    return net.eval()


def images(name):
    numbers = np.random.default_rng(2)
    return [numbers.integers(0, 256, (SIDE[name], SIDE[name], 3), dtype=np.uint8)
            for _ in range(2)]


def features(name, net):
    """What stands before the classifier."""
    for part in "heads", "head":
        if hasattr(net, part):
            setattr(net, part, torch.nn.Identity())
    if name.startswith("convnext"):
        net.classifier[2] = torch.nn.Identity()
    x = torch.stack([torch.from_numpy(i).permute(2, 0, 1) for i in images(name)])
    with torch.no_grad():
        return net((x / 255 - MEAN) / STD).numpy()


# --- Names ------------------------------------------------------------------------

def renamed(arrays, *rules):
    """ARRAYS with all RULES, a pattern and its replacement, applied in order."""
    found = {}
    for name, array in arrays.items():
        for pattern, by in rules:
            name = re.sub(pattern, by, name)
        found[name] = array
    return found


def old_vit(arrays):
    return renamed(arrays, (r"mlp\.0\.", "mlp.linear_1."), (r"mlp\.3\.", "mlp.linear_2."))


def timm_vit(arrays):
    return renamed(
        arrays, ("^class_token", "cls_token"), ("^conv_proj", "patch_embed.proj"),
        (r"^encoder\.pos_embedding", "pos_embed"), (r"^encoder\.ln", "norm"),
        (r"^encoder\.layers\.encoder_layer_", "blocks."), (r"ln_(\d)", r"norm\1"),
        (r"self_attention\.in_proj_", "attn.qkv."), (r"self_attention\.out_proj", "attn.proj"),
        (r"mlp\.0\.", "mlp.fc1."), (r"mlp\.3\.", "mlp.fc2."), (r"^heads\.head", "head"))


def in_three(arrays):
    """Queries, keys and values in arrays of their own."""
    found = {}
    for name, array in arrays.items():
        parts = [(name, array)]
        if ".qkv." in name:
            parts = [(name.replace("qkv", part), a) for part, a in
                     zip(("query", "key", "value"), array.chunk(3))]
        found.update(parts)
    return found


def hugging_face_vit(arrays):
    return renamed(
        in_three(timm_vit(arrays)), ("^cls_token", "vit.embeddings.cls_token"),
        ("^pos_embed", "vit.embeddings.position_embeddings"),
        (r"^patch_embed\.proj", "vit.embeddings.patch_embeddings.projection"),
        ("^blocks", "vit.encoder.layer"), (r"attn\.proj", "attention.output.dense"),
        ("attn", "attention.attention"), ("norm1", "layernorm_before"),
        ("norm2", "layernorm_after"), (r"mlp\.fc1", "intermediate.dense"),
        (r"mlp\.fc2", "output.dense"), ("^norm", "vit.layernorm"), ("^head", "classifier"))


def microsoft_swin(arrays):
    """A stage ends with what merges its patches; masks are buffers."""
    found = renamed(
        arrays, (r"^features\.0\.0", "patch_embed.proj"), (r"^features\.0\.2", "patch_embed.norm"),
        (r"^features\.([246])\.", lambda m: f"layers.{int(m[1]) // 2 - 1}.downsample."),
        (r"^features\.([1357])\.", lambda m: f"layers.{int(m[1]) // 2}.blocks."),
        (r"mlp\.0\.", "mlp.fc1."), (r"mlp\.3\.", "mlp.fc2."))
    for name in found:
        if name.endswith("position_index"):
            found[name] = found[name].reshape(49, 49)
    for stage, windows in enumerate((64, 16, 4)):
        found[f"layers.{stage}.blocks.1.attn_mask"] = torch.zeros(windows, 49, 49)
    return found


def timm_swin(arrays):
    """A stage begins with what merges its patches; a head has one part."""
    found = renamed(microsoft_swin(arrays), (r"^layers\.(\d)\.downsample", lambda m:
                    f"layers.{int(m[1]) + 1}.downsample"), (r"^head\.", "head.fc."))
    return {k: v for k, v in found.items() if "mask" not in k and "index" not in k}


def hugging_face_swin(arrays):
    found = in_three({k: v for k, v in microsoft_swin(arrays).items() if "mask" not in k})
    return renamed(
        found, ("^patch_embed.proj", "swin.embeddings.patch_embeddings.projection"),
        ("^patch_embed", "swin.embeddings"), ("^layers", "swin.encoder.layers"),
        (r"attn\.proj", "attention.output.dense"), ("attn", "attention.self"),
        ("norm1", "layernorm_before"), ("norm2", "layernorm_after"),
        (r"mlp\.fc1", "intermediate.dense"), (r"mlp\.fc2", "output.dense"),
        ("^norm", "swin.layernorm"), ("^head", "classifier"))


def meta_convnext(arrays):
    found = renamed(
        arrays, (r"^features\.([0246])\.", lambda m: f"downsample_layers.{int(m[1]) // 2}."),
        (r"^features\.([1357])\.", lambda m: f"stages.{int(m[1]) // 2}."),
        ("layer_scale", "gamma"), (r"block\.0", "dwconv"), (r"block\.2", "norm"),
        (r"block\.3", "pwconv1"), (r"block\.5", "pwconv2"),
        (r"^classifier\.0", "norm"), (r"^classifier\.2", "head"))
    return {k: v.flatten() if "gamma" in k else v for k, v in found.items()}


def timm_convnext(arrays):
    return renamed(
        meta_convnext(arrays), (r"^downsample_layers\.0", "stem"),
        (r"^downsample_layers\.(\d)", r"stages.\1.downsample"),
        (r"^stages\.(\d)\.(\d)", r"stages.\1.blocks.\2"), ("dwconv", "conv_dw"),
        ("pwconv1", "mlp.fc1"), ("pwconv2", "mlp.fc2"), ("^norm", "head.norm"),
        (r"^head\.(weight|bias)", r"head.fc.\1"))


def hugging_face_convnext(arrays):
    return renamed(
        meta_convnext(arrays), (r"^downsample_layers\.0\.0", "embeddings.patch_embeddings"),
        (r"^downsample_layers\.0\.1", "embeddings.norm"),
        (r"^downsample_layers\.(\d)", r"encoder.stages.\1.downsampling_layer"),
        (r"^stages\.(\d)\.(\d)", r"encoder.stages.\1.layers.\2"), ("norm", "layernorm"),
        ("gamma", "layer_scale_parameter"), ("^(embed|encoder|layernorm)", r"convnext.\1"),
        ("^head", "classifier"))


OTHERS = {
    "vit_tiny_patch16_224": {"an old torchvision": old_vit, "timm": timm_vit,
                             "Hugging Face": hugging_face_vit},
    "swin_t": {"Microsoft": microsoft_swin, "timm": timm_swin,
               "Hugging Face": hugging_face_swin},
    "convnext_tiny": {"Meta": meta_convnext, "timm": timm_convnext,
                      "Hugging Face": hugging_face_convnext},
}


# --- The program ------------------------------------------------------------------

def pack(name):
    with tarfile.open("foreign.tar", "w") as tar:
        for i, pixels in enumerate(images(name)):
            png = io.BytesIO()
            Image.fromarray(pixels).save(png, "PNG")
            entry = tarfile.TarInfo(f"a/{i}.png")
            entry.size = png.tell()
            png.seek(0)
            tar.addfile(entry, png)


def embed(name, arrays):
    """The features that mc-embed computes with ARRAYS, and what it says."""
    torch.save(arrays, "foreign.pth")
    side = str(SIDE[name])
    run = subprocess.run(
        ["mc-embed", "--backbone", name, "--weights", "foreign.pth", "--threads", "1",
         "--resize", side, "--crop", side, "--mean", "0.5,0.4,0.3", "--std", "0.25,0.5,1",
         "foreign.tar"], capture_output=True, text=True)
    os.remove("foreign.pth")
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    columns = [i for i, c in enumerate(rows[0]) if re.fullmatch(r"f\d+", c)] if rows else []
    return np.array([[float(r[i]) for i in columns] for r in rows[1:]]), run.stderr


for name, others in OTHERS.items():
    pack(name)
    net = network(name)
    arrays = net.state_dict()
    wanted = features(name, net)
    for project, rename in {"torchvision": dict, **others}.items():
        found, said = embed(name, rename(arrays))
        difference = np.inf if found.shape != wanted.shape else \
            np.abs(found - wanted).max() / np.abs(wanted).max()
        say(difference < 1e-5, f"{name} in the names of {project}: as torchvision",
            f"{difference:.1e}", said)
    # A file of which one array has another shape, in the last project's names.
    arrays = rename(arrays)
    last = [k for k in arrays if k.endswith("bias")][-4]
    found, said = embed(name, {**arrays, last: arrays[last][:5]})
    say(found.size == 0 and "of another shape: " in said,
        f"{name} in the names of {project}: an array of another shape", said)
