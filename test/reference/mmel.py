"""The formulas of MMEL (Yang et al., UAI 2023, equations 1 to 11), one pair and one side at a time, in float64 PyTorch.

Nothing is batched or masked: a side is selected by indexing, so padding and the other side cannot matter. Writes, for
every variant on a tiny random model, inputs, weights, both losses and every gradient to mmel/<variant>.safetensors:

    python test/reference/mmel.py [VARIANT…]       (needs torch, transformers, safetensors)
"""

import json
import re
import sys
import zlib
from itertools import count
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn.functional import layer_norm, log_softmax, relu, sigmoid, softmax
from transformers import BertConfig, BertModel

D, HEADS, IMAGE_WIDTH, JOINT_LAYERS, M_LAYERS, MARGIN = 8, 2, 7, 2, 2, 0.01
BERT = BertConfig(
    vocab_size=50, hidden_size=12, num_hidden_layers=1, num_attention_heads=3, intermediate_size=20, hidden_act="gelu",
    max_position_embeddings=24, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager",
)
GROUPS, MENTIONS = 2, 2
CANDIDATES = {"paper": 2, "listwise": 3}

FULL = dict(k=4, fusion="mcm", jointText=True, jointImage=True, pairTraining=True, projectionNorm=True, imageViews=1)
VARIANTS = {
    "MMEL": FULL,
    "MMEL-k1": FULL | dict(k=1),
    "MMEL-M-Encoder": FULL | dict(fusion="m-encoder"),
    "MMEL-onlytext": FULL | dict(fusion="text"),
    "-JL_v": FULL | dict(jointImage=False),
    "-JL_t": FULL | dict(jointText=False),
    "-JL": FULL | dict(jointImage=False, jointText=False),
    "-PT&CR": FULL | dict(pairTraining=False),
    "-PT": FULL | dict(pairTraining=False),
    "-CR": FULL,
    "MMEL-onlytext-JL_t": FULL | dict(fusion="text", jointText=False),
    "MMEL-onlytext-PT&CR": FULL | dict(fusion="text", pairTraining=False),
    "MMEL-onlytext-PT": FULL | dict(fusion="text", pairTraining=False),
    "MMEL-onlytext-CR": FULL | dict(fusion="text"),
    # not variants of the paper, but configurations of this project
    "MMEL-views": FULL | dict(imageViews=2),
    "MMEL-onlytext-plain": FULL | dict(fusion="text", projectionNorm=False),
    "MMEL-onlytext-weights": FULL | dict(fusion="text", lossWeights=dict(matching=2, pair=0.5)),
}


# --- the model: one function per formula; w[name] is a weight ---

def linear(w, name, x):
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def norm(w, name, x):
    return layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w[f"{name}.bias"], 1e-5)


def ffn(w, name, x):
    return linear(w, f"{name}.out", relu(linear(w, f"{name}.in", x)))


def mha(w, name, q, kv):
    """Equation 5 with heads; q [n, d], kv [m, d]."""
    width = D // HEADS
    heads = []
    q, k, v = linear(w, f"{name}.query", q), linear(w, f"{name}.key", kv), linear(w, f"{name}.value", kv)
    for h in range(HEADS):
        part = slice(h * width, (h + 1) * width)
        heads.append(softmax(q[:, part] @ k[:, part].T / width**0.5, -1) @ v[:, part])
    return linear(w, f"{name}.output", torch.cat(heads, -1))


def ab(w, name, q, kv):
    """Equation 6 as printed."""
    a = mha(w, f"{name}.attention", q, kv)
    return a + ffn(w, f"{name}.ffn", norm(w, f"{name}.norm", a))


def project_text(w, row, f):
    """Equation 4."""
    u = relu(linear(w, "text.projection", f))
    return norm(w, "text.norm", u) if row["projectionNorm"] else u


def project_image(w, row, views):
    """Equation 2: each view is a vector or None, and becomes k tokens."""
    tokens = []
    for view in views:
        v = relu(linear(w, "image.projection", w["image.none"] if view is None else view))
        v = norm(w, "image.norm", v) if row["projectionNorm"] else v
        tokens.append(v.reshape(row["k"], D))
    return torch.cat(tokens)


def joint_layers(w, z):
    for i in range(JOINT_LAYERS):
        name = f"joint.{i}"
        z = norm(w, f"{name}.norm1", z + mha(w, f"{name}.attention1", z, z))
        z = norm(w, f"{name}.norm2", z + mha(w, f"{name}.attention2", z, z))
        z = norm(w, f"{name}.norm3", z + ffn(w, f"{name}.ffn", z))
    return z


def join_images(w, row, vc, ve):
    """Equation 3."""
    if not row["jointImage"]:
        return joint_layers(w, vc), joint_layers(w, ve)
    z = joint_layers(w, torch.cat([vc, ve]))
    return z[: len(vc)], z[len(vc) :]


def mcm(w, u, v):
    """Equations 5 to 7."""
    v2 = ab(w, "mcm.imageText", ab(w, "mcm.image", v, v), u)
    u2 = ab(w, "mcm.textImage", ab(w, "mcm.text", u, u), v2)
    return u2.amax(0), v2.amax(0)


def m_encoder(w, u, v):
    for i in range(M_LAYERS):
        name = f"mEncoder.{i}"
        u1 = norm(w, f"{name}.textNorm1", u + mha(w, f"{name}.textAttention", u, u))
        v1 = norm(w, f"{name}.imageNorm1", v + mha(w, f"{name}.imageAttention", v, torch.cat([v, u1])))
        g = softmax(u1 @ v1.T / D**0.5, -1) @ v1
        inner = relu(linear(w, f"{name}.textFfn.in", u1) + g @ w[f"{name}.correlation.weight"].T)
        u = norm(w, f"{name}.textNorm2", u1 + linear(w, f"{name}.textFfn.out", inner))
        v = norm(w, f"{name}.imageNorm2", v1 + ffn(w, f"{name}.imageFfn", v1))
    return u.amax(0), v.amax(0)


def fuse(w, row, u, v):
    """Equations 7 to 9: maps the tokens of one side to h [d]."""
    if row["fusion"] == "text":
        return ab(w, "mcm.text", u, u).amax(0)
    ft, fv = (mcm if row["fusion"] == "mcm" else m_encoder)(w, u, v)
    g = softmax(ffn(w, "gate", torch.cat([ft, fv])), -1)
    return g[0] * ft + g[1] * fv


def similarity(w, a, b):
    return sigmoid(ffn(w, "similarity", torch.cat([a, b])))[0]


def encode(bert, ids, segments):
    return bert(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([segments])).last_hidden_state[0]


def pair(w, bert, row, sample):
    """One mention with one candidate: the two logits of equation 10, and h^e."""
    c, e = sample["context"], sample["entity"]
    if row["jointText"]:
        ids = [1, *c, 2, *e, 2]
        u = project_text(w, row, encode(bert, ids, [0] * (len(c) + 2) + [1] * (len(e) + 1)))
        uc, ue = u[1 : len(c) + 1], u[len(c) + 2 : -1]
    else:
        uc = project_text(w, row, encode(bert, [1, *c, 2], [0] * (len(c) + 2)))[1:-1]
        ue = project_text(w, row, encode(bert, [1, *e, 2], [0] * (len(e) + 2)))[1:-1]
    vc = ve = None
    if row["fusion"] != "text":
        vc, ve = (project_image(w, row, sample[side]) for side in ("contextImages", "entityImages"))
        vc, ve = join_images(w, row, vc, ve)
    hc, he = fuse(w, row, uc, vc), fuse(w, row, ue, ve)
    return linear(w, "match", torch.cat([hc, he])), he


# --- the losses; samples[group][mention][candidate], candidate 0 is the positive ---

def pair_loss(w, positive1, positive2, negatives2):
    """Equation 11, as the mean over the negatives if there are several."""
    together = similarity(w, positive1, positive2)
    return torch.stack([relu(similarity(w, positive1, n) - together + MARGIN) for n in negatives2]).mean()


def total_loss(w, bert, row, kind, groups):
    losses, outputs = [], []
    for group in groups:
        scored = [[pair(w, bert, row, sample) for sample in mention] for mention in group]
        outputs += [output for mention in scored for output in mention]
        if kind == "paper":
            terms = [-log_softmax(z, -1)[1 if j == 0 else 0] for m in scored for j, (z, _) in enumerate(m)]
        else:
            terms = [-log_softmax(torch.stack([z[1] - z[0] for z, _ in m]), 0)[0] for m in scored]
        factors = row.get("lossWeights", dict(matching=1, pair=1))
        loss = factors["matching"] * torch.stack(terms).mean()
        if row["pairTraining"]:
            (p1, *n1), (p2, *n2) = [[h for _, h in mention] for mention in scored]
            loss = loss + factors["pair"] * (pair_loss(w, p1, p2, n2) + pair_loss(w, p2, p1, n1))
        losses.append(loss)
    return torch.stack(losses).mean(), outputs


# --- tiny random model and samples ---

def shapes(row):
    """Name to shape of every weight of the head; linear weights are [out, in] as in PyTorch."""
    out = {}

    def lin(name, i, o):
        out[f"{name}.weight"], out[f"{name}.bias"] = (o, i), (o,)

    def nor(name, width=D):
        out[f"{name}.weight"], out[f"{name}.bias"] = (width,), (width,)

    def att(name):
        for part in ("query", "key", "value", "output"):
            lin(f"{name}.{part}", D, D)

    def feed(name, i=D, inner=2 * D, o=D):
        lin(f"{name}.in", i, inner)
        lin(f"{name}.out", inner, o)

    def block(name):
        att(f"{name}.attention")
        nor(f"{name}.norm")
        feed(f"{name}.ffn")

    lin("text.projection", BERT.hidden_size, D)
    if row["projectionNorm"]:
        nor("text.norm")
    if row["fusion"] != "text":
        lin("image.projection", IMAGE_WIDTH, row["k"] * D)
        if row["projectionNorm"]:
            nor("image.norm", row["k"] * D)
        out["image.none"] = (IMAGE_WIDTH,)
        for i in range(JOINT_LAYERS):
            for part in ("attention1", "attention2"):
                att(f"joint.{i}.{part}")
            for part in ("norm1", "norm2", "norm3"):
                nor(f"joint.{i}.{part}")
            feed(f"joint.{i}.ffn")
        feed("gate", 2 * D, D, 2)
    if row["fusion"] == "mcm":
        for name in ("image", "imageText", "textImage"):
            block(f"mcm.{name}")
    if row["fusion"] in ("mcm", "text"):
        block("mcm.text")
    if row["fusion"] == "m-encoder":
        for i in range(M_LAYERS):
            for part in ("textAttention", "imageAttention"):
                att(f"mEncoder.{i}.{part}")
            for part in ("textNorm1", "textNorm2", "imageNorm1", "imageNorm2"):
                nor(f"mEncoder.{i}.{part}")
            feed(f"mEncoder.{i}.textFfn")
            feed(f"mEncoder.{i}.imageFfn")
            out[f"mEncoder.{i}.correlation.weight"] = (2 * D, D)
    lin("match", 2 * D, 2)
    feed("similarity", 2 * D, D, 1)
    return out


def weights(row):
    w = {}
    for name, shape in shapes(row).items():
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        # large enough that MCM's attention rows differ; the rest small enough that float32 keeps the digits of the gradients
        sharp = re.match(r"mcm\..*\.(query|key)\.weight", name)
        scale = 1.0 if sharp else 0.2 if len(shape) == 1 else 0.3
        value = torch.randn(shape, generator=generator) * scale
        w[name] = ("norm" in name.lower() and name.endswith("weight")) + value
    return {name: value.double().requires_grad_() for name, value in w.items()}


def tiny_bert():
    torch.manual_seed(1)
    bert = BertModel(BERT, add_pooling_layer=False).eval()
    with torch.no_grad():
        for parameter in bert.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    return bert.double()


def samples(row, candidates, generator):
    turn = count()

    def tokens():
        return torch.randint(3, 50, (int(torch.randint(3, 8, (1,), generator=generator)),), generator=generator).tolist()

    def images():
        views = row["imageViews"]
        present = next(turn) % (views + 2)  # none, some, and twice as often all
        vectors = torch.randn(views, IMAGE_WIDTH, generator=generator).double()
        return [vector if at < present else None for at, vector in enumerate(vectors)]

    def mention():
        context, image = tokens(), images()
        return [
            dict(context=context, contextImages=image, entity=tokens(), entityImages=images()) for _ in range(candidates)
        ]

    return [[mention() for _ in range(MENTIONS)] for _ in range(GROUPS)]


def flat(groups):
    return [sample for group in groups for mention in group for sample in mention]


def pack(rows):
    """Lists of token ids as [pairs, longest], padded with -1."""
    longest = max(map(len, rows))
    return torch.tensor([row + [-1] * (longest - len(row)) for row in rows]).float()


def pack_images(rows):
    """[pairs, views, width], NaN where there is no image."""
    none = torch.full((IMAGE_WIDTH,), float("nan")).double()
    return torch.stack([torch.stack([none if v is None else v for v in views]) for views in rows]).float()


def file_name(variant):
    """"-PT&CR" to "PTCR": file names without special characters."""
    return variant.lstrip("-").replace("&", "")


def write(name, row, folder):
    bert, w = tiny_bert(), weights(row)
    encoder = {f"encoder.{n}": p for n, p in bert.named_parameters()}
    tensors = {n: p.detach().float() for n, p in (w | encoder).items()}
    for kind, candidates in CANDIDATES.items():
        for parameter in (w | encoder).values():
            parameter.grad = None
        groups = samples(row, candidates, torch.Generator().manual_seed(20 + candidates))
        loss, outputs = total_loss(w, bert, row, kind, groups)
        loss.backward()
        h = torch.stack([he for _, he in outputs])
        rows = flat(groups)
        tensors |= {
            f"{kind}/context": pack([r["context"] for r in rows]),
            f"{kind}/entity": pack([r["entity"] for r in rows]),
            f"{kind}/contextImages": pack_images([r["contextImages"] for r in rows]),
            f"{kind}/entityImages": pack_images([r["entityImages"] for r in rows]),
            f"{kind}/loss": loss.detach().reshape(1).float(),
            f"{kind}/match": torch.stack([z[1] - z[0] for z, _ in outputs]).detach().float(),
            f"{kind}/features": h.detach().float(),
            f"{kind}/similarities": torch.stack([torch.stack([similarity(w, a, b) for b in h]) for a in h]).detach().float(),
        }
        tensors |= {
            f"{kind}/gradient/{n}": p.grad.float() for n, p in (w | encoder).items() if p.grad is not None
        }
    row = row | dict(name=name, d=D, heads=HEADS, jointLayers=JOINT_LAYERS, mEncoderLayers=M_LAYERS, margin=MARGIN,
                     imageWidth=IMAGE_WIDTH, groups=GROUPS, mentions=MENTIONS)
    metadata = {"row": json.dumps(row), "bert": BERT.to_json_string(use_diff=False)}
    save_file({n: t.contiguous() for n, t in tensors.items()}, folder / f"{file_name(name)}.safetensors", metadata)


if __name__ == "__main__":
    only = sys.argv[1:]  # names of variants; all by default
    target = Path(__file__).parent / "mmel"
    target.mkdir(exist_ok=True)
    for name, row in VARIANTS.items():
        if not only or name in only:
            write(name, row, target)
            print(name)
