#!/bin/sh
# Proves the CUDA kernels on this machine's GPU, within 8 minutes: see the program's --help. Needs a driver and nothing else.
cd "$(dirname "$0")" || exit 1
# The driver compiles each kernel once and keeps it here, also where the home folder can't be written.
export CUDA_CACHE_PATH="${CUDA_CACHE_PATH:-$PWD/cache}"
exec bin/prove "$@"
