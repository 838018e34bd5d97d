"""Expected values of the text encoder, computed with transformers: token ids, masks and hidden states.

Writes encoder/ (a tiny randomly initialised BERT as a Hugging Face folder, and expected.json with its hidden states in
float64) and, when ../shared/data is there, encoder-minilm.json: for 50 captions of Wiki-MEL's dev split, by id, a hash
of their token ids and eight hidden-state values each; no text.

    python test/reference/encoder.py        (needs torch, transformers, safetensors)
"""

import hashlib
import json
import os
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoTokenizer, BertConfig, BertModel

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("MMEL_SHARED", HERE.parent.parent.parent / "shared" / "data"))
TINY = HERE / "encoder"
CAPTIONS, VALUES = 50, 8

PAIRS = [
    ("Ann", "Ann and Bob Lee, 1900", "Sex: female. Birth: 1880, Rome"),
    ("Bob Lee", "Ann and Bob Lee, 1900", "Sex: male. Birth: 1870. Occupation: actor, film producer."),
    ("Älice", "the actor Ålice?", "Sex: female."),
]
WORDS = "mention context entity sex male female birth occupation actor film producer ann bob lee alice and the rome".split()
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", ".", ",", "?", *WORDS, *"abcdefghijklmnopqrstuvwxyz0123456789"]
VOCABULARY += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"]


def contexts(mention, text):
    """The template of a pair; a part that ends with a full stop gets no second one."""
    return f"Mention: {mention.removesuffix('.')}. Context: {text.removesuffix('.')}."


def entity(text):
    return f"Entity: {text.removesuffix('.')}."


def tiny_tokenizer():
    tokenizer = Tokenizer(models.WordPiece({word: at for at, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(VOCABULARY[:5])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def tiny():
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(VOCABULARY), hidden_size=24, num_hidden_layers=3, num_attention_heads=4, intermediate_size=40,
        max_position_embeddings=64,
    )
    model = BertModel(config, add_pooling_layer=True).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():  # far from the usual start, so that every weight matters
            weight.normal_(1.0 if name.endswith("LayerNorm.weight") else 0.0, 0.4)
    model.save_pretrained(TINY)
    tokenizer = tiny_tokenizer()
    tokenizer.save(str(TINY / "tokenizer.json"))
    encoded = [tokenizer.encode(contexts(mention, text), entity(about)) for mention, text, about in PAIRS]
    expected = {
        "pairs": PAIRS,
        "ids": [each.ids for each in encoded],
        "segments": [each.type_ids for each in encoded],
        "hidden": [hidden_states(model.double(), each)[-1].flatten().tolist() for each in encoded],
        "afterFirstLayer": [hidden_states(model.double(), each)[1].flatten().tolist() for each in encoded],
    }
    rounded = json.loads(json.dumps(expected), parse_float=lambda number: round(float(number), 8))
    (TINY / "expected.json").write_text(json.dumps(rounded) + "\n")


def hidden_states(model, encoded):
    """Hidden states of a single input without padding: [layers + 1][tokens, width]."""
    ids, types = torch.tensor([encoded.ids]), torch.tensor([encoded.type_ids])
    with torch.no_grad():
        return [state[0] for state in model(ids, token_type_ids=types, output_hidden_states=True).hidden_states]


def minilm():
    folder, data = SHARED / "models" / "all-MiniLM-L6-v2", SHARED / "wikimel"
    if not folder.exists():
        return print(f"no {folder}: encoder-minilm.json left as it is")
    captions = json.loads((data / "Wikidata-MEL.json").read_text())
    abstracts = json.loads((data / "qid2abs.json").read_text())
    dev = json.loads((data / "splits.json").read_text())["dev"][:CAPTIONS]
    tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    tokenizer.no_truncation(), tokenizer.no_padding()
    model = BertModel.from_pretrained(folder, attn_implementation="eager").eval().double()
    rows = []
    for caption in (captions[key] for key in dev):
        first, second = contexts(caption["mentions"][0], caption["sentence"]), entity(abstracts[caption["answer"][0]])
        encoded = tokenizer.encode(first, second)
        hidden = hidden_states(model, encoded)[-1]
        spots = [(7919 * (at + 1)) % hidden.numel() for at in range(VALUES)]
        rows.append({
            "id": caption["id"],
            "tokens": len(encoded.ids),
            "hash": hashlib.sha256(" ".join(map(str, encoded.ids)).encode()).hexdigest()[:16],
            "values": [[at, round(hidden.flatten()[at].item(), 8)] for at in spots],
        })
    lines = ",\n".join(json.dumps(row) for row in rows)
    (HERE / "encoder-minilm.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    tiny()
    minilm()
