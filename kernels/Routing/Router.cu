// Which experts each row passes and what their outputs are weighted with, and the mixing of those outputs. The references are RouterCpu.cs
// and ExpertMix.cs. One form each: expert_router a warp a row, expert_mix a thread an element.
#include "../ExactMath/Intrinsics.cuh"

// Parameters of the kernels of this file; RouterCuda.cs has the same fields.
struct RouterParameters
{
    const float* logits;     // [rows, count + shared]
    const int* positions;    // [rows]; a negative one passes no expert; null: all do
    int* chosen;             // [count, rows]: 0 where a row passes an expert, -1 where it does not
    float* factors;          // [rows, count + shared]; of experts that a row does not pass, nothing
    int rows;
    int count;
    int active;
    int normalised;          // 1: the softmax is over the chosen ones
    int shared;              // 1: the last logit is the gate of an expert that every row passes
};

constexpr int NoExpert = 0x7FFFFFFF;

// The expert of the largest logit that is not chosen yet, a tie to the lower one; the same in all lanes.
DEVICE int bestExpert(const RouterParameters& p, const float* logits, int row)
{
    float best = 0.0f;
    int expert = NoExpert;
    for (int i = lane(); i < p.count; i += WarpLanes)
    {
        float logit = logits[i];
        if (p.chosen[(int64)i * p.rows + row] < 0 && (expert == NoExpert || logit > best))
        {
            best = logit;
            expert = i;
        }
    }
    UNROLL for (int mask = WarpLanes / 2; mask > 0; mask /= 2)
    {
        float otherBest = exchange(best, mask);
        int other = exchange(expert, mask);
        bool better = other != NoExpert && (expert == NoExpert || otherBest > best || (otherBest == best && other < expert));
        best = better ? otherBest : best;
        expert = better ? other : expert;
    }
    return expert;
}

KERNEL THREADS(128) expert_router(RouterParameters p)
{
    startAfterPrevious();
    int row = blockX() * (blockThreads() / WarpLanes) + warp(), width = p.count + p.shared;
    if (row >= p.rows)
        return;
    const float* logits = p.logits + (int64)row * width;
    float* factors = p.factors + (int64)row * width;
    for (int i = lane(); i < p.count; i += WarpLanes)
        p.chosen[(int64)i * p.rows + row] = -1;
    if (p.positions && p.positions[row] < 0)
        return;
    for (int i = 0; i < p.active; i++)
    {
        int expert = bestExpert(p, logits, row);
        if (expert % WarpLanes == lane())
            p.chosen[(int64)expert * p.rows + row] = 0;
    }
    float max = logits[0];
    for (int i = lane(); i < p.count; i += WarpLanes)
        max = logits[i] > max ? logits[i] : max;
    UNROLL for (int mask = WarpLanes / 2; mask > 0; mask /= 2)
    {
        float other = exchange(max, mask);
        max = other > max ? other : max;
    }
    float sum = 0.0f;
    for (int i = lane(); i < p.count; i += WarpLanes)
    {
        bool counts = !p.normalised || p.chosen[(int64)i * p.rows + row] == 0;
        sum = sum + (counts ? exactExp(logits[i] - max) : 0.0f);
    }
    sum = sumLanes(sum);
    for (int i = lane(); i < p.count; i += WarpLanes)
    {
        if (p.chosen[(int64)i * p.rows + row] == 0)
            factors[i] = exactExp(logits[i] - max) / sum;
    }
    if (p.shared && lane() == 0)
    {
        float gate = logits[p.count], e = exactExp(-absolute(gate));
        factors[p.count] = (gate >= 0.0f ? 1.0f : e) / (1.0f + e);
    }
}

// Parameters of expert_mix.
struct ExpertMixParameters
{
    const float* x;          // [rows, width]: an expert's outputs
    const float* factors;    // [rows, stride], from this expert's on
    const int* chosen;       // [rows]; a negative one does not pass the expert; null: all do
    const int* positions;    // [rows]; a negative one skips its row; null skips none
    float* y;                // [rows, width]: the sum so far
    float* residual;         // [rows, width]; null, or what the sum is added to after this expert
    int stride;
    int width;
    int rows;
    int first;               // 1: the sum begins here, from +0
};

KERNEL THREADS(128) expert_mix(ExpertMixParameters p)
{
    startAfterPrevious();
    int row = blockY(), i = blockX() * blockThreads() + threadIndex();
    if (i >= p.width || (p.positions && p.positions[row] < 0))
        return;
    int64 place = (int64)row * p.width + i;
    bool passes = !(p.chosen && p.chosen[row] < 0);
    float y = p.first ? 0.0f : p.y[place];
    if (passes)
        y = fma(p.factors[(int64)row * p.stride], p.x[place], y);
    if (p.residual)
        p.residual[place] = p.residual[place] + y;
    else if (passes || p.first)
        p.y[place] = y;
}
