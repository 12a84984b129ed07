// Combines the partial results of a row's chunks, in ascending order: a warp a row and 64 outputs, two neighbouring ones a lane.
#pragma once
#include "Attention.cuh"

struct Outputs
{
    int row;
    int block;
    int first;      // of the lane's two outputs, among all heads'
    float low, high;
};

DEVICE int outputBlocks(const AttentionParameters& p) { return (p.heads * p.headWidth + QuantBlock - 1) / QuantBlock; }

DEVICE Outputs combine(const AttentionParameters& p, int row, int block)
{
    int width = p.heads * p.headWidth;
    Outputs y = { row, block, block * QuantBlock + lane() * 2, 0.0f, 0.0f };
    if (y.first >= width)
        return y;
    int head = y.first / p.headWidth;
    int chunks = p.positions[y.row] / Chunk + 1, stride = p.headPad + 2;
    const float* partial = partialOf(p, y.row, head, 0);
    const float* softmax = partial + p.headPad;
    const float* output = partial + y.first % p.headWidth;
    float max = softmax[0];
    const float* next = softmax + stride;
    for (int chunk = 1; chunk < chunks; chunk++, next += stride)
        max = larger(max, *next);
    float total = 0.0f;
    for (int chunk = 0; chunk < chunks; chunk++, softmax += stride, output += stride)
    {
        Float2 s = *(const Float2*)softmax;
        Float2 o = *(const Float2*)output;
        float weight = exactExp(s.x - max);
        total = fma(weight, s.y, total);
        y.low = fma(weight, o.x, y.low);
        y.high = fma(weight, o.y, y.high);
    }
    float inverse = 1.0f / total;
    y.low = y.low * inverse;
    y.high = y.high * inverse;
    return y;
}

DEVICE void quantise(const AttentionParameters& p, const Outputs& y)
{
    uint32 largest = largestLane(larger(magnitudeBits(y.low), magnitudeBits(y.high)));
    float scale = int8Scale(largest);
    int64 place = (int64)y.row * outputBlocks(p) + y.block;
    *(short*)(p.mixedQ + place * QuantBlock + lane() * 2) = (short)((roundInt8(y.low, scale) & 0xFF) | roundInt8(y.high, scale) << 8);
    if (lane() == 0)
    {
        p.mixedScales[place] = scale;
        if (largest >= InfinityBits)
            report(p.errors, NotFinite);
    }
}
