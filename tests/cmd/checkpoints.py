"""checkpoints.py - write one resnet18 in the checkpoints in which people have it.

plain.pth is its state dict.  lightning.ckpt, moco.pth, dino.pth, args.pth and
hf.bin hold the same arrays, and more; both.pth also an average, all 0; extra.pth
an array of nobody, and another network beside it; shards is a folder of two
safetensors files and their index; less.pth lacks an array; whole.pth has one of
integers.  config.pth, average.pth, byol.pth, names.pth, two.pth and sequential.pth
have names that other programs write.  headed.pth has the head of ImageNet, head.pth
nothing but a head; grey.pth has one input channel, misnamed.pth an array of another
name; xray.pth is laid out as torchxrayvision's densenet121, tiny.pth as a ViT-Ti/16.
"""
import argparse
import json
import os
import re
import struct

import numpy
import torch
import torchvision

torch.manual_seed(0)
net = torchvision.models.resnet18(weights=None)
sd = {k: v for k, v in net.state_dict().items() if not k.startswith("fc.") and "tracked" not in k}
zero = {k: v * 0 for k, v in sd.items()}
one = torch.ones(2, 2)


def under(prefix, arrays=sd):
    return {prefix + k: v for k, v in arrays.items()}


def hugging_face(name):
    """transformers' ResNetModel, after its convert_resnet_to_pytorch.py."""
    kinds = {"conv": "convolution", "bn": "normalization"}
    name = re.sub(r"^(conv|bn)1\.", lambda m: f"embedder.embedder.{kinds[m[1]]}.", name)
    name = re.sub(r"^layer(\d)\.(\d+)\.",
                  lambda m: f"encoder.stages.{int(m[1]) - 1}.layers.{m[2]}.", name)
    name = re.sub(r"(?<=\.)(conv|bn)(\d)\.",
                  lambda m: f"layer.{int(m[2]) - 1}.{kinds[m[1]]}.", name)
    return name.replace("downsample.0", "shortcut.convolution").replace(
        "downsample.1", "shortcut.normalization")


def shards():
    os.mkdir("shards")
    names = sorted(sd)
    files = {"a": names[:50], "b": names[50:]}
    for file, part in files.items():
        header, data = {}, b""
        for name in part:
            raw = sd[name].numpy().tobytes()
            header[name] = {"dtype": "F32", "shape": list(sd[name].shape),
                            "data_offsets": [len(data), len(data) + len(raw)]}
            data += raw
        header = json.dumps(header).encode()
        with open(f"shards/{file}.safetensors", "wb") as f:
            f.write(struct.pack("<Q", len(header)) + header + data)
    with open("shards/model.safetensors.index.json", "w") as f:
        json.dump({"metadata": {"total_size": 0}, "weight_map": {
            name: f"{file}.safetensors" for file in files for name in files[file]}}, f)


def tiny():
    """Zeros in timm's names and shapes of a ViT-Ti/16."""
    shapes = {"cls_token": (1, 1, 192), "pos_embed": (1, 197, 192),
              "patch_embed.proj.weight": (192, 3, 16, 16), "patch_embed.proj.bias": (192,)}
    for i in range(12):
        for name, *shape in (("norm1", 192), ("attn.qkv", 576, 192), ("attn.proj", 192, 192),
                             ("norm2", 192), ("mlp.fc1", 768, 192), ("mlp.fc2", 192, 768)):
            shapes[f"blocks.{i}.{name}.weight"] = shape
            shapes[f"blocks.{i}.{name}.bias"] = shape[:1]
    return {name: torch.zeros(*shape, dtype=torch.half) for name, shape in shapes.items()}


save = torch.save
save(sd, "plain.pth")
save({"epoch": 3, "global_step": 9, "callbacks": {}, "hyper_parameters": {"lr": 0.1},
      "state_dict": {**under("model.net."), "model.head.weight": one,
                     "criterion.weight": torch.ones(2)},
      "optimizer_states": [{"state": {0: {"exp_avg": one}}}]}, "lightning.ckpt")
save({"arch": "resnet18", "state_dict": {
    **under("module.encoder_q."), **under("module.encoder_k.", zero),
    "module.encoder_q.fc.0.weight": one, "module.encoder_q.fc.2.weight": one,
    "module.queue": one, "module.queue_ptr": torch.zeros(1)}}, "moco.pth")
save({"student": under("module.backbone.", zero), "epoch": 1,
      "teacher": {**under("backbone."), "head.mlp.0.weight": one}}, "dino.pth")
save({"model": sd, "args": argparse.Namespace(lr=0.1), "best": numpy.float64(0.9),
      "optimizer": {"state": {0: {"exp_avg": one}, 1: {"exp_avg": one}}}}, "args.pth")
save({**{"resnet." + hugging_face(k): v for k, v in sd.items()},
      "classifier.1.weight": torch.ones(2, 512), "classifier.1.bias": torch.ones(2)}, "hf.bin")
save({"model": zero, "model_ema": under("module.")}, "both.pth")
save({**under("a."), "a.odd.weight": torch.ones(512, 512), "b.weight": one}, "extra.pth")
save({"model": {"name": "resnet18"}, "state_dict": sd}, "config.pth")
save({"n_averaged": torch.tensor(3), **under("module.")}, "average.pth")
save({**under("backbone."), **under("backbone_momentum.", zero),
      "prediction_head.0.weight": one}, "byol.pth")
save({"online": under("module."), "target": zero}, "names.pth")
save({**under("model."), **under("net.", zero)}, "two.pth")
save({**under("0."), "1.2.weight": one}, "sequential.pth")
save({**sd, "conv1.weight": sd["conv1.weight"].long()}, "whole.pth")
save({k: v for k, v in sd.items() if k != "layer1.0.bn1.weight"}, "less.pth")
save({**sd, "fc.weight": torch.zeros(1000, 512), "fc.bias": torch.zeros(1000)}, "headed.pth")
save({"fc.weight": torch.zeros(2, 512), "fc.bias": torch.zeros(2)}, "head.pth")
save({**sd, "conv1.weight": sd["conv1.weight"][:, :1].clone()}, "grey.pth")
save({k.replace("layer1.0.bn1.b", "layer1.0.bn1.d"): v for k, v in sd.items()}, "misnamed.pth")
xray = torchvision.models.densenet121(weights=None, num_classes=18).half().state_dict()
xray["features.conv0.weight"] = xray["features.conv0.weight"][:, :1].clone()
save(xray, "xray.pth")
save(tiny(), "tiny.pth")
shards()
save({"arch": "vit_small", "state_dict": {
    "module.base_encoder.cls_token": torch.zeros(1, 1, 384),
    "module.momentum_encoder.cls_token": torch.zeros(1, 1, 384)}}, "mocov3.pth")
