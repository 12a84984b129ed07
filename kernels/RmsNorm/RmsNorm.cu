// y = x / sqrt(mean(x^2) + epsilon) * weight: x [rows, width] -> y [rows, width] in float32 or bf16, or int8 with a scale a row and block
// of 64. The reference is RmsNormCpu.cs. Forms: f32 and bf16, a warp a row; int8, one, two or four warps a row.
#include "../ExactMath/Bf16.cuh"
#include "RmsNorm.cuh"

// Parameters of the kernels of this file; RmsNormCuda.cs has the same fields.
struct RmsNormParameters
{
    const float* x;          // [rows of x, width]
    const float* weight;     // [width]
    const int* rowOf;        // [rows]: the row of x; null: row i for output i
    const int* positions;    // [rows of x]; a negative one skips its row; null skips none
    int8* q;                 // [rows, blocks * 64]
    float* scales;           // [rows, blocks]
    float* y;                // [rows, width] (f32 form); Bf16 [rows, blocks * 64] (bf16 form)
    int* errors;
    float epsilon;
    int width;
    int rows;
    int warpsPerRow;         // of the int8 form: 1, 2 or 4 share a row's blocks, each after summing all of it
};

// The row of x that an output row is of; -1 where there is none or it is skipped. A number, since through a pointer that might be null the
// compiler would load from any space of memory.
DEVICE int rowOfX(const RmsNormParameters& p, int row)
{
    if (row >= p.rows)
        return -1;
    int from = p.rowOf ? p.rowOf[row] : row;
    return p.positions && p.positions[from] < 0 ? -1 : from;
}

DEVICE const float* elementsOfRow(const RmsNormParameters& p, int row)
{
    const float* x = p.x;
    return x + (int64)row * p.width;
}

KERNEL THREADS(128) rms_norm_f32(RmsNormParameters p)
{
    startAfterPrevious();
    int index = blockX() * (blockThreads() / WarpLanes) + warp(), from = rowOfX(p, index);
    if (from < 0)
        return;
    const float* x = elementsOfRow(p, from);
    float inverse = inverseRootMeanSquare(x, p.width, p.epsilon);
    for (int i = lane(); i < p.width; i += WarpLanes)
        p.y[(int64)index * p.width + i] = x[i] * inverse * p.weight[i];
}

// Told that 8 blocks are enough, ptxas has all loads of a sum under way at once.
KERNEL THREADS_BLOCKS(128, 8) rms_norm_int8(RmsNormParameters p)
{
    startAfterPrevious();
    int place = blockX() * (blockThreads() / WarpLanes) + warp(), index = place / p.warpsPerRow;
    int from = rowOfX(p, index);
    if (from < 0)
        return;
    int64 first = (int64)index * ((p.width + QuantBlock - 1) / QuantBlock);
    quantizeRow<3>(elementsOfRow(p, from), p.weight, p.width, p.epsilon, place % p.warpsPerRow, p.warpsPerRow, p.q + first * QuantBlock,
        p.scales + first, p.errors);
}

// Normalises and rounds to bf16, with zeros past the width.
KERNEL THREADS(128) rms_norm_bf16(RmsNormParameters p)
{
    startAfterPrevious();
    int index = blockX() * (blockThreads() / WarpLanes) + warp(), from = rowOfX(p, index);
    if (from < 0)
        return;
    const float* x = elementsOfRow(p, from);
    float inverse = inverseRootMeanSquare(x, p.width, p.epsilon);
    const float* weight = p.weight;
    int pairs = (p.width + QuantBlock - 1) / QuantBlock * (QuantBlock / 2);
    uint32* y = (uint32*)p.y + (int64)index * pairs;
    for (int i = lane(); i < pairs; i += WarpLanes)
    {
        Float2 pair = normedPair(loadPair(x, 2 * i, p.width), loadPair(weight, 2 * i, p.width), inverse, 2 * i, p.width);
        y[i] = roundBf16(pair.x, pair.y);
    }
}
