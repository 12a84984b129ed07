#include "Attention.cuh"

// Combines the partial results of a row's chunks, in ascending order: a warp a row and 64 outputs, two neighbouring ones a lane.

struct Outputs
{
    int row;
    int block;
    int first;      // of the lane's two outputs, among all heads'
    float low, high;
};

DEVICE bool combine(const AttentionParameters& p, Outputs& y)
{
    int width = p.heads * p.headWidth;
    int blocks = (width + QuantBlock - 1) / QuantBlock;
    int task = blockX() * (blockThreads() / WarpLanes) + warp();
    y.row = task / blocks;
    if (y.row >= p.rows || p.positions[y.row] < 0)
        return false;
    y.block = task % blocks;
    y.first = y.block * QuantBlock + lane() * 2;
    y.low = 0.0f;
    y.high = 0.0f;
    if (y.first >= width)
        return true;
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
    return true;
}

KERNEL THREADS(128) attention_combine_f32(AttentionParameters p)
{
    Outputs y;
    if (!combine(p, y))
        return;
    int width = p.heads * p.headWidth;
    if (y.first < width)
        *(Float2*)(p.mixed + (int64)y.row * width + y.first) = { y.low, y.high };
}

KERNEL THREADS(128) attention_combine_int8(AttentionParameters p)
{
    Outputs y;
    if (!combine(p, y))
        return;
    uint32 largest = largestLane(larger(magnitudeBits(y.low), magnitudeBits(y.high)));
    float scale = int8Scale(largest);
    int64 place = (int64)y.row * ((p.heads * p.headWidth + QuantBlock - 1) / QuantBlock) + y.block;
    *(short*)(p.mixedQ + place * QuantBlock + lane() * 2) = (short)((roundInt8(y.low, scale) & 0xFF) | roundInt8(y.high, scale) << 8);
    if (lane() == 0)
    {
        p.mixedScales[place] = scale;
        if (largest >= InfinityBits)
            report(p.errors, NotFinite);
    }
}

KERNEL THREADS(128) attention_combine_bf16(AttentionParameters p)
{
    Outputs y;
    if (!combine(p, y))
        return;
    int blocks = (p.heads * p.headWidth + QuantBlock - 1) / QuantBlock;
    uint32* mixed = (uint32*)p.mixed;
    mixed[((int64)y.row * blocks * QuantBlock + y.first) / 2] = roundBf16(y.low, y.high);
}
