// What training does with rows in the order of their experts; float32. The reference is ExpertPass.cs. One form each:
//   gather_rows    rows in that order, a block a place
//   mix_backward   the gradients of a row's factors, sums of z a by lanes, with z and a then times the factor: a warp a place
//   sum_rows       y of a row = the sum of what lies at its places, ascending from +0: a thread an element
#include "../ExactMath/Exact.cuh"

// Parameters of the kernels of this file; ExpertMixBackwardCuda.cs has the same fields.
struct ExpertMixBackwardParameters
{
    const int* experts;       // [rows, active]: of a row, ascending; count, of a row that is skipped
    const float* factors;     // [rows, active]
    const int* places;        // [rows, active]: where a row lies among the rows of each of its experts
    const int* rowOf;         // [places]: the row at a place
    const float* x;           // [rows, width] to gather; [places, width] to sum
    float* y;                 // [places, width] gathered; [rows, width]: sums, 0 of a row that is skipped
    float* z;                 // [places, width]: gradients of activations but for the factor
    float* activated;         // [places, width]
    float* factorGradients;   // [rows, active]
    int rows;
    int count;
    int active;
    int width;
};

KERNEL THREADS(128) gather_rows(ExpertMixBackwardParameters p)
{
    startAfterPrevious();
    int64 place = blockX(), row = p.rowOf[place];
    for (int i = threadIndex(); i < p.width; i += blockThreads())
        p.y[place * p.width + i] = p.x[row * p.width + i];
}

KERNEL THREADS(128) mix_backward(ExpertMixBackwardParameters p)
{
    startAfterPrevious();
    int entry = blockX() * (blockThreads() / WarpLanes) + warp();
    if (entry >= p.rows * p.active || p.experts[entry] == p.count)
        return;
    float factor = p.factors[entry], sum = 0.0f;
    float* z = p.z;
    float* activated = p.activated;
    z += (int64)p.places[entry] * p.width;
    activated += (int64)p.places[entry] * p.width;
    for (int i = lane(); i < p.width; i += WarpLanes)
    {
        sum = fma(z[i], activated[i], sum);
        z[i] = z[i] * factor;
        activated[i] = activated[i] * factor;
    }
    sum = sumLanes(sum);
    if (lane() == 0)
        p.factorGradients[entry] = sum;
}

KERNEL THREADS(128) sum_rows(ExpertMixBackwardParameters p)
{
    startAfterPrevious();
    int row = blockX(), i = blockY() * blockThreads() + threadIndex();
    if (i >= p.width)
        return;
    float sum = 0.0f;
    for (int entry = row * p.active; entry < (row + 1) * p.active && p.experts[entry] < p.count; entry++)
        sum = sum + p.x[(int64)p.places[entry] * p.width + i];
    p.y[(int64)row * p.width + i] = sum;
}
