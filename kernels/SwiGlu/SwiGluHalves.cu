// The gated activation of rows that hold gates, then ups, as training keeps them: forward y = silu(gate) up, and its gradients
// dup = dy silu(gate), dgate = dy up s'(gate) with s' = sigmoid + silu (1 - sigmoid). gateUp [rows, 2 * width], y and dy [rows, width],
// float32. The references are SwiGluCpu.cs and SwiGluBackward.cs. One form each, a thread an activation.
#include "SwiGlu.cuh"

// Parameters of the kernels of this file; SwiGluHalvesCuda.cs has the same fields.
struct SwiGluHalvesParameters
{
    float* gateUp;    // [rows, 2 * width]; the backward form leaves the gradients in it
    float* y;         // [rows, width]; of the backward form its gradient, which is read
    int width;
    int rows;
};

// A row is gridX wide; the rows of blockY and each gridY further.
KERNEL THREADS(128) swiglu_halves(SwiGluHalvesParameters p)
{
    startAfterPrevious();
    int i = blockX() * blockThreads() + threadIndex();
    for (int row = blockY(); i < p.width && row < p.rows; row += gridY())
    {
        const float* gate = p.gateUp + (int64)row * 2 * p.width + i;
        p.y[(int64)row * p.width + i] = gated(gate[0], gate[p.width]);
    }
}

KERNEL THREADS(128) swiglu_halves_backward(SwiGluHalvesParameters p)
{
    startAfterPrevious();
    int i = blockX() * blockThreads() + threadIndex();
    for (int row = blockY(); i < p.width && row < p.rows; row += gridY())
    {
        float* gate = p.gateUp + (int64)row * 2 * p.width + i;
        float x = gate[0], up = gate[p.width], dy = p.y[(int64)row * p.width + i];
        float e = exactExp(-absolute(x)), sum = 1.0f + e;
        float sigmoid = (x >= 0.0f ? 1.0f : e) / sum, silu = (x >= 0.0f ? x : x * e) / sum;
        float slope = fma(silu, 1.0f - sigmoid, sigmoid);
        gate[0] = dy * up * slope;
        gate[p.width] = dy * silu;
    }
}
