// AttentionOwn.cuh of heads padded to 64 dimensions.
#include "AttentionOwn.cuh"

KERNEL THREADS(128) attention_own_int8_64(AttentionParameters p) { startAfterPrevious(); attendOwnInt8<64>(p); }
