// The norm of kernels/RmsNorm/RmsNormCpu.cs, for the kernels that begin with it.
#pragma once

#include "../ExactMath/Exact.cuh"

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
            held[j] = x[smaller(first + j * WarpLanes, width - 1)];
        UNROLL for (int j = 0; j < Loads; j++)
        {
            float value = first + j * WarpLanes < width ? held[j] : 0.0f;
            sum = fma(value, value, sum);
        }
    }
    return 1.0f / __builtin_sqrtf(sumLanes(sum) / (float)width + epsilon);
}

DEVICE float normed(const float* x, const float* weight, float inverse, int i, int width)
{
    int present = smaller(i, width - 1);
    float value = x[present] * inverse * weight[present];
    return i < width ? value : 0.0f;
}
