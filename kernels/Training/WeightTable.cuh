// A model's tensors as they lie in one array of floats; in others of the same form are their gradients and moments.
#pragma once

#include "../ExactMath/Intrinsics.cuh"

// GradientNormCuda.cs has the same fields.
struct WeightTensor
{
    int64 first;     // place of its first value
    int firstRow;    // rows of the tensors before it
    int rows;
    int columns;
    int decays;      // not 0: weight decay applies
};

// The tensor that holds a row of all rows.
DEVICE WeightTensor tensorOf(const WeightTensor* tensors, int count, int row)
{
    int low = 0, high = count - 1;
    while (low < high)
    {
        int middle = (low + high + 1) / 2;
        if (tensors[middle].firstRow <= row)
            low = middle;
        else
            high = middle - 1;
    }
    return tensors[low];
}
