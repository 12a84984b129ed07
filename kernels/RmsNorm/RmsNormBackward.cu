// Gradients of the norm y = x r weight with r = 1 / sqrt(mean(x^2) + epsilon), n = x r and g = dy weight: dx = residual +
// (g - n mean(g n)) r and the rows' parts dy n of the weight's gradient: all [rows, width] float32. The reference is RmsNormBackward.cs.
// One form, a warp a row.
#include "RmsNorm.cuh"

// Parameters of the kernel of this file; RmsNormBackwardCuda.cs has the same fields.
struct RmsNormBackwardParameters
{
    const float* x;          // [rows, width]: what was normalised
    const float* weight;     // [width]
    const float* dy;         // [rows, width]: gradient of the output
    const float* residual;   // [rows, width]: gradient that reaches x past the norm; null: zeros
    float* dx;               // [rows, width], may be residual
    float* parts;            // [rows, width]
    float epsilon;
    int width;
    int rows;
};

KERNEL THREADS(128) rms_norm_backward(RmsNormBackwardParameters p)
{
    startAfterPrevious();
    int row = blockX() * (blockThreads() / WarpLanes) + warp(), width = p.width;
    if (row >= p.rows)
        return;
    int64 first = (int64)row * width;
    const float* x = p.x;
    const float* dy = p.dy;
    const float* weight = p.weight;
    const float* residual = p.residual;
    x += first;
    dy += first;
    float inverse = inverseRootMeanSquare(x, width, p.epsilon), sum = 0.0f;
    for (int i = lane(); i < width; i += WarpLanes)
        sum = fma(dy[i] * weight[i], x[i] * inverse, sum);
    float mean = sumLanes(sum) / (float)width;
    for (int i = lane(); i < width; i += WarpLanes)
    {
        float normed = x[i] * inverse, gradient = dy[i];
        float change = fma(normed, -mean, gradient * weight[i]) * inverse;
        p.dx[first + i] = loadWhere(residual != nullptr, residual + (residual ? first + i : 0), 0.0f) + change;
        p.parts[first + i] = gradient * normed;
    }
}
