// AttentionStep.cuh of heads padded to 128 dimensions.
#include "AttentionStep.cuh"

KERNEL THREADS_BLOCKS(512, 1) attention_step_int8_128(AttentionStepParameters p) { attendStep<128>(p); }
