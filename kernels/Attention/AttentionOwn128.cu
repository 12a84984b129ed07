// AttentionOwn.cuh of heads padded to 128 dimensions.
#include "AttentionOwn.cuh"

KERNEL THREADS(128) attention_own_int8_128(AttentionParameters p) { startAfterPrevious(); attendOwnInt8<128>(p); }
