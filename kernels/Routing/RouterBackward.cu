// Gradients of the router: with q the factors (0 of an expert that does not count), p the softmax over all experts, dq and dp their
// gradients: dlogit = q (dq - sum of q dq) + p (dp - sum of p dp): logits [rows, count] float32. The reference is RouterBackward.cs. One
// form, a warp a row.
#include "../ExactMath/Exact.cuh"

// Parameters of the kernel of this file; RouterBackwardCuda.cs has the same fields.
struct RouterBackwardParameters
{
    float* logits;                       // [rows, count]: overwritten with their gradients, 0 of a row that is skipped
    const int* experts;                  // [rows, active]: of a row, ascending; count, of a row that is skipped
    const float* factorGradients;        // [rows, active]
    const float* probabilityGradients;   // [sequences, count]: the same for all rows of a sequence
    float* probabilities;                // [rows, count]: receives the softmax over all experts
    int rows;
    int rowsPerSequence;
    int count;
    int active;
    int normalised;                      // whether the chosen experts alone share the softmax
};

// Which of a row's experts it is, or -1.
DEVICE int slotOf(const int* experts, int active, int expert)
{
    int slot = -1;
    for (int i = 0; i < active; i++)
        slot = experts[i] == expert ? i : slot;
    return slot;
}

KERNEL THREADS(128) router_backward(RouterBackwardParameters p)
{
    startAfterPrevious();
    int row = blockX() * (blockThreads() / WarpLanes) + warp(), count = p.count, active = p.active;
    if (row >= p.rows)
        return;
    float* logits = p.logits;
    const int* experts = p.experts;
    const float* factorGradients = p.factorGradients;
    const float* ofProbabilities = p.probabilityGradients;
    float* probabilities = p.probabilities;
    logits += (int64)row * count;
    experts += (int64)row * active;
    factorGradients += (int64)row * active;
    ofProbabilities += (int64)(row / p.rowsPerSequence) * count;
    probabilities += (int64)row * count;
    if (experts[0] == count)
    {
        for (int expert = lane(); expert < count; expert += WarpLanes)
            logits[expert] = 0.0f;
        return;
    }
    float max = asFloat((int)0xFF800000), all = 0.0f, counted = 0.0f, dot = 0.0f, mean = 0.0f;
    for (int expert = lane(); expert < count; expert += WarpLanes)
        max = logits[expert] > max ? logits[expert] : max;
    UNROLL for (int half = WarpLanes / 2; half > 0; half /= 2)
    {
        float other = exchange(max, half);
        max = other > max ? other : max;
    }
    for (int expert = lane(); expert < count; expert += WarpLanes)
    {
        float weight = exactExp(logits[expert] - max);
        all = all + weight;
        counted = counted + (slotOf(experts, active, expert) >= 0 ? weight : 0.0f);
    }
    all = sumLanes(all);
    counted = sumLanes(counted);
    auto factor = [=](int slot, float weight) { return p.normalised ? (slot >= 0 ? weight : 0.0f) / counted : weight / all; };
    auto gradient = [=](int slot) { return slot >= 0 ? factorGradients[slot] : 0.0f; };
    for (int expert = lane(); expert < count; expert += WarpLanes)
    {
        int slot = slotOf(experts, active, expert);
        float weight = exactExp(logits[expert] - max), probability = weight / all;
        dot = fma(factor(slot, weight), gradient(slot), dot);
        mean = fma(probability, ofProbabilities[expert], mean);
        probabilities[expert] = probability;
    }
    dot = sumLanes(dot);
    mean = sumLanes(mean);
    for (int expert = lane(); expert < count; expert += WarpLanes)
    {
        int slot = slotOf(experts, active, expert);
        float weight = exactExp(logits[expert] - max), probability = weight / all;
        logits[expert] = fma(probability, ofProbabilities[expert] - mean, factor(slot, weight) * (gradient(slot) - dot));
    }
}
