// Combines the partial results of a row's chunks, in ascending order: a warp a row and 64 outputs, two neighbouring ones a lane.
#pragma once
#include "Attention.cuh"

constexpr int ChunksAtOnce = 8;     // whose loads are under way together

// Keeps the compiler from moving the loads to where their values are used, behind a branch.
DEVICE void loadedHere(float& a, float& b, float& c, float& d) { asm volatile("" : "+f"(a), "+f"(b), "+f"(c), "+f"(d)); }

struct Outputs
{
    int row;
    int block;
    int first;      // the first of the lane's two outputs, among all heads'
    float low, high;
};

DEVICE int outputBlocks(const AttentionParameters& p) { return (p.heads * p.headWidth + QuantBlock - 1) / QuantBlock; }

// Partial results of chunks from `first` on; past the last one, the last one's.
struct Partials
{
    Float2 softmax[ChunksAtOnce];     // largest score, sum
    Float2 output[ChunksAtOnce];

    DEVICE_MEMBER void load(const float* partial, int pad, int place, int first, int chunks)
    {
        UNROLL for (int i = 0; i < ChunksAtOnce; i++)
        {
            const float* from = partial + smaller(first + i, chunks - 1) * (pad + 2);
            softmax[i] = *(const Float2*)(from + pad);
            output[i] = *(const Float2*)(from + place);
        }
        UNROLL for (int i = 0; i < ChunksAtOnce; i++)
            loadedHere(softmax[i].x, softmax[i].y, output[i].x, output[i].y);
    }
};

DEVICE Outputs combine(const AttentionParameters& p, int row, int block, int chunks)
{
    Outputs y = { row, block, block * QuantBlock + lane() * 2, 0.0f, 0.0f };
    if (y.first >= p.heads * p.headWidth)
        return y;
    int pad = p.headPad, place = y.first % p.headWidth;
    const float* partial = partialOf(p, y.row, y.first / p.headWidth, 0);
    Partials held;
    held.load(partial, pad, place, 0, chunks);
    float max = held.softmax[0].x;
    UNROLL for (int i = 1; i < ChunksAtOnce; i++)
        max = larger(max, held.softmax[i].x);
    for (int chunk = ChunksAtOnce; chunk < chunks; chunk += ChunksAtOnce)
    {
        float next[ChunksAtOnce];
        UNROLL for (int i = 0; i < ChunksAtOnce; i++)
            next[i] = partial[smaller(chunk + i, chunks - 1) * (pad + 2) + pad];
        UNROLL for (int i = 0; i < ChunksAtOnce; i++)
            max = larger(max, next[i]);
    }
    float total = 0.0f;
    for (int chunk = 0; chunk < chunks; chunk += ChunksAtOnce)
    {
        if (chunk > 0)
            held.load(partial, pad, place, chunk, chunks);
        UNROLL for (int i = 0; i < ChunksAtOnce; i++)
        {
            if (chunk + i < chunks)
            {
                float weight = exactExp(held.softmax[i].x - max);
                total = fma(weight, held.softmax[i].y, total);
                y.low = fma(weight, held.output[i].x, y.low);
                y.high = fma(weight, held.output[i].y, y.high);
            }
        }
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
