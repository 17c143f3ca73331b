#!/bin/sh
# bench_checkpoint.sh: P14: what checkpoints cost, beside the program without them and
# saves by hand. See checkpoint/checkpoint.py for what is measured and how.
#
# Environment: MEMOCC, CC, BENCH_RUNS, BENCH_LONG.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
if ! command -v python3 >/dev/null; then
    echo "bench_checkpoint: needs python3"
    exit 125
fi
MEMOCC=${MEMOCC:-$top/build/release/bin/memocc} \
    exec python3 -B "$top/tests/bench/checkpoint/checkpoint.py" "$@"
