"""Runs the PyTorch side of the comparison in bench/engine.

Reads commands from stdin ("forward", or "step N" with N rows per micro-batch), runs each and prints its time. The first argument
is a JSON object with the dimensions and the number of threads. torch.ts starts this script.
"""

import json
import sys
import time

import torch
from transformers import BertConfig, BertModel

shape = json.loads(sys.argv[1])
torch.set_num_threads(shape["threads"])
torch.manual_seed(0)
config = BertConfig(
    vocab_size=shape["vocabulary"], hidden_size=shape["hidden"], num_hidden_layers=shape["layers"],
    num_attention_heads=shape["heads"], intermediate_size=shape["intermediate"], hidden_act="gelu",
    hidden_dropout_prob=shape["dropout"], attention_probs_dropout_prob=shape["dropout"],
)
model = BertModel(config, add_pooling_layer=False)
matrices = [p for p in model.parameters() if p.ndim > 1]
vectors = [p for p in model.parameters() if p.ndim == 1]
optimiser = torch.optim.AdamW([dict(params=matrices, weight_decay=0.05), dict(params=vectors, weight_decay=0.0)], lr=5e-5)
batch, length = shape["batch"], shape["length"]
ids = torch.randint(1000, shape["vocabulary"], (batch, length))
mask = torch.ones(batch, length, dtype=torch.long)
target = torch.randn(batch, length, shape["hidden"])


def forward():
    model.eval()
    with torch.inference_mode():
        model(input_ids=ids, attention_mask=mask)


def step(micro):
    model.train()
    optimiser.zero_grad(set_to_none=True)
    for first in range(0, batch, micro):
        rows = slice(first, first + micro)
        hidden = model(input_ids=ids[rows], attention_mask=mask[rows]).last_hidden_state
        ((hidden - target[rows]).square().mean() * micro / batch).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()


print(json.dumps(dict(torch=torch.__version__, parameters=sum(p.numel() for p in model.parameters()))), flush=True)
for line in sys.stdin:
    command, *micro = line.split()
    start, cpu = time.perf_counter(), time.process_time()
    forward() if command == "forward" else step(int(micro[0]))
    print(json.dumps(dict(wall=time.perf_counter() - start, cpu=time.process_time() - cpu)), flush=True)
