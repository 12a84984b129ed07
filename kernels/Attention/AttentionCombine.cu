// Adds the partial results of each row's chunks, in ascending order of chunks, with weights exp(max_chunk - max) / sum. partials [rows,
// heads, maxPages, headPad + 2] -> mixed [rows, heads * headWidth], in float32, in bf16, or quantised to int8 by blocks of 64 outputs. The
// reference is the end of AttentionCpu.cs.
#include "AttentionCombine.cuh"

DEVICE bool findOutputs(const AttentionParameters& p, Outputs& y)
{
    int blocks = outputBlocks(p);
    int task = blockX() * (blockThreads() / WarpLanes) + warp(), row = task / blocks;
    int position = row < p.rows ? p.positions[row] : -1;
    if (position < 0)
        return false;
    y = combine(p, row, task % blocks, position / Chunk + 1);
    return true;
}

KERNEL THREADS(128) attention_combine_f32(AttentionParameters p)
{
    startAfterPrevious();
    Outputs y;
    if (!findOutputs(p, y))
        return;
    int width = p.heads * p.headWidth;
    if (y.first < width)
        *(Float2*)(p.mixed + (int64)y.row * width + y.first) = { y.low, y.high };
}

KERNEL THREADS(128) attention_combine_int8(AttentionParameters p)
{
    startAfterPrevious();
    Outputs y;
    if (findOutputs(p, y))
        quantise(p, y);
}

KERNEL THREADS(128) attention_combine_bf16(AttentionParameters p)
{
    startAfterPrevious();
    Outputs y;
    if (!findOutputs(p, y))
        return;
    uint32* mixed = (uint32*)p.mixed;
    mixed[((int64)y.row * outputBlocks(p) * QuantBlock + y.first) / 2] = roundBf16(y.low, y.high);
}
