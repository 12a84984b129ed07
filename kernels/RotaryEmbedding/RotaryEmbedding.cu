// Finishes q, k and v: qkv [rows, (heads + 2 kvHeads) * headWidth] gets its biases, queries and keys are normalised by head and turned by
// RoPE; keys and values go into the pages, queries stay (f32, bf16) or are quantised to q [rows, heads, headPad] (int8). The reference is
// KeyValueWriter.cs with RotaryTable.cs. One form a precision; RotaryEmbedding.cuh is also the first part of AttentionStep.
#include "RotaryEmbedding.cuh"

KERNEL THREADS(128) rotary_embedding_f32(RotaryEmbeddingParameters p) { startAfterPrevious(); run<FloatForm<float>>(p, AllHeads()); }

KERNEL THREADS(128) rotary_embedding_bf16(RotaryEmbeddingParameters p) { startAfterPrevious(); run<FloatForm<Bf16>>(p, AllHeads()); }

KERNEL THREADS(128) rotary_embedding_int8(RotaryEmbeddingParameters p) { startAfterPrevious(); run<Int8Form>(p, AllHeads()); }
