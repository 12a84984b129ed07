// The norm of kernels/RmsNorm/RmsNormCpu.cs, for the kernels that begin with it.
#pragma once

#include "../ExactMath/Intrinsics.cuh"
#include "../SwiGlu/SwiGlu.cuh"

// A warp a row: element i in lane i mod 32. Elements past the end count as 0, which changes no sum of squares; 16 loads of a lane are under
// way at once.
DEVICE float inverseRootMeanSquare(const float* x, int width, float epsilon)
{
    constexpr int Loads = 16;
    float sum = 0.0f;
    for (int first = lane(); first < width; first += Loads * WarpLanes)
    {
        float held[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
            held[j] = loadWhere(first + j * WarpLanes < width, x + first + j * WarpLanes, 0.0f);
        UNROLL for (int j = 0; j < Loads; j++)
            sum = fma(held[j], held[j], sum);
    }
    return 1.0f / __builtin_sqrtf(sumLanes(sum) / (float)width + epsilon);
}

// Elements i and i + 1 of a row, i even; past its end, other elements of the row. One load where all rows begin at multiples of 8
// bytes.
DEVICE Float2 loadPair(const float* row, int i, int width)
{
    if (width % 2 == 0)
        return loadNow((const Float2*)(row + smaller(i, width - 2)));
    return {row[smaller(i, width - 1)], row[smaller(i + 1, width - 1)]};
}

DEVICE Float2 normedPair(const Float2& x, const Float2& weight, float inverse, int i, int width)
{
    return {i < width ? x.x * inverse * weight.x : 0.0f, i + 1 < width ? x.y * inverse * weight.y : 0.0f};
}

// A warp normalises a row and quantises its blocks `first`, first + step, ..., two neighbouring values a lane. Weights of the next `Ahead`
// blocks are under way while the row is summed or a block is rounded.
template <int Ahead>
DEVICE void quantizeRow(
    const float* x, const float* weight, int width, float epsilon, int first, int step, int8* q, float* scales, int* errors)
{
    int blocks = (width + QuantBlock - 1) / QuantBlock;
    Float2 ahead[Ahead];
    UNROLL for (int j = 0; j < Ahead; j++)
        ahead[j] = loadPair(weight, (first + j * step) * QuantBlock + lane() * 2, width);
    float inverse = inverseRootMeanSquare(x, width, epsilon);
    for (int block = first; block < blocks; block += step)
    {
        int i = block * QuantBlock + lane() * 2;
        Float2 y = normedPair(loadPair(x, i, width), ahead[0], inverse, i, width);
        UNROLL for (int j = 0; j + 1 < Ahead; j++)
            ahead[j] = ahead[j + 1];
        ahead[Ahead - 1] = loadPair(weight, i + Ahead * step * QuantBlock, width);
        quantizeBlock(y.x, y.y, q, scales, block, errors);
    }
}
