// y = silu(gate) * up: gateUp [rows, 2 * width] -> y [rows, width] in float32, or int8 with a scale a row and block of 64. The reference is
// SwiGluCpu.cs. These stand alone; the linears that end in the same activation (_swiglu) are faster.
#include "SwiGlu.cuh"

// Parameters of the kernels of this file; SwiGluCuda.cs has the same fields.
struct SwiGluParameters
{
    const float* gateUp;    // [rows, 2 * width]: gate 0, up 0, gate 1, ...
    const int* positions;   // [rows]; a negative one skips its row; null skips none
    float* y;               // [rows, width] (f32 form)
    int8* q;                // [rows, blocks * 64]
    float* scales;          // [rows, blocks]
    int* errors;
    int width;
    int rows;
};

DEVICE float activation(const SwiGluParameters& p, int row, int i)
{
    const float* pair = p.gateUp + ((int64)row * p.width + i) * 2;
    return i < p.width ? gated(pair[0], pair[1]) : 0.0f;
}

DEVICE bool skipped(const SwiGluParameters& p, int row) { return row >= p.rows || (p.positions && p.positions[row] < 0); }

// A thread an activation; a row is gridX wide.
KERNEL THREADS(128) swiglu_f32(SwiGluParameters p)
{
    startAfterPrevious();
    int row = blockY(), i = blockX() * blockThreads() + threadIndex();
    if (i < p.width && !skipped(p, row))
        p.y[(int64)row * p.width + i] = activation(p, row, i);
}

// A warp a block of 64 activations of a row.
KERNEL THREADS(128) swiglu_int8(SwiGluParameters p)
{
    startAfterPrevious();
    int blocks = (p.width + QuantBlock - 1) / QuantBlock;
    int row = blockY(), block = blockX() * (blockThreads() / WarpLanes) + warp();
    if (block >= blocks || skipped(p, row))
        return;
    int i = block * QuantBlock + lane() * 2;
    float low = activation(p, row, i), high = activation(p, row, i + 1);
    quantizeBlock(low, high, p.q, p.scales, (int64)row * blocks + block, p.errors);
}
