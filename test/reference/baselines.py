"""The baselines of the paper's table 2, one pair and one mention at a time, in float64 PyTorch.

Nothing is batched, padded or masked. Writes, for every baseline on a tiny random model, inputs, weights, scores, the loss and every
gradient to baselines/<name>.safetensors, and the encoder's weights, which all share, to baselines/encoder.safetensors:

    python test/reference/baselines.py [NAME…]       (needs torch, transformers, safetensors)
"""

import json
import sys
import zlib
from pathlib import Path

import torch
from mmel import BERT, pack, pack_images, tiny_bert
from safetensors.torch import save_file
from torch.nn.functional import layer_norm, log_softmax, relu, softmax
from torch import sigmoid, tanh

D, HEADS, IMAGE_WIDTH, VIEWS = 8, 2, 7, 3
MARGIN, TEMPERATURE, NAME_TOKENS = 0.25, 0.6, 16
ROWS = [
    "NCEL", "ARNN", "BERT", "BLINK-bi", "BLINK", "GENRE", "GHMFC-onlytext",
    "JMEL", "DZMNED-BERT", "HieCoATT-Alter", "GHMFC", "LXMERT",
]
IMAGES = {"JMEL", "DZMNED-BERT", "HieCoATT-Alter", "GHMFC", "LXMERT"}
BOTH_SIDES = {"JMEL", "LXMERT"}
TEXTS = ("context", "left", "right", "mention", "letters")


class Weights(dict):
    """Weights that come to be when they are first used, random by their name."""

    def __init__(self, bert):
        super().__init__()
        self.bert = bert

    def tensor(self, name, shape, scale, offset=0.0):
        if name not in self:
            generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
            value = offset + scale * torch.randn(shape, generator=generator).double()
            self[name] = value.requires_grad_()
        return self[name]

    def linear(self, name, x, width, bias=True):
        y = x @ self.tensor(f"{name}.weight", (width, x.shape[-1]), 0.4).T
        return y + self.tensor(f"{name}.bias", (width,), 0.2) if bias else y

    def norm(self, name, x):
        width = x.shape[-1:]
        return layer_norm(x, width, self.tensor(f"{name}.weight", width, 0.3, 1.0),
                          self.tensor(f"{name}.bias", width, 0.2), 1e-5)

    def ffn(self, name, x, inner, width):
        return self.linear(f"{name}.out", relu(self.linear(f"{name}.in", x, inner)), width)

    def mha(self, name, q, kv, heads, causal=False):
        width = q.shape[-1] // heads
        query, key, value = (self.linear(f"{name}.{part}", x, q.shape[-1])
                             for part, x in (("query", q), ("key", kv), ("value", kv)))
        out = []
        for h in range(heads):
            part = slice(h * width, (h + 1) * width)
            scores = query[:, part] @ key[:, part].T / width**0.5
            if causal:
                scores = scores.masked_fill(torch.ones_like(scores).triu(1).bool(), float("-inf"))
            out.append(softmax(scores, -1) @ value[:, part])
        return self.linear(f"{name}.output", torch.cat(out, -1), q.shape[-1])


# --- what is read ---

def encode(w, tokens, second=None):
    ids = [1, *tokens, 2] if second is None else [1, *tokens, 2, *second, 2]
    segments = [0] * (len(tokens) + 2) + [1] * (len(ids) - len(tokens) - 2)
    return w.bert(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([segments])).last_hidden_state[0]


def look_up(w, tokens):
    return w.bert.embeddings.word_embeddings.weight[[1, *tokens, 2]]


def images(w, views, side):
    none = w.tensor(f"{side}.image.none", (IMAGE_WIDTH,), 0.5)
    return torch.stack([none if view is None else view for view in views])


def gru(w, name, x):
    """PyTorch's equations; the states and the last of them."""
    h = torch.zeros(D).double()
    states = []
    for given in w.linear(f"{name}.input", x, 3 * D):
        r, z, n = given.split(D)
        hr, hz, hn = w.linear(f"{name}.hidden", h, 3 * D).split(D)
        r, z = sigmoid(r + hr), sigmoid(z + hz)
        h = (1 - z) * tanh(n + r * hn) + z * h
        states.append(h)
    return torch.stack(states), h


# --- fusions: one vector of a side ---

def projected(w, name, x):
    return w.norm(f"{name}.norm", relu(w.linear(f"{name}.projection", x, D)))


def attended(w, name, q, kv):
    return w.norm(f"{name}.norm", q + w.mha(f"{name}.attention", q, kv, HEADS))


def phrases(w, name, x):
    """The largest of convolutions over one, two and three words, which end at each word."""
    out = []
    for size in (1, 2, 3):
        before = [torch.cat([torch.zeros(back, x.shape[1]).double(), x])[: len(x)] for back in range(size)]
        out.append(tanh(w.linear(f"{name}.{size}", torch.cat(before, -1), D)))
    return torch.stack(out).amax(0)


def hierarchy(w, side, text, regions):
    words = projected(w, f"{side}.text", text)
    seen = None if regions is None else projected(w, f"{side}.image", regions)
    t = v = 0
    for name, units in (("word", words), ("phrase", phrases(w, f"{side}.phrases", words))):
        t = t + attended(w, f"{side}.{name}.text", units, units if seen is None else seen).amax(0)
        if seen is not None:
            v = v + attended(w, f"{side}.{name}.image", seen, units).amax(0)
    t = w.norm(f"{side}.textNorm", t)
    if seen is None:
        return w.linear(f"{side}.out", t, D), None, None
    v = w.norm(f"{side}.imageNorm", v)
    g = sigmoid(w.linear(f"{side}.gate", torch.cat([t, v]), D))
    return w.linear(f"{side}.out", g * t + (1 - g) * v, D), t, v


def guided(w, name, x, guide):
    h = w.linear(f"{name}.own", x, D)
    if guide is not None:
        h = h + w.linear(f"{name}.guide", guide, D, bias=False)
    a = softmax(w.linear(f"{name}.weight", tanh(h), 1, bias=False)[:, 0], 0)
    return a @ x


def alternating(w, side, text, regions):
    words, seen = w.linear(f"{side}.text", text, D), w.linear(f"{side}.image", regions, D)
    phrase = phrases(w, f"{side}.phrases", words)
    sentence = attended(w, f"{side}.sentence", phrase, phrase)
    h = None
    for level, units in (("word", words), ("phrase", phrase), ("whole", sentence)):
        name = f"{side}.{level}"
        image = guided(w, f"{name}.image", seen, guided(w, f"{name}.alone", units, None))
        both = guided(w, f"{name}.text", units, image) + image
        h = tanh(w.linear(f"{name}.encode", both if h is None else torch.cat([both, h]), D))
    return w.linear(f"{side}.out", h, D)


def cross_modal(w, side, text, regions):
    t, v = projected(w, f"{side}.text", text), projected(w, f"{side}.image", regions)
    for layer in range(2):
        name = f"{side}.cross.{layer}"
        both = attended(w, f"{name}.both", t, v), attended(w, f"{name}.both", v, t)
        t, v = (w.norm(f"{name}.{m}.norm", y + w.ffn(f"{name}.{m}.ffn", y, 2 * D, D))
                for m, x in zip(("text", "image"), both) for y in [attended(w, f"{name}.{m}.self", x, x)])
    return tanh(w.linear(f"{side}.pooler", t[0], D))


def modalities(w, side, text, letters, regions):
    parts = [
        w.linear(f"{side}.text", text.mean(0), D),
        gru(w, f"{side}.letters", letters)[1],
        w.linear(f"{side}.image", regions.mean(0), D),
    ]
    share = softmax(w.linear(f"{side}.modalities", torch.cat(parts), 3), 0)
    return w.linear(f"{side}.out", sum(a * m for a, m in zip(share, parts)), D)


def fused(w, row, side, text, views):
    if row == "BLINK-bi":
        return text[0]
    if row == "JMEL":
        both = torch.cat([text.mean(0), images(w, views, side).mean(0)])
        return w.linear(f"{side}.joint", relu(w.linear(f"{side}.both", both, D)), D)
    if row == "LXMERT":
        return cross_modal(w, side, text, images(w, views, side))
    return w.linear(f"{side}.out", text.mean(0), D)


def mention_vector(w, row, mention):
    """The vector, and for GHMFC the text and the image before the gate."""
    text, views = encode(w, mention["context"]), mention["images"]
    if row == "GHMFC-onlytext":
        return hierarchy(w, "mention", text, None)
    if row == "GHMFC":
        return hierarchy(w, "mention", text, images(w, views, "mention"))
    if row == "HieCoATT-Alter":
        return alternating(w, "mention", text, images(w, views, "mention")), None, None
    if row == "DZMNED-BERT":
        letters = look_up(w, mention["letters"])
        return modalities(w, "mention", text, letters, images(w, views, "mention")), None, None
    return fused(w, row, "mention", text, views), None, None


def entity_vector(w, row, entity):
    text = encode(w, entity["entity"])
    if row in BOTH_SIDES or row == "BLINK-bi":
        return fused(w, row, "entity", text, entity["images"])
    return w.linear("entity.out", text.mean(0), D)


# --- scores of one mention with each of its candidates ---

def cosine(a, b):
    return (a / (a @ a).sqrt()) @ (b / (b @ b).sqrt())


def window(w, name, states, e):
    a = sigmoid(states @ w.linear(f"{name}Attention", e, D, bias=False))
    return (a / a.sum()) @ states


def arnn(w, mention, entity):
    e = entity_vector(w, "ARNN", entity)
    left = gru(w, "left", encode(w, mention["left"]))[0]
    right = gru(w, "right", encode(w, mention["right"]).flip(0))[0]
    own = w.linear("mention", encode(w, mention["mention"]).mean(0), D)
    parts = torch.cat([window(w, "left", left, e), window(w, "right", right, e), e])
    hidden = w.linear("hidden", parts, D) + w.linear("hiddenMention", own, D, bias=False)
    return w.linear("match", relu(hidden), 2)


def genre(w, mention, entity):
    """The mean log-likelihood of a name's tokens."""
    context, ids = encode(w, mention["context"]), [1, *entity["name"], 2]
    table, width, heads = w.bert.embeddings.word_embeddings.weight, BERT.hidden_size, BERT.num_attention_heads
    places = w.tensor("decoder.positions", (NAME_TOKENS - 1, width), 0.3)
    x = w.norm("decoder.norm", table[ids[:-1]] + places[: len(ids) - 1])
    for layer in range(2):
        name = f"decoder.{layer}"
        x = w.norm(f"{name}.norm1", x + w.mha(f"{name}.self", x, x, heads, causal=True))
        x = w.norm(f"{name}.norm2", x + w.mha(f"{name}.context", x, context, heads))
        x = w.norm(f"{name}.norm3", x + w.ffn(f"{name}.ffn", x, BERT.intermediate_size, width))
    logits = x @ table.T
    return torch.stack([log_softmax(z, -1)[token] for z, token in zip(logits, ids[1:])]).mean()


def ncel(w, mentions):
    """The scores of all candidates of a caption's mentions, which are neighbours of each other."""
    nodes = []
    for mention in mentions:
        q = mention_vector(w, "NCEL", mention)[0]
        es = [entity_vector(w, "NCEL", c) for c in mention["candidates"]]
        nodes.append([(relu(w.linear("node", torch.cat([e, q * e]), D) + w.linear("nodeMention", q, D, bias=False)), e)
                      for e in es])
    scores = []
    for at, own in enumerate(nodes):
        others = [node for other, list_ in enumerate(nodes) if other != at for node in list_]
        for x, e in own:
            moved = w.linear("graph.own", x, D)
            if others:
                edges = [relu(cosine(e, e2)) for _, e2 in others]
                mixed = sum(a * x2 for a, (x2, _) in zip(edges, others)) / (sum(edges) + 1e-6)
                moved = moved + w.linear("graph.others", mixed, D, bias=False)
            scores.append(w.linear("graph.match", x + relu(moved), 1)[0])
    return scores


def scores_of(w, row, group):
    """The score l of every pair of a caption, in order; for ARNN both logits."""
    if row == "NCEL":
        return ncel(w, group)
    out = []
    for mention in group:
        q = None if row in ("ARNN", "BLINK", "GENRE") else mention_vector(w, row, mention)[0]
        for c in mention["candidates"]:
            if row == "ARNN":
                out.append(arnn(w, mention, c))
            elif row == "BLINK":
                out.append(w.linear("match", encode(w, mention["context"], c["entity"])[0], 1)[0])
            elif row == "GENRE":
                out.append(genre(w, mention, c))
            else:
                e = entity_vector(w, row, c)
                out.append(q @ e if row in ("BLINK-bi", "LXMERT") else cosine(q, e))
    return out


# --- losses; candidate 0 is the positive ---

def against(own, others):
    """-log of the share of `own`."""
    return -log_softmax(torch.stack([own, *others]), 0)[0]


def loss_of(w, row, groups, outputs):
    losses, at = [], 0
    flat = [mention for group in groups for mention in group]
    entities = [c for mention in flat for c in mention["candidates"]]
    first = [c["key"] not in [d["key"] for d in entities[:i]] for i, c in enumerate(entities)]
    for index, mention in enumerate(flat):
        own = outputs[at : at + len(mention["candidates"])]
        if row == "ARNN":
            loss = torch.stack([-log_softmax(z, -1)[1 if j == 0 else 0] for j, z in enumerate(own)]).mean()
        elif row in ("NCEL", "BLINK", "LXMERT"):
            loss = against(own[0], own[1:])
        elif row == "GENRE":
            loss = -own[0]
        elif row == "BLINK-bi":
            q, key = mention_vector(w, row, mention)[0], entities[at]["key"]
            others = [q @ entity_vector(w, row, c) for c, new in zip(entities, first) if new and c["key"] != key]
            loss = against(own[0], others)
        else:
            loss = torch.stack([relu(MARGIN - own[0] + negative) for negative in own[1:]]).mean()
        if row == "GHMFC" and any(view is not None for view in mention["images"]):
            t = mention_vector(w, row, mention)[1]
            seen, columns = {mention["caption"]}, []
            for other in flat:
                new = other["caption"] not in [m["caption"] for m in flat[: flat.index(other)]]
                if new and other["caption"] not in seen and any(view is not None for view in other["images"]):
                    columns.append(cosine(t, mention_vector(w, row, other)[2]) / TEMPERATURE)
            loss = loss + against(cosine(t, mention_vector(w, row, mention)[2]) / TEMPERATURE, columns)
        losses.append(loss)
        at += len(mention["candidates"])
    return torch.stack(losses).mean()


# --- tiny samples ---

def samples(sizes, generator):
    groups, mentions, candidates = sizes

    def tokens(least=3, most=7):
        count = int(torch.randint(least, most + 1, (1,), generator=generator))
        return torch.randint(3, BERT.vocab_size, (count,), generator=generator).tolist()

    def views(present):
        vectors = torch.randn(VIEWS, IMAGE_WIDTH, generator=generator).double()
        return [vector if at < present else None for at, vector in enumerate(vectors)]

    turn = 0
    out = []
    for group in range(groups):
        caption = group if group < 2 else 1  # the last captions are one, as in the copies of a micro-batch
        out.append([])
        for _ in range(mentions):
            turn += 1
            mention = {name: tokens(0 if name == "left" else 3) for name in TEXTS}
            mention |= dict(caption=caption, images=views((3, 1, 0, 3, 2, 3)[turn % 6]), candidates=[])
            for c in range(candidates):
                key = (5 * turn + 3 * c) % 7
                mention["candidates"].append(dict(entity=tokens(), name=tokens(2, 5), images=views((c + turn) % 4), key=key))
            out[-1].append(mention)
    return out


def write(row, folder):
    bert = tiny_bert()
    w = Weights(bert)
    sizes = (2, 3, 2) if row == "NCEL" else (3, 2, 2) if row in ("BLINK-bi", "GHMFC") else (2, 2, 3)
    groups = samples(sizes, torch.Generator().manual_seed(30))
    outputs = [score for group in groups for score in scores_of(w, row, group)]
    loss = loss_of(w, row, groups, outputs)
    loss.backward()
    mentions = [mention for group in groups for mention in group]
    entities = [c for mention in mentions for c in mention["candidates"]]
    encoder = {f"encoder.{n}": p for n, p in bert.named_parameters()}
    match = [z[1] - z[0] if row == "ARNN" else z for z in outputs]
    tensors = {n: p.detach().float() for n, p in w.items()}
    tensors |= {f"input/{name}": pack([m[name] for m in mentions]) for name in TEXTS}
    tensors |= {f"input/{name}": pack([c[name] for c in entities]) for name in ("entity", "name")}
    tensors |= {
        "input/contextImages": pack_images([m["images"] for m in mentions]),
        "input/entityImages": pack_images([c["images"] for c in entities]),
        "input/captions": torch.tensor([m["caption"] for m in mentions]).float(),
        "input/keys": torch.tensor([c["key"] for c in entities]).float(),
        "loss": loss.detach().reshape(1).float(),
        "match": torch.stack(match).detach().float(),
    }
    trained = {n: p for n, p in (w | encoder).items() if p.grad is not None}
    tensors |= {f"gradient/{n}": p.grad.float() for n, p in trained.items()}
    metadata = {"row": json.dumps(dict(
        name=row, d=D, heads=HEADS, imageWidth=IMAGE_WIDTH, imageViews=VIEWS,
        groups=sizes[0], mentions=sizes[1], candidates=sizes[2],
    ))}
    save_file({n: t.contiguous() for n, t in tensors.items()}, folder / f"{row}.safetensors", metadata)
    save_file({n: p.detach().float().contiguous() for n, p in encoder.items()}, folder / "encoder.safetensors",
              {"bert": BERT.to_json_string(use_diff=False)})
    print(row, loss.item())


if __name__ == "__main__":
    torch.set_num_threads(1)
    target = Path(__file__).parent / "baselines"
    target.mkdir(exist_ok=True)
    for name in sys.argv[1:] or ROWS:
        write(name, target)
