"""Expected values of the other text encoders, computed with transformers: token ids and hidden states.

Writes encoder-roberta/, encoder-xlm-roberta/ and encoder-distilbert/, each a tiny randomly initialised model as a Hugging
Face folder, and expected.json with its ids and its hidden states in float64.

    python test/reference/encoders.py       (needs torch, transformers, safetensors, and encoder/ for DistilBERT's tokenizer)
"""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    DistilBertConfig, DistilBertModel, RobertaConfig, RobertaForMaskedLM, RobertaModel, XLMRobertaConfig, XLMRobertaModel,
)

from encoder import contexts, entity

HERE = Path(__file__).parent
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]

PAIRS = {
    "roberta": [
        ("Ann", "Ann and Bob Lee, 1900", "Sex: female. Birth: 1880, Rome"),
        ("Álice's", " the actor  Ålice?!", "Sex: female."),
    ],
    "xlm-roberta": [
        ("Ελένη", "Ελένη και Иван, 1900", "Sex: female. Birth: 1880, Афины"),
        ("أحمد", "Ann مع أحمد في روما!", "Occupation: ηθοποιός."),
    ],
    "distilbert": [
        ("Ann", "Ann and Bob Lee, 1900", "Sex: female. Birth: 1880, Rome"),
        ("Älice", "the actor Ålice?", "Sex: female."),
    ],
}


def texts(name):
    return [text for mention, text, about in PAIRS[name] for text in (contexts(mention, text), entity(about))]


def byte_pairs():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts("roberta") * 4, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=120, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(texts("xlm-roberta") * 4, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def word_pieces():
    return Tokenizer.from_file(str(HERE / "encoder" / "tokenizer.json"))


def roberta(config, model):
    def make(size):
        return model(config(
            vocab_size=size, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
            max_position_embeddings=98, type_vocab_size=1, layer_norm_eps=1e-5,
        ))
    return make


def distilbert(size):
    return DistilBertModel(DistilBertConfig(
        vocab_size=size, dim=16, n_layers=2, n_heads=2, hidden_dim=24, max_position_embeddings=96,
    ))


ENCODERS = {
    # saved with a task head, so that weight names have a prefix
    "roberta": (byte_pairs, roberta(RobertaConfig, RobertaForMaskedLM)),
    "xlm-roberta": (unigram, roberta(XLMRobertaConfig, XLMRobertaModel)),
    "distilbert": (word_pieces, distilbert),
}


def write(name):
    tokenizer_of, model_of = ENCODERS[name]
    folder = HERE / f"encoder-{name}"
    tokenizer = tokenizer_of()
    torch.manual_seed(7)
    model = model_of(tokenizer.get_vocab_size()).eval()
    with torch.no_grad():
        for weight_name, weight in model.named_parameters():  # far from the usual start, so that every weight matters
            norm = weight_name.lower().endswith(("layernorm.weight", "layer_norm.weight"))
            weight.normal_(1.0 if norm else 0.0, 0.4)
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    base = getattr(model, "roberta", model).double()
    encoded = [tokenizer.encode(contexts(mention, text), entity(about)) for mention, text, about in PAIRS[name]]
    expected = {
        "pairs": PAIRS[name],
        "ids": [each.ids for each in encoded],
        "hidden": [hidden_states(base, each).flatten().tolist() for each in encoded],
    }
    rounded = json.loads(json.dumps(expected), parse_float=lambda number: round(float(number), 7))
    (folder / "expected.json").write_text(json.dumps(rounded) + "\n")


def hidden_states(model, encoded):
    """Hidden states of a single input without padding: [tokens, width]."""
    with torch.no_grad():
        return model(torch.tensor([encoded.ids])).last_hidden_state[0]


if __name__ == "__main__":
    for each in ENCODERS:
        write(each)
