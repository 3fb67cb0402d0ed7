# Boosted trees over the signals of candidate pairs, beside the additive model of the learned benchmark.
# Usage: python trees.py grow|score DIRECTORY MODEL SIGNALS NAMED; grow prints one line of JSON, score writes scores.i32.
# NAMED: places of the signals whose values are kinds without an order, with commas between.

import json
import os
import sys
import time

import lightgbm as lgb
import numpy as np

verb, directory, model, signals, named = sys.argv[1:]
MISSING = -2147483648
ROUNDS_MAX = 2000
HELD_OUT = 0.2


def of(name, kind):
    return np.fromfile(os.path.join(directory, name), dtype=kind)


values = of("signals.i32", np.int32).reshape(-1, int(signals)).astype(np.float32)
values[values == MISSING] = np.nan
if verb == "score":
    odds = lgb.Booster(model_file=model).predict(values, raw_score=True)
    np.rint(odds * 1000).astype(np.int32).tofile(os.path.join(directory, "scores.i32"))
else:
    began = time.perf_counter()
    use = of("use.i32", np.int32)
    same = of("same.u8", np.uint8)
    held = np.random.default_rng(1).random(len(use)) < HELD_OUT
    kinds = [int(one) for one in named.split(",")]

    def data(rows):
        return lgb.Dataset(values[rows], same[rows], categorical_feature=kinds, free_raw_data=False)

    settings = {
        "objective": "binary",
        "learning_rate": 0.03,
        "num_leaves": 31,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5,
        "seed": 1,
        "deterministic": True,
        "verbose": -1,
    }
    grown = lgb.train(
        settings,
        data(use[~held]),
        ROUNDS_MAX,
        valid_sets=[data(use[held])],
        callbacks=[lgb.early_stopping(50, verbose=False)],
    )
    # As many trees as held-out pairs asked for, then over all of them.
    whole = lgb.train(settings, data(use), grown.best_iteration)
    whole.save_model(model)
    print(
        json.dumps(
            {
                "with": f"LightGBM {lgb.__version__}",
                "trees": grown.best_iteration,
                "seconds": time.perf_counter() - began,
            }
        )
    )
