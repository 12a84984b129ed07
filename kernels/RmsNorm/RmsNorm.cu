#include "../ExactMath/Bf16.cuh"
#include "RmsNorm.cuh"

// Parameters of the kernels of this file; RmsNormCuda.cs has the same fields.
struct RmsNormParameters
{
    const float* x;          // [rows of x, width]
    const float* weight;     // [width]
    const int* rowOf;        // row of x for each output row; null: the same
    const int* positions;    // of each row of x; a negative one is skipped; null: none is
    int8* q;                 // [rows, blocks * 64]
    float* scales;           // [rows, blocks]
    float* y;                // [rows, width], of the f32 form; Bf16 [rows, blocks * 64] of the bf16 form
    int* errors;
    float epsilon;
    int width;
    int rows;
    int rowWarps;            // that share a row
};

// A warp's share of a row: each warp sums the row for itself.
struct Row
{
    const float* x;
    float inverse;
    int index;
    int part;                // of rowWarps
};

DEVICE bool findRow(const RmsNormParameters& p, Row& row)
{
    int task = blockX() * (blockThreads() / WarpLanes) + warp();
    row.index = task / p.rowWarps;
    row.part = task % p.rowWarps;
    if (row.index >= p.rows)
        return false;
    int from = p.rowOf ? p.rowOf[row.index] : row.index;
    if (p.positions && p.positions[from] < 0)
        return false;
    row.x = p.x + (int64)from * p.width;
    row.inverse = inverseRootMeanSquare(row.x, p.width, p.epsilon);
    return true;
}

KERNEL THREADS(128) rms_norm_f32(RmsNormParameters p)
{
    Row row;
    if (!findRow(p, row))
        return;
    for (int i = row.part * WarpLanes + lane(); i < p.width; i += p.rowWarps * WarpLanes)
        p.y[(int64)row.index * p.width + i] = row.x[i] * row.inverse * p.weight[i];
}

// Normalises and quantises: two neighbouring values a lane, so that a warp holds a block of 64.
KERNEL THREADS(128) rms_norm_int8(RmsNormParameters p)
{
    Row row;
    if (!findRow(p, row))
        return;
    int blocks = (p.width + QuantBlock - 1) / QuantBlock;
    for (int block = row.part; block < blocks; block += p.rowWarps)
    {
        int i = block * QuantBlock + lane() * 2;
        float low = i < p.width ? row.x[i] * row.inverse * p.weight[i] : 0.0f;
        float high = i + 1 < p.width ? row.x[i + 1] * row.inverse * p.weight[i + 1] : 0.0f;
        uint32 largest = largestLane(larger(magnitudeBits(low), magnitudeBits(high)));
        float scale = int8Scale(largest);
        int64 place = (int64)row.index * blocks + block;
        *(short*)(p.q + place * QuantBlock + lane() * 2) = (short)((roundInt8(low, scale) & 0xFF) | roundInt8(high, scale) << 8);
        if (lane() == 0)
        {
            p.scales[place] = scale;
            if (largest >= InfinityBits)
                report(p.errors, NotFinite);
        }
    }
}

// Normalises and rounds to bf16, with zeros past the width.
KERNEL THREADS(128) rms_norm_bf16(RmsNormParameters p)
{
    Row row;
    if (!findRow(p, row))
        return;
    const float* weight = p.weight;
    int pairs = (p.width + QuantBlock - 1) / QuantBlock * (QuantBlock / 2);
    uint32* y = (uint32*)p.y + (int64)row.index * pairs;
    for (int i = row.part * WarpLanes + lane(); i < pairs; i += p.rowWarps * WarpLanes)
        y[i] = roundBf16(normed(row.x, weight, row.inverse, 2 * i, p.width), normed(row.x, weight, row.inverse, 2 * i + 1, p.width));
}
