// Sums of squares of each tensor's gradient: of each row by 32 lanes of fma chains, then of the rows' sums by 32 lanes of additions:
// gradients of all tensors float32 -> sums [tensors]. The reference is GradientNorm.cs. Two kernels: gradient_norm_rows, a warp a row of
// all tensors, then gradient_norm_tensors, a warp a tensor.
#include "WeightTable.cuh"

// Parameters of the kernels of this file; GradientNormCuda.cs has the same fields.
struct GradientNormParameters
{
    const WeightTensor* tensors;   // [count]
    const float* gradients;
    float* rowSums;                // [rows]
    float* sums;                   // [count]
    int count;
    int rows;                      // of all tensors
};

constexpr int Loads = 8;

KERNEL THREADS(128) gradient_norm_rows(GradientNormParameters p)
{
    startAfterPrevious();
    int row = blockX() * (blockThreads() / WarpLanes) + warp();
    if (row >= p.rows)
        return;
    WeightTensor tensor = tensorOf(p.tensors, p.count, row);
    const float* gradients = p.gradients;
    gradients += tensor.first + (int64)(row - tensor.firstRow) * tensor.columns;
    float sum = 0.0f;
    for (int first = lane(); first < tensor.columns; first += Loads * WarpLanes)
    {
        float held[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
            held[j] = loadWhere(first + j * WarpLanes < tensor.columns, gradients + first + j * WarpLanes, 0.0f);
        UNROLL for (int j = 0; j < Loads; j++)
            sum = fma(held[j], held[j], sum);
    }
    sum = sumLanes(sum);
    if (lane() == 0)
        p.rowSums[row] = sum;
}

KERNEL THREADS(32) gradient_norm_tensors(GradientNormParameters p)
{
    startAfterPrevious();
    WeightTensor tensor = p.tensors[blockX()];
    const float* rowSums = p.rowSums;
    rowSums += tensor.firstRow;
    float sum = 0.0f;
    for (int first = lane(); first < tensor.rows; first += Loads * WarpLanes)
    {
        float held[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
            held[j] = loadWhere(first + j * WarpLanes < tensor.rows, rowSums + first + j * WarpLanes, 0.0f);
        UNROLL for (int j = 0; j < Loads; j++)
            sum = sum + held[j];
    }
    sum = sumLanes(sum);
    if (lane() == 0)
        p.sums[blockX()] = sum;
}
