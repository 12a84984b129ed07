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

// sum + a (16 x 16) * b (16 x 8), with g = lane / 4 and t = lane % 4: a holds columns 2 t, 2 t + 1 of rows g and g + 8, then the same 8
// columns further; b rows 2 t, 2 t + 1 of column g, then 8 further; sum columns 2 t, 2 t + 1 of row g, then of row g + 8.
DEVICE void multiplyBf16(const Int4& a, int b0, int b1, Float4& sum)
{
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum.x), "+f"(sum.y), "+f"(sum.z), "+f"(sum.w) : "r"(a.x), "r"(a.y), "r"(a.z), "r"(a.w), "r"(b0), "r"(b1));
}
