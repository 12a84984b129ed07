// AttentionStep.cuh of heads of any width.
#include "AttentionStep.cuh"

KERNEL THREADS_BLOCKS(512, 1) attention_step_int8(AttentionStepParameters p) { attendStep<0>(p); }
