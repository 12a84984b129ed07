// bf16: the upper half of a float32, in the kernels of the precision bf16, whose results are measured and not exact.
#pragma once

#include "Exact.cuh"

typedef unsigned short Bf16;

// Both rounded to nearest even; the first in the low half, which comes first in memory.
DEVICE uint32 roundBf16(float low, float high)
{
    uint32 pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
}

DEVICE float lowBf16(uint32 pair) { return asFloat((int)(pair << 16)); }
DEVICE float highBf16(uint32 pair) { return asFloat((int)(pair & 0xFFFF0000u)); }
DEVICE float asFloat(Bf16 x) { return asFloat((int)((uint32)x << 16)); }
