// A step of AdamW over all tensors, in place: weights, gradients and both moments float32. The reference is AdamW.cs, operation by
// operation. One form, a warp a row.
#include "WeightTable.cuh"

// Parameters of the kernel of this file; AdamWCuda.cs has the same fields.
struct AdamWParameters
{
    const WeightTensor* tensors;   // [count]
    float* weights;
    const float* gradients;
    float* firstMoments;
    float* secondMoments;
    int count;
    int rows;                      // of all tensors
    float clip;
    float beta1Rest;
    float beta2;
    float beta2Rest;
    float secondCorrection;
    float epsilon;
    float negativeRate;
    float decay;                   // what is kept of a weight that decays
};

constexpr int Loads = 4;

KERNEL THREADS(128) adam_w(AdamWParameters p)
{
    startAfterPrevious();
    int row = blockX() * (blockThreads() / WarpLanes) + warp();
    if (row >= p.rows)
        return;
    WeightTensor tensor = tensorOf(p.tensors, p.count, row);
    int64 start = tensor.first + (int64)(row - tensor.firstRow) * tensor.columns;
    float* w = p.weights + start;
    const float* g = p.gradients + start;
    float* m = p.firstMoments + start;
    float* v = p.secondMoments + start;
    float kept = tensor.decays ? p.decay : 1.0f;
    for (int first = lane(); first < tensor.columns; first += Loads * WarpLanes)
    {
        float weights[Loads], gradients[Loads], firsts[Loads], seconds[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
        {
            int i = first + j * WarpLanes;
            bool present = i < tensor.columns;
            weights[j] = loadWhere(present, w + i, 0.0f);
            gradients[j] = loadWhere(present, g + i, 0.0f);
            firsts[j] = loadWhere(present, m + i, 0.0f);
            seconds[j] = loadWhere(present, v + i, 0.0f);
        }
        UNROLL for (int j = 0; j < Loads; j++)
        {
            int i = first + j * WarpLanes;
            if (i >= tensor.columns)
                break;
            float gradient = gradients[j] * p.clip;
            float mean = fma(gradient - firsts[j], p.beta1Rest, firsts[j]);
            float square = fma(gradient * gradient, p.beta2Rest, seconds[j] * p.beta2);
            float denominator = __builtin_sqrtf(square) / p.secondCorrection + p.epsilon;
            m[i] = mean;
            v[i] = square;
            w[i] = fma(p.negativeRate, mean / denominator, weights[j] * kept);
        }
    }
}
