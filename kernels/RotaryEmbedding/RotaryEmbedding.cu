#include "RotaryEmbedding.cuh"

KERNEL THREADS(128) rotary_embedding_f32(RotaryEmbeddingParameters p) { run<FloatForm<float>>(p, AllHeads()); }

KERNEL THREADS(128) rotary_embedding_bf16(RotaryEmbeddingParameters p) { run<FloatForm<Bf16>>(p, AllHeads()); }

KERNEL THREADS(128) rotary_embedding_int8(RotaryEmbeddingParameters p) { run<Int8Form>(p, AllHeads()); }
