// AttentionStep.cuh of heads padded to 64 dimensions.
#include "AttentionStep.cuh"

KERNEL THREADS_BLOCKS(512, 1) attention_step_int8_64(AttentionStepParameters p) { attendStep<64>(p); }
