"""Writes optim.json: AdamW, clipping and the schedule, computed with PyTorch in float64. Needs torch and transformers."""

import json
from pathlib import Path

import torch
from transformers import get_linear_schedule_with_warmup

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
STEPS, WARMUP, TOTAL, PEAK, DECAY, CLIP = 6, 2, 6, 0.1, 0.05, 1.0

matrix = torch.nn.Parameter(torch.randn(2, 3))
vector = torch.nn.Parameter(torch.randn(3))
groups = [{"params": [matrix], "weight_decay": DECAY}, {"params": [vector], "weight_decay": 0.0}]
optimizer = torch.optim.AdamW(groups, lr=PEAK)
schedule = get_linear_schedule_with_warmup(optimizer, WARMUP, TOTAL)

record = {"warmup": WARMUP, "total": TOTAL, "peak": PEAK, "decay": DECAY, "clip": CLIP, "steps": []}
record["start"] = {"matrix": matrix.flatten().tolist(), "vector": vector.tolist()}
for step in range(STEPS):
    scale = 3.0 if step % 2 == 0 else 0.1  # above the bound and below it
    matrix.grad, vector.grad = torch.randn(2, 3) * scale, torch.randn(3) * scale
    gradients = {"matrix": matrix.grad.flatten().tolist(), "vector": vector.grad.tolist()}
    norm = torch.nn.utils.clip_grad_norm_([matrix, vector], CLIP).item()
    rate = schedule.get_last_lr()[0]
    optimizer.step()
    schedule.step()
    after = {"matrix": matrix.flatten().tolist(), "vector": vector.tolist()}
    record["steps"].append({"gradients": gradients, "norm": norm, "rate": rate, "after": after})

Path(__file__).with_suffix(".json").write_text(json.dumps(record) + "\n")
