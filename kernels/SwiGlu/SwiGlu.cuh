// The gated activation of kernels/SwiGlu/SwiGluCpu.cs, and its quantisation, for all kernels that end in it.
#pragma once

#include "../ExactMath/Exact.cuh"

DEVICE float gated(float gate, float up) { return exactSilu(gate) * up; }

// A warp quantises the block of 64 activations at `place` of [rows, blocks]: activations 2 l and 2 l + 1 are in lane l.
DEVICE void quantizeBlock(float low, float high, int8* q, float* scales, int64 place, int* errors)
{
    uint32 largest = largestLane(larger(magnitudeBits(low), magnitudeBits(high)));
    float scale = int8Scale(largest);
    *(short*)(q + place * QuantBlock + lane() * 2) = (short)((roundInt8(low, scale) & 0xFF) | roundInt8(high, scale) << 8);
    if (lane() != 0)
        return;
    scales[place] = scale;
    if (largest >= InfinityBits)
        report(errors, NotFinite);
}
