// The exact f32 linear: x [rows, inputs] and weights [outputs, inputs] -> y [rows, outputs]. For each output: total = +0, then for each
// block of 64 inputs, ascending, total = total + (a chain of fma over the block's inputs from +0). Inputs past the end count as 0 in both
// factors, which changes no bit: a chain that ended at -0 ends at +0, and no total is -0. The CPU's forms are LinearF32*.cs. Forms:
//   linear_f32_reference       a thread an output of a row: the definition
//   linear_f32_rows1, 2, 4     few rows, bound by reading the weights
//   linear_f32_32x32, 64x128   tiles of many rows, bound by arithmetic
#include "LinearF32.cuh"

// The definition: a thread an output of a row.
KERNEL THREADS(128) linear_f32_reference(LinearF32Parameters p)
{
    startAfterPrevious();
    int output = blockX() * blockThreads() + threadIndex(), row = blockY();
    const float* x = p.x + (int64)row * p.inputs;
    const float* w = p.weights + (int64)smaller(output, p.outputs - 1) * p.inputs;
    float total = 0.0f;
    for (int first = 0; first < p.inputs; first += Block)
    {
        float sum = 0.0f;
        for (int k = first; k < smaller(first + Block, p.inputs); k++)
            sum = fma(x[k], w[k], sum);
        total = total + sum;
    }
    finish(p, row, output, output < p.outputs && !skipped(p, row), total);
}

KERNEL THREADS(64) linear_f32_rows1(LinearF32Parameters p) { startAfterPrevious(); fewRows<1>(p); }
KERNEL THREADS(64) linear_f32_rows2(LinearF32Parameters p) { startAfterPrevious(); fewRows<2>(p); }
KERNEL THREADS(64) linear_f32_rows4(LinearF32Parameters p) { startAfterPrevious(); fewRows<4>(p); }
KERNEL THREADS(64) linear_f32_32x32(LinearF32Parameters p) { startAfterPrevious(); tile<8, 8, 4, 4>(p); }
KERNEL THREADS(128) linear_f32_64x128(LinearF32Parameters p) { startAfterPrevious(); tile<8, 16, 8, 8>(p); }
