#include "AttentionCombine.cuh"

DEVICE bool findOutputs(const AttentionParameters& p, int& row, int& block)
{
    int blocks = outputBlocks(p);
    int task = blockX() * (blockThreads() / WarpLanes) + warp();
    row = task / blocks;
    block = task % blocks;
    return row < p.rows && p.positions[row] >= 0;
}

KERNEL THREADS(128) attention_combine_f32(AttentionParameters p)
{
    int row, block;
    if (!findOutputs(p, row, block))
        return;
    Outputs y = combine(p, row, block);
    int width = p.heads * p.headWidth;
    if (y.first < width)
        *(Float2*)(p.mixed + (int64)row * width + y.first) = { y.low, y.high };
}

KERNEL THREADS(128) attention_combine_int8(AttentionParameters p)
{
    int row, block;
    if (findOutputs(p, row, block))
        quantise(p, combine(p, row, block));
}

KERNEL THREADS(128) attention_combine_bf16(AttentionParameters p)
{
    int row, block;
    if (!findOutputs(p, row, block))
        return;
    Outputs y = combine(p, row, block);
    uint32* mixed = (uint32*)p.mixed;
    mixed[((int64)row * outputBlocks(p) * QuantBlock + y.first) / 2] = roundBf16(y.low, y.high);
}
