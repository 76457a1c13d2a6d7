"""compare.py CHECK [FOLDER] - lib/weights against PyTorch, bit for bit.

CHECK is one of

  saved      state dicts of every kind, saved in both formats
  hostile    pickles that would run a program, were they executed
  refused    torch.save files that are no state dict
  names      other conventions against the reference's names
  registry   the rows of torchvision's networks and files
  folder     every file of FOLDER: read as torch.load reads it, or refused

What `mc-weights convert` makes of a file is parsed here with struct and json.
Prints what differs and ends with 1; ends with 77 where a module is missing.
Files are made in the current folder.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import pickle
import re
import struct
import subprocess
import sys
import zipfile

try:
    import numpy
    import torch
    import torchvision
except ImportError as missing:
    print(missing)
    sys.exit(77)

DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16,
          "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32,
          "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8,
          "BOOL": torch.bool}
WRAPPERS = ["state_dict", "model_state_dict", "model", "teacher", "module",
            "net", "ema", "model_ema", "state_dict_ema"]
faults = []
done = 0


def fault(*what):
    faults.append(what)
    print(*what)


def parse(data):
    """The arrays of a safetensors file: {name: (dtype, shape, bytes)}."""
    n = struct.unpack("<Q", data[:8])[0]
    header, data = json.loads(data[8:8 + n]), data[8 + n:]
    header.pop("__metadata__", None)
    return {name: (a["dtype"], tuple(a["shape"]),
                   data[a["data_offsets"][0]:a["data_offsets"][1]])
            for name, a in header.items()}


def convert(path, *options):
    """The arrays in PATH, or the message with which it is refused."""
    run = subprocess.run(["mc-weights", "-q", *options, "convert", path],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    message = run.stderr.decode()
    if run.returncode == 0 and not message:
        return parse(run.stdout)
    if run.returncode != 1 or message.count("\n") != 1 or run.stdout:
        fault(path, "ended with", run.returncode, message)
    return message.strip()


def raw(tensor):
    """(dtype, shape, bytes) of a tensor."""
    tensor = tensor.detach().contiguous()
    dtype = [k for k, v in DTYPES.items() if v == tensor.dtype][0]
    words = tensor.reshape(-1)
    if words.dtype == torch.bfloat16:       # of which numpy knows nothing
        words = words.view(torch.int16)
    return dtype, tuple(tensor.shape), words.numpy().tobytes()


def flatten(value, prefix=""):
    """As statedict.h says it."""
    if isinstance(value, torch.Tensor):
        return {prefix: raw(value)}
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    else:
        return {}
    flat = {}
    for key, item in items:
        flat.update(flatten(item, f"{prefix}.{key}" if prefix else str(key)))
    return flat


def wanted(value):
    inner = [w for w in WRAPPERS if isinstance(value.get(w), dict)]
    return flatten(value[inner[0]] if inner else value)


def compare(what, found, reference):
    global done
    done += 1
    if isinstance(found, str):
        fault(what, "refused:", found)
    elif list(found) != list(reference):
        fault(what, "names differ:", list(found)[:9], list(reference)[:9])
    else:
        for name in reference:
            if found[name] != reference[name]:
                fault(what, name, "differs:", found[name][:2],
                      reference[name][:2])


def refuse(what, path, *reasons):
    global done
    done += 1
    found = convert(path)
    if not isinstance(found, str):
        fault(what, "was read")
    elif not any(reason in found for reason in reasons):
        fault(what, "for another reason:", found)


def objects():
    torch.manual_seed(1)
    x = torch.randn(6, 5, 4)
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3),
                                 torch.nn.BatchNorm2d(4), torch.nn.ReLU())
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.randn(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    yield "types", {k: (torch.randn(3, 4) * 50).to(v)
                    for k, v in DTYPES.items()}
    yield "views", {"t": x.transpose(0, 2),
                    "offset": x[2:], "step": x[::2, 1::3], "one": x[1, 2, 3],
                    "expand": x[0, 0, :1].expand(3, 2), "narrow": x[..., 1],
                    "flat": x.view(-1), "unit": x[:1, :, :1],
                    "last": x[5, 4, 3:]}
    yield "shared", {"a": x, "b": x, "c": x.view(30, 4)[3:5]}
    yield "scalars", {"s": torch.tensor(3.5), "n": torch.tensor(7),
                      "b": torch.tensor(True)}
    yield "empty", {"e": torch.empty(0), "f": torch.empty(3, 0, 2),
                    "g": x[6:], "h": torch.ones(1)}
    yield "module", module.state_dict()
    yield "parameters", dict(module.named_parameters())
    yield "half", {"h": x.half()[:, 1], "b": x.bfloat16()[:, 1]}
    yield "nested", {"layer1": {"w": x, "deep": {"er": x[0]}},
                     "layer2": collections.OrderedDict(b=x[1]),
                     "list": [x[2], (x[3], 5)], 7: x[4]}
    yield "checkpoint", {"epoch": 3, "best": 0.5, "name": "x", "none": None,
                         "big": 1 << 40, "huge": 1 << 80, "minus": -5,
                         "flag": False, "shape": x.shape,
                         "state_dict": module.state_dict(),
                         "optimizer": optimizer.state_dict()}
    inert = {"args": argparse.Namespace(lr=0.1, layers=[1, 2]),
             "best": numpy.float64(0.9), "classes": numpy.array([1, 2]),
             "root": pathlib.PosixPath("/data"), "set": {1, 2},
             "frozen": frozenset([3]), "device": torch.device("cpu"),
             "dtype": torch.float32, "bytes": b"x", "array": bytearray(b"y"),
             "when": datetime.datetime(2026, 1, 2), "complex": 1 + 2j,
             "history": collections.defaultdict(list, {"a": [1.0]}),
             "counts": collections.Counter("abca"), (1, 2): "a tuple",
             "class": argparse.Namespace, "range": range(3)}
    yield "inert", {"state_dict": module.state_dict(), **inert}
    yield "inert-beside", {"w": x, **inert}
    for wrapper in WRAPPERS:
        yield wrapper, {"epoch": 1, wrapper: {"module.a": x},
                        "optimizer": {"state": {0: x}}}
    yield "names", {"\u00e9\u4e16": x, "": x[0], "with \"quotes\"\\": x[1]}
    yield "many", {f"array.{i}": torch.full((i % 7, 3), float(i))
                   for i in range(2000)}


def check_saved():
    for name, value in objects():
        for legacy in False, True:
            for protocol in 2, 3, 4:
                path = f"{name}-{legacy}-{protocol}.pth"
                torch.save(value, path, pickle_protocol=protocol,
                           _use_new_zipfile_serialization=not legacy)
                # torch 2.6 no longer reads everything by default.
                compare(path, convert(path),
                        wanted(torch.load(path, weights_only=False)))
    check_zip64()
    check_deflated()


def rewrite(source, path, change, how=zipfile.ZIP_STORED):
    """Copy a zip; CHANGE(name, bytes) gives each member's bytes or None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", how) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)


def check_zip64():
    """The 64-bit fields, which torch.save needs from 4 GiB on."""
    value = {"a": torch.randn(300), "b": torch.ones(2).half()}
    torch.save(value, "plain.pth")
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 0
    rewrite("plain.pth", "zip64.pth", lambda name, data: data)
    zipfile.ZIP64_LIMIT = limit
    with open("zip64.pth", "r+b") as f:
        f.seek(-14, os.SEEK_END)
        f.write(b"\xff" * 12)      # entries, bytes and offset: see zip64's
    compare("zip64.pth", convert("zip64.pth"), flatten(value))


def check_deflated():
    """As other programs zip it again; no more in memory than zip.h says."""
    value = {"a": torch.randn(300, 1000), "b": torch.arange(9).half(),
             "c": torch.randn(40, 50).T, "none": torch.zeros(0)}
    torch.save(value, "plain.pth")
    rewrite("plain.pth", "deflated.pth", lambda name, data: data,
            zipfile.ZIP_DEFLATED)
    compare("deflated.pth", convert("deflated.pth"),
            flatten(torch.load("deflated.pth", weights_only=False)))
    rewrite("plain.pth", "lzma.pth", lambda name, data: data, zipfile.ZIP_LZMA)
    refuse("lzma", "lzma.pth", "data.pkl: encrypted, or compressed by something "
           "other than deflate: unpack it and zip it with -0")
    for megabytes, reads in (15, True), (17, False):
        value = {"a": torch.zeros(megabytes << 18), "b": torch.ones(12 << 20)}
        torch.save(value, "plain.pth")
        rewrite("plain.pth", "zeros.pth", lambda name, data: data,
                zipfile.ZIP_DEFLATED)
        if reads:
            compare("63 MiB", convert("zeros.pth"), flatten(value))
        else:
            refuse("65 MiB", "zeros.pth", "data/1: unpacked, the archive has "
                   "more than 64 MiB and than 16 times its size: unpack it "
                   "and zip it with -0")


class Runs:
    """A pickle of this calls FUNCTION."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


def check_hostile():
    touch = "touch executed"
    calls = {
        "os.system": Runs(os.system, touch),
        "eval": Runs(eval, f"__import__('os').system('{touch}')"),
        "exec": Runs(exec, f"__import__('os').system('{touch}')"),
        "Popen": Runs(subprocess.Popen, ["touch", "executed"]),
        "getattr": Runs(getattr, os, "system"),
        "set": {1, 2},
        "load": Runs(torch.load, "other.pth"),
    }
    for name, call in calls.items():
        value = {"weight": torch.ones(2), "extra": call}
        if name == "getattr":
            value["extra"] = Runs(getattr, Runs(__import__, "os"), "system")
        for legacy in False, True:
            for protocol in 2, 4:
                path = f"{name}-{legacy}-{protocol}.pth"
                torch.save(value, path, pickle_protocol=protocol,
                           _use_new_zipfile_serialization=not legacy)
                compare(path, convert(path), flatten(value))
    if os.path.exists("executed"):
        fault("a program was executed")


def check_refused():
    module = torch.nn.Linear(2, 2)
    values = {
        "module": (module, "holds an object made by "
                           "`torch.nn.modules.linear.Linear'"),
        "model": ({"model": module}, "\"model\": an object made by "
                                     "`torch.nn.modules.linear.Linear'"),
        "tensor": (torch.ones(2), "holds one tensor without a name"),
        "list": ([torch.ones(2)], "holds no dictionary"),
        "nothing": ({"epoch": 3}, "holds no array"),
        "both": ({"model": {"a": torch.ones(1)}, "teacher": {"b": torch.ones(1)}},
                 "holds both \"model\" and \"teacher\""),
        "complex": ({"c": torch.ones(1, dtype=torch.complex64)},
                    "torch.ComplexFloatStorage are not supported"),
        "sparse": ({"s": torch.eye(3).to_sparse()},
                   "\"s\": an object made by `torch._utils._rebuild_sparse"),
        "quantized": ({"q": torch.quantize_per_tensor(
            torch.ones(2), 1.0, 0, torch.qint8)},
                      "\"q\": an object made by `torch._utils._rebuild_qtensor",
                      "elements of type torch.QInt8Storage are not supported"),
        "nine": ({"n": torch.ones([1] * 9)}, "more than 8 dimensions"),
        "wide": ({"w": torch.ones(1).expand(1 << 20)}, "repeats elements"),
        "twice": ({"a": {"b": torch.ones(1)}, "a.b": torch.ones(1)},
                  "two arrays are named \"a.b\""),
    }
    for name, (value, *reasons) in values.items():
        for legacy in False, True:
            path = f"{name}-{legacy}.pth"
            torch.save(value, path,
                       _use_new_zipfile_serialization=not legacy)
            refuse(path, path, *reasons)
    torch.jit.script(module).save("script.pt")
    compare_sorted("TorchScript", convert("script.pt"), module.state_dict())
    torch.save(module.state_dict(), "whole.pth")
    rewrite("whole.pth", "less.pth",
            lambda n, b: None if n.endswith("data/1") else b)
    refuse("no storage", "less.pth", "its storage is not in the file")
    rewrite("whole.pth", "short.pth",
            lambda n, b: b[4:] if n.endswith("data/1") else b)
    refuse("short storage", "short.pth", "another length")
    # From 2.1 on torch.save writes such a member itself.
    rewrite("whole.pth", "big.pth",
            lambda n, b: None if n.endswith("byteorder") else b)
    with zipfile.ZipFile("big.pth", "a") as z:
        z.writestr("whole/byteorder", "big")
    refuse("big-endian", "big.pth", "not little-endian")
    with open("plain.pkl", "wb") as f:
        pickle.dump({"a": 1}, f, protocol=2)
    refuse("a plain pickle", "plain.pkl", "a pickle, but not from torch.save")
    data = open("whole.pth", "rb").read()
    for at in range(0, len(data), 97):
        with open("cut.pth", "wb") as f:
            f.write(data[:at])
        refuse(f"cut at {at}", "cut.pth", "cut", "empty")


def dinov2(depth=2, dim=6, registers=0, giant=False):
    """A state dict with the reference's names, and not its sizes."""
    def random(*shape):
        return torch.randn(shape)
    sd = collections.OrderedDict(cls_token=random(1, 1, dim))
    sd["pos_embed"] = random(1, 10, dim)
    if registers:
        sd["register_tokens"] = random(1, registers, dim)
    sd["mask_token"] = random(1, dim)
    sd["patch_embed.proj.weight"] = random(dim, 3, 2, 2)
    sd["patch_embed.proj.bias"] = random(dim)
    for i in range(depth):
        b = f"blocks.{i}."
        mlp = [("w12", 4 * dim, dim), ("w3", dim, 2 * dim)] if giant else \
            [("fc1", 4 * dim, dim), ("fc2", dim, 4 * dim)]
        for name, rows, columns in [("attn.qkv", 3 * dim, dim),
                                    ("attn.proj", dim, dim)] + \
                [("mlp." + n, r, c) for n, r, c in mlp]:
            sd[b + name + ".weight"] = random(rows, columns)
            sd[b + name + ".bias"] = random(rows)
        for name in "norm1", "norm2":
            sd[b + name + ".weight"] = random(dim)
            sd[b + name + ".bias"] = random(dim)
        sd[b + "ls1.gamma"] = random(dim)
        sd[b + "ls2.gamma"] = random(dim)
    sd["norm.weight"] = random(dim)
    sd["norm.bias"] = random(dim)
    return sd


def hugging_face(sd):
    """The names of transformers' Dinov2Model, after its
    convert_dinov2_to_hf.py, the other way round."""
    out = collections.OrderedDict()
    for name, t in sd.items():
        for old, new in [("cls_token", "embeddings.cls_token"),
                         ("mask_token", "embeddings.mask_token"),
                         ("register_tokens", "embeddings.register_tokens"),
                         ("pos_embed", "embeddings.position_embeddings"),
                         ("patch_embed.proj",
                          "embeddings.patch_embeddings.projection"),
                         ("blocks.", "encoder.layer."),
                         ("attn.proj", "attention.output.dense"),
                         ("ls1.gamma", "layer_scale1.lambda1"),
                         ("ls2.gamma", "layer_scale2.lambda1"),
                         ("w12", "weights_in"), ("w3", "weights_out")]:
            name = name.replace(old, new)
        if name.startswith("norm."):
            name = "layernorm." + name[5:]
        if "attn.qkv" in name:
            for part, piece in zip(("query", "key", "value"), t.chunk(3)):
                out[name.replace("attn.qkv", "attention.attention." + part)] \
                    = piece
        else:
            out[name] = t
    return out


def timm(sd):
    """timm's names, after checkpoint_filter_fn of its vision_transformer."""
    out = collections.OrderedDict()
    for name, t in sd.items():
        if name == "mask_token":
            continue
        name = name.replace("register_tokens", "reg_token")
        name = name.replace("mlp.w12", "mlp.fc1").replace("mlp.w3", "mlp.fc2")
        out[name] = t
    if "reg_token" in out:
        out["cls_token"] = out["cls_token"] + out["pos_embed"][:, :1]
        out["pos_embed"] = out["pos_embed"][:, 1:]
    return out


def replaced(sd, *pairs):
    """SD with the OLD of each pair replaced by the NEW in its names."""
    out = collections.OrderedDict()
    for name, t in sd.items():
        for old, new in pairs:
            name = name.replace(old, new)
        out[name] = t
    return out


def split(sd, *names):
    """Separate query, key and value, under NAMES."""
    out = collections.OrderedDict()
    for name, t in sd.items():
        if "attn.qkv" not in name:
            out[name] = t
            continue
        for part, piece in zip(names, t.chunk(3)):
            out[name.replace("attn.qkv", part)] = piece
    return out


def transformer(**changes):
    """A plain ViT's state dict: dinov2's without what it lacks."""
    return collections.OrderedDict(
        (k, v) for k, v in dinov2(**changes).items()
        if ".ls" not in k and k != "mask_token")


def hugging_face_vit(sd):
    """transformers' convert_vit_timm_to_pytorch.py, for the tensors."""
    e = "vit.embeddings."
    return replaced(
        split(sd, "attention.attention.query", "attention.attention.key",
              "attention.attention.value"),
        ("cls_token", e + "cls_token"), ("pos_embed", e + "position_embeddings"),
        ("patch_embed.proj", e + "patch_embeddings.projection"),
        ("blocks.", "vit.encoder.layer."), ("attn.proj", "attention.output.dense"),
        ("norm1", "layernorm_before"), ("norm2", "layernorm_after"),
        ("mlp.fc1", "intermediate.dense"), ("mlp.fc2", "output.dense"),
        ("vit.encoder.layer", "VIT.encoder.layer"), ("norm.", "vit.layernorm."),
        ("VIT", "vit"))


def flat(sd):
    """CLIP's class token and positions have no dimension of images."""
    return collections.OrderedDict(
        (k, v.reshape(v.shape[-1]) if k == "cls_token" else
         v[0] if k == "pos_embed" else v) for k, v in sd.items())


def clip(pre=True, pool=False):
    sd = transformer()
    if pre:
        sd["norm_pre.weight"] = torch.randn(6)
        sd["norm_pre.bias"] = torch.randn(6)
    if pool:
        del sd["cls_token"]
        sd["attn_pool.latent"] = torch.randn(1, 1, 6)
        for part, rows in ("q", 6), ("kv", 12), ("proj", 6):
            sd[f"attn_pool.{part}.weight"] = torch.randn(rows, 6)
            sd[f"attn_pool.{part}.bias"] = torch.randn(rows)
        for part in "norm", "mlp.fc1", "mlp.fc2":
            sd[f"attn_pool.{part}.weight"] = torch.randn(6)
    return sd


def hugging_face_clip(sd):
    """transformers' convert_clip_original_pytorch_to_hf.py and, with the
    pool, convert_siglip_to_hf.py."""
    v, sd = "vision_model.", flat(sd)
    pool = collections.OrderedDict(
        (k, t) for k, t in sd.items() if k.startswith("attn_pool."))
    out = replaced(
        split(collections.OrderedDict((k, t) for k, t in sd.items()
                                      if k not in pool),
              "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
        ("cls_token", v + "embeddings.class_embedding"),
        ("pos_embed", v + "embeddings.position_embedding.weight"),
        ("patch_embed.proj", v + "embeddings.patch_embedding"),
        ("norm_pre", v + "pre_layrnorm"), ("attn.proj", "self_attn.out_proj"),
        ("norm1", "layer_norm1"), ("norm2", "layer_norm2"),
        ("blocks.", v + "encoder.layers."))
    out = collections.OrderedDict(
        (k.replace("norm.", v + "post_layernorm.") if k.startswith("norm.")
         else k, t) for k, t in out.items())
    for kind in ("weight", "bias") if pool else ():
        out[v + "head.attention.in_proj_" + kind] = torch.cat(
            [pool.pop("attn_pool.q." + kind), pool.pop("attn_pool.kv." + kind)])
    out.update(replaced(pool, ("latent", "probe"), ("attn_pool.norm", "attn_pool.layernorm"),
                        ("attn_pool.proj", "attn_pool.attention.out_proj"),
                        ("attn_pool.", v + "head.")))
    return out


def open_clip(sd):
    v = "visual."
    return replaced(
        flat(sd), ("cls_token", v + "class_embedding"),
        ("pos_embed", v + "positional_embedding"), ("patch_embed.proj", v + "conv1"),
        ("norm_pre", v + "ln_pre"), ("norm1", "ln_1"), ("norm2", "ln_2"),
        ("norm.", v + "ln_post."), ("attn.qkv.", "attn.in_proj_"),
        ("attn.proj", "attn.out_proj"), ("fc1", "c_fc"), ("fc2", "c_proj"),
        ("blocks.", v + "transformer.resblocks."))


def check_transformers():
    """ViT, CLIP, SigLIP and DINOv3 under other names than timm's and Meta's."""
    sd = transformer()
    check_sorted("Hugging Face's ViT", hugging_face_vit(sd),
                  "vit_small_patch16_224", sd)
    check_sorted("Hugging Face's DeiT", replaced(
        hugging_face_vit(sd), ("vit.", "deit.")), "deit_small_patch16_224", sd)
    sd = clip()
    check_sorted("Hugging Face's CLIP", {
        **hugging_face_clip(sd), "vision_model.embeddings.position_ids": torch.ones(1),
        "visual_projection.weight": torch.ones(1)}, "vit_base_patch16_clip_224", sd)
    check_sorted("open_clip", {**open_clip(sd), "visual.proj": torch.ones(1)},
                  "vit_base_patch16_clip_224", sd)
    half = {k: v.half() for k, v in sd.items()}
    archive({**open_clip(half), "visual.proj": torch.ones(1)}, "openai.pt")
    compare_sorted("OpenAI's archives", convert("openai.pt", "--any-size",
                   "--backbone", "vit_base_patch16_clip_224"), half)
    sd = clip(pre=False, pool=True)
    check_sorted("Hugging Face's SigLIP", hugging_face_clip(sd),
                  "vit_base_patch16_siglip_224", sd)
    check_sorted("open_clip's SigLIP", {
        "visual.trunk." + k: v for k, v in sd.items()},
                  "vit_base_patch16_siglip_224", sd)
    for backbone, gated in ("dinov3_vits16", False), ("dinov3_vits16plus", True):
        sd = dinov2(registers=4)
        del sd["pos_embed"]
        sd = replaced(sd, ("register_tokens", "storage_tokens"))
        if gated:
            for k in [k for k in sd if "mlp.fc1" in k]:
                sd[k.replace("fc1", "w2")] = sd[k] + 1
            sd = replaced(sd, ("fc1", "w1"), ("fc2", "w3"))
        for k in sd:
            if k.endswith("qkv.bias"):
                sd[k][6:12] = 0
        mlp = [("w1", "gate_proj"), ("w2", "up_proj"), ("w3", "down_proj"),
               ("fc1", "up_proj"), ("fc2", "down_proj")]
        other = replaced(
            split(sd, "attention.q_proj", "attention.k_proj", "attention.v_proj"),
            ("cls_token", "embeddings.cls_token"),
            ("mask_token", "embeddings.mask_token"),
            ("storage_tokens", "embeddings.register_tokens"),
            ("patch_embed.proj", "embeddings.patch_embeddings"),
            ("blocks.", "layer."), ("attn.proj", "attention.o_proj"),
            ("ls1.gamma", "layer_scale1.lambda1"),
            ("ls2.gamma", "layer_scale2.lambda1"), *mlp)
        for k in [k for k in other if k.endswith("k_proj.bias")]:
            del other[k]
        check_sorted("Hugging Face's " + backbone, other, backbone, sd)
        del sd["mask_token"]
        other = replaced(
            sd, ("storage_tokens", "reg_token"), ("ls1.gamma", "gamma_1"),
            ("ls2.gamma", "gamma_2"), ("mlp.w1", "mlp.fc1_g"),
            ("mlp.w2", "mlp.fc1_x"), ("mlp.w3", "mlp.fc2"))
        biases = [k[:-len("qkv.bias")] for k in other if "qkv.bias" in k]
        for k in biases:
            other[k + "q_bias"], _, other[k + "v_bias"] = \
                other.pop(k + "qkv.bias").chunk(3)
        check_sorted(f"timm's {backbone} with biases", other, backbone, sd)
        for k in biases:
            del other[k + "q_bias"], other[k + "v_bias"]
            sd[k + "qkv.bias"] = torch.zeros_like(sd[k + "qkv.bias"])
        check_sorted("timm's " + backbone, other, backbone, sd)


def meta_convnext():
    """The state dict of facebookresearch/ConvNeXt, small, and torchvision's."""
    dims, depths = (2, 3, 4, 5), (1, 2, 1, 1)
    convnext = torchvision.models.convnext
    net = convnext.ConvNeXt([convnext.CNBlockConfig(dim, after, depth) for
                             dim, after, depth
                             in zip(dims, (*dims[1:], None), depths)])
    sd = collections.OrderedDict(
        (k, torch.randn_like(v)) for k, v in net.state_dict().items())
    layers = {"classifier.0": "norm", "classifier.2": "head"}
    for i, depth in enumerate(depths):
        layers[f"features.{2 * i}"] = f"downsample_layers.{i}"
        for j in range(depth):
            block = f"features.{2 * i + 1}.{j}."
            new = f"stages.{i}.{j}."
            layers.update({
                block + "layer_scale": new + "gamma",
                block + "block.0": new + "dwconv", block + "block.2": new + "norm",
                block + "block.3": new + "pwconv1",
                block + "block.5": new + "pwconv2"})
    meta = collections.OrderedDict(
        (k, v.flatten() if "gamma" in k else v)
        for k, v in replaced(sd, *layers.items()).items())
    return meta, sd


def timm_convnext(sd):
    """timm's names, after checkpoint_filter_fn of its convnext, from Meta's."""
    out = replaced(sd, ("downsample_layers.0", "stem"), ("dwconv", "conv_dw"),
                   ("pwconv1", "mlp.fc1"), ("pwconv2", "mlp.fc2"),
                   ("head", "head.fc"))
    for i in range(4):
        out = replaced(out, (f"downsample_layers.{i}", f"stages.{i}.downsample"),
                       *((f"stages.{i}.{j}.", f"stages.{i}.blocks.{j}.")
                         for j in range(2)))
    return collections.OrderedDict(
        ("head." + k if k.startswith("norm.") else k, v)
        for k, v in out.items())


def hugging_face_convnext(sd):
    """transformers' convert_convnext_to_pytorch.py, from Meta's."""
    out = replaced(
        sd, ("downsample_layers.0.0", "embeddings.patch_embeddings"),
        ("downsample_layers.0.1", "embeddings.layernorm"),
        ("norm.", "layernorm."), ("layerlayer", "layer"),
        ("gamma", "layer_scale_parameter"), ("head", "classifier"))
    for i in range(4):
        stage = f"encoder.STAGES.{i}."
        out = replaced(out, (f"downsample_layers.{i}", stage + "downsampling_layer"),
                       (f"stages.{i}.", stage + "layers."))
    return collections.OrderedDict(
        (k if k.startswith("classifier") else "convnext." + k, v)
        for k, v in replaced(out, ("STAGES", "stages")).items())


def check_convnext():
    meta, sd = meta_convnext()
    for what, value in (
            ("Meta", {"model": meta}), ("timm", timm_convnext(meta)),
            ("Hugging Face", hugging_face_convnext(meta)),
            ("torchvision", sd)):
        check_sorted(what + "'s ConvNeXt", value, "convnext_tiny", sd)
    dinov3 = collections.OrderedDict(
        (k, v) for k, v in meta.items() if not k.startswith("head."))
    check_sorted("timm's DINOv3 ConvNeXt", timm_convnext(dinov3),
                 "dinov3_convnext_tiny", dinov3)
    other = replaced(
        dinov3, ("dwconv", "depthwise_conv"), ("norm.", "layer_norm."),
        ("pwconv", "pointwise_conv"))
    other = collections.OrderedDict(
        (re.sub(r"^downsample_layers\.(\d)", r"stages.\1.downsample_layers",
                re.sub(r"^stages\.(\d)", r"stages.\1.layers", k)), v)
        for k, v in other.items())
    check_sorted("Hugging Face's DINOv3 ConvNeXt", other,
                 "dinov3_convnext_tiny", dinov3)
def hugging_face_swin(sd):
    """transformers' convert_swin_timm_to_pytorch.py, of torchvision's names."""
    e = "swin.encoder.layers."
    out = replaced(
        split(sd, "attention.self.query", "attention.self.key",
              "attention.self.value"),
        ("attn.proj", "attention.output.dense"), ("attn.", "attention.self."),
        ("norm1", "layernorm_before"), ("norm2", "layernorm_after"),
        ("mlp.0", "intermediate.dense"), ("mlp.3", "output.dense"),
        ("head.", "classifier."),
        ("features.0.0", "swin.embeddings.patch_embeddings.projection"),
        ("features.0.2", "swin.embeddings.norm"),
        *[(f"features.{2 * i + 1}.", f"{e}{i}.blocks.") for i in range(4)],
        *[(f"features.{2 * i + 2}.", f"{e}{i}.downsample.") for i in range(3)])
    return collections.OrderedDict(
        (("swin.layernorm." + k[5:]) if k.startswith("norm.") else k, x)
        for k, x in out.items())


def microsoft_swin(sd, later):
    """Stages that end with the merging of patches or, LATER, begin with it, as
    timm's do since version 0.9."""
    return replaced(
        sd, ("features.0.0", "patch_embed.proj"), ("features.0.2", "patch_embed.norm"),
        *[(f"features.{2 * i + 1}.", f"layers.{i}.blocks.") for i in range(4)],
        *[(f"features.{2 * i + 2}.", f"layers.{i + later}.downsample.")
          for i in range(3)], ("mlp.0", "mlp.fc1"), ("mlp.3", "mlp.fc2"))


def check_swin():
    sd = torchvision.models.swin_transformer.SwinTransformer(
        [4, 4], 4, [1, 2, 1, 1], [1, 1, 2, 2], [2, 2], num_classes=3
    ).state_dict()
    check_sorted("Hugging Face's Swin", hugging_face_swin(sd), "swin_t", sd)
    check_sorted("Microsoft's Swin", {"model": microsoft_swin(sd, 0)}, "swin_t", sd)
    check_sorted("timm's Swin", replaced(
        microsoft_swin(sd, 1), ("head.", "head.fc.")), "swin_t", sd)


def check_medical():
    """Medical models: the rules of their networks, and what is theirs."""
    sd = dinov2()
    check_renamed("rad-dino", hugging_face(sd), "rad-dino", sd)
    check_renamed("phikon-v2", hugging_face(sd), "phikon-v2", sd)
    check_renamed("DinoBloom", {"teacher": {
        **{"backbone." + k.replace("blocks.", "blocks.0."): v
           for k, v in sd.items()},
        "dino_head.mlp.0.weight": torch.ones(2)}}, "dinobloom-s", sd)
    giant = dinov2(giant=True)
    check_renamed("DinoBloom g", {"teacher": {
        "backbone." + k: v for k, v in giant.items()}}, "dinobloom-g", giant)
    sd = transformer()
    check_sorted("UNI", sd, "uni", sd)
    check_sorted("phikon", hugging_face_vit(sd), "phikon", sd)
    check_sorted("BiomedCLIP", {
        **{"visual.trunk." + k: v for k, v in sd.items()},
        "visual.head.proj.weight": torch.ones(1)}, "biomedclip", sd)
    check_sorted("RETFound", {"model": sd}, "retfound_mae_naturecfp", {
        **sd, "fc_norm.weight": torch.ones(6), "fc_norm.bias": torch.zeros(6)})
    tuned = {k.replace("norm.", "fc_norm.") if k.startswith("norm.") else k: v
             for k, v in sd.items()}
    check_sorted("RETFound, tuned", tuned, "retfound_mae_natureoct", tuned)
    sd = clip()
    check_sorted("PLIP", hugging_face_clip(sd), "plip", sd)
    sd = clip(pre=False, pool=True)
    check_sorted("MedSigLIP", hugging_face_clip(sd), "medsiglip-448", sd)

    # timm's ViTs with registers: with no position for them and the class
    # token, and with one for each.
    sd = dinov2(registers=4, giant=True)
    del sd["mask_token"]
    other = replaced(sd, ("register_tokens", "reg_token"), ("w12", "fc1"),
                     ("w3", "fc2"))
    with_class = {**sd, "pos_embed": torch.cat(
        [torch.zeros(1, 1, 6), sd["pos_embed"][:, 1:]], 1)}
    check_sorted("UNI2-h", {**other, "pos_embed": sd["pos_embed"][:, 1:]},
                 "uni2-h", with_class)
    for kind in torch.float32, torch.float16:
        registers = torch.randn(1, 4, 6)
        position = torch.cat([sd["pos_embed"][:, :1], registers,
                              sd["pos_embed"][:, 1:]], 1).to(kind)
        tokens = other["reg_token"].to(kind)
        check_sorted("Virchow2", {**other, "pos_embed": position,
                                  "reg_token": tokens}, "virchow2", {
            **sd, "register_tokens": tokens.float()
            + position[:, 1:5].float(), "pos_embed": torch.cat(
                [position[:, :1], position[:, 5:]], 1).float()})

    net = torchvision.models.resnet50(weights=None)
    body = torch.nn.Sequential(*list(net.children())[:9])
    check_sorted("RadImageNet", {"backbone." + k: v
                                 for k, v in body.state_dict().items()},
                 "radimagenet-resnet50",
                 {k: v for k, v in net.state_dict().items()
                  if not k.startswith("fc.")})
    sd = torchvision.models.densenet121(weights=None).features.state_dict()
    check_sorted("RadImageNet's DenseNet",
                 {"backbone.0." + k: v for k, v in sd.items()},
                 "radimagenet-densenet121",
                 {"features." + k: v for k, v in sd.items()})
    sd = {"features." + k: v for k, v in sd.items()}
    one = torch.randn(64, 1, 7, 7)
    check_sorted("TorchXRayVision", {**sd, "features.conv0.weight": one},
                 "torchxrayvision-densenet121",
                 {**sd, "features.conv0.weight": (one / 3).repeat(1, 3, 1, 1)})


def compare_sorted(what, found, reference):
    """compare, where the order of the arrays may change."""
    if not isinstance(found, str):
        found = dict(sorted(found.items()))
    compare(what, found, dict(sorted(flatten(reference).items())))


def check_sorted(what, value, backbone, reference):
    """check_renamed, where the order of the arrays may change."""
    torch.save(value, "names.pth")
    found = convert("names.pth", "--any-size", "--backbone", backbone)
    compare_sorted(what, found, reference)


def archive(sd, path):
    """Save a TorchScript module whose state dict is SD."""
    root = torch.nn.Module()
    for name, value in sd.items():
        *folders, leaf = name.split(".")
        at = root
        for folder in folders:
            if folder not in at._modules:
                at.add_module(folder, torch.nn.Module())
            at = at._modules[folder]
        at.register_buffer(leaf, value)
    torch.jit.script(root).save(path)


def check_renamed(what, value, backbone, reference):
    torch.save(value, "names.pth")
    found = convert("names.pth", "--any-size", "--backbone", backbone)
    compare(what, found, flatten(reference))


def check_names():
    torch.manual_seed(1)
    check_transformers()
    check_convnext()

    check_medical()
    check_swin()
    for backbone, sd in [("dinov2_vits14", dinov2()),
                         ("dinov2_vits14_reg", dinov2(registers=4)),
                         ("dinov2_vitg14", dinov2(giant=True))]:
        check_renamed(backbone, sd, backbone, sd)
        other = hugging_face(sd)
        check_renamed("Hugging Face " + backbone, other, backbone, sd)
        other = collections.OrderedDict(
            ("dinov2." + k, v) for k, v in other.items())
        other["classifier.weight"] = torch.ones(2)
        check_renamed("Hugging Face's classifier", other, backbone, sd)
        same = collections.OrderedDict(sd)
        del same["mask_token"]
        if "register_tokens" in same:
            position = same["pos_embed"].clone()
            same["cls_token"] = same["cls_token"] + position[:, :1]
            position[:, 0] = 0
            same["pos_embed"] = position
        check_renamed("timm " + backbone, timm(sd), backbone, same)
    sd = dinov2()
    other = collections.OrderedDict()
    for k, v in sd.items():
        k = k.replace("blocks.0.", "blocks.0.0.").replace(
            "blocks.1.", "blocks.1.1.")
        other["backbone." + k] = v
    other["dino_head.mlp.0.weight"] = torch.ones(2)
    other["ibot_head.last_layer.weight"] = torch.ones(2)
    check_renamed("DINOv2's teacher", {"teacher": other, "iteration": 1},
                  "dinov2_vits14", sd)
    check_renamed("a head", {"weight": torch.ones(3, 2),
                             "bias": torch.ones(3)}, "dinov2_vits14",
                  {"linear_head.weight": torch.ones(3, 2),
                   "linear_head.bias": torch.ones(3)})
    sd = torchvision.models.densenet121(weights=None).state_dict()
    old = collections.OrderedDict()
    for k, v in sd.items():
        if "denselayer" in k:
            for i in "12":
                k = k.replace("norm" + i, "norm." + i)
                k = k.replace("conv" + i, "conv." + i)
        old[k] = v
    check_renamed("old DenseNet", old, "densenet121", sd)
    net = torchvision.models.densenet121(weights=None)
    body = torch.nn.Sequential(*list(net.children())[:-1])
    check_renamed("DenseNet in a Sequential", collections.OrderedDict(
        ("backbone." + k, v) for k, v in body.state_dict().items()),
        "densenet121", collections.OrderedDict(
            ("features." + k, v) for k, v in net.features.state_dict()
            .items()))
    net = torchvision.models.resnet18(weights=None)
    body = torch.nn.Sequential(*list(net.children())[:-1])
    sd = collections.OrderedDict(
        (k, v) for k, v in net.state_dict().items() if k[:3] != "fc.")
    check_renamed("ResNet in a Sequential", body.state_dict(), "resnet18", sd)
    for prefix in "module.", "model.", "module.backbone.", "_orig_mod.":
        check_renamed(prefix, collections.OrderedDict(
            (prefix + k, v) for k, v in sd.items()), "resnet18", sd)
    sd = hugging_face(dinov2())
    del sd["encoder.layer.1.attention.attention.key.bias"]
    torch.save(sd, "names.pth")
    found = convert("names.pth", "--any-size", "--backbone", "dinov2_vits14")
    if "blocks.1.attn: no query, key and value of one shape" not in found:
        fault("a missing key:", found)
    torch.save({"module.a": torch.ones(1), "a": torch.ones(1)}, "names.pth")
    found = convert("names.pth", "--any-size", "--backbone", "resnet18")
    if "would both be \"a\"" not in found:
        fault("names that collide:", found)


def table(*command):
    """The table that COMMAND prints, as a list of dictionaries."""
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=True) \
        .stdout.decode().splitlines()
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"))) for line in lines[1:]]


def check_registry():
    """How torchvision's own weights are to be preprocessed, and their files.

    Each network's default file is the first that torchvision has published.
    """
    global done
    files = collections.defaultdict(list)
    for row in table("mc-weights", "list"):
        files[row["backbone"]].append(row["url"])
    for row in table("mc-embed", "--list"):
        package, _, name = row["reference"].rpartition(".")
        if package != "torchvision.models" or name != row["backbone"]:
            continue
        published = list(torchvision.models.get_model_weights(name))
        urls = [w.url for w in published]
        ours = files[name]
        if ours[:1] != urls[:1] or not set(ours) <= set(urls):
            fault(name, "files:", ours, "torchvision's:", urls)
        preset = published[0].transforms()
        found = [row[k] for k in ("resize", "crop", "filter", "mean", "std")]
        wanted = [str(preset.resize_size[0]), str(preset.crop_size[0]),
                  preset.interpolation.value] + [
            ",".join(map(str, x)) for x in (preset.mean, preset.std)]
        if found != wanted:
            fault(name, "preprocessing:", found, "torchvision's:", wanted)
        done += 1


def check_folder(folder):
    for where, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            path = os.path.join(where, name)
            if not name.endswith((".pt", ".pth", ".th", ".safetensors")):
                continue
            if name.endswith(".safetensors"):
                compare(path, convert(path), parse(open(path, "rb").read()))
                continue
            try:
                value = torch.load(path, map_location="cpu",
                                   weights_only=False)
            except Exception:
                refuse(path, path, "")
                continue
            compare(path, convert(path), wanted(value))


{"saved": check_saved, "hostile": check_hostile, "refused": check_refused,
 "names": check_names, "registry": check_registry,
 "folder": check_folder}[sys.argv[1]](*sys.argv[2:])
print(f"{done} files")
sys.exit(1 if faults or done == 0 else 0)
