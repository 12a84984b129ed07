// What all forms of the w8a8 linear share. Per output: acc = +0, then for each block of 64 inputs, ascending,
// acc = fma((float)sum of the block's int8 products, the row's scale of the block, acc); y = acc * the output's scale.
#pragma once

#include "../ExactMath/Intrinsics.cuh"
#include "../SwiGlu/SwiGlu.cuh"

// Parameters of the kernels of LinearInt8.cu; LinearInt8Cuda.cs has the same fields.
struct LinearInt8Parameters
{
    const int8* x;             // [rows, blocks * 64]
    const float* xScales;      // [rows, blocks]
    const int8* weights;       // [outputs, blocks * 64]
    const float* weightScales; // [outputs]
    const int* positions;      // [rows]; a negative one skips its row; null skips none
    float* y;                  // [rows, ldy]; of the forms that do not end in SwiGLU
    int8* q;                   // [rows, ceil(outputs / 128) * 64] of those that do; [rows, ceil(outputs / 64) * 64] where y is normalised
    float* qScales;            // [rows, a scale a block of q]
    int* errors;
    const float* normWeight;   // [outputs]: of the forms for few rows that add to y: they normalise and quantise it then; null: they do not
    float* activations;        // [rows, ceil(outputs / 128) * 64]: scratch of the forms for few rows that end in SwiGLU
    uint32* counters;          // zeros before and after: one, or of SwiGLU one a block of q and of rows at once
    Ahead ahead;               // of the forms for few rows
    float epsilon;             // of the norm
    int rows;
    int outputs;
    int blocks;
    int ldy;
    int add;                   // whether y is added to what is there
};

constexpr int PairBlock = 2 * QuantBlock;   // outputs, gates and ups, of one block of activations

DEVICE bool skipped(const LinearInt8Parameters& p, int row)
{
    bool present = row < p.rows;
    const int* positions = p.positions;
    int position = loadWhere(present && positions, positions + row, 0);
    return !present || position < 0;
}

DEVICE void writeOutput(const LinearInt8Parameters& p, int row, int output, float y)
{
    float* place = p.y + (int64)row * p.ldy + output;
    *place = p.add ? *place + y : y;
}
