// Mixtures of experts: which experts a row passes and with what factors, the rows in the order of their experts, and what the experts give
// together. The references are RouterCpu.cs, ExpertOrder.cs and ExpertMix.cs. One form each:
//   route_experts   a warp a row: the experts of the largest logits, ascending, with their factors
//   order_rows      a warp an expert: its rows' places, in the order of the rows
//   mix_experts     a thread an element of the residual stream
#include "../ExactMath/Exact.cuh"

// Parameters of the kernels of this file; RouterCuda.cs has the same fields.
struct RouterParameters
{
    const float* logits;    // [rows, count, and the shared expert's gate where there is one]
    const int* positions;   // [rows]; a negative one skips its row
    int* experts;           // [rows, active]: of a row, ascending; count, of a row that is skipped
    float* factors;         // [rows, active]
    int* starts;            // [count + 1]: the first place of each expert's rows; the last: the place after all
    int* places;            // [rows, active]: where a row lies among the rows of each of its experts
    int* rowOf;             // [rows * active]: the row at a place; rows that are skipped come last
    const float* outputs;   // [rows * active, width]: what the experts give, by place
    const float* shared;    // [rows, width]: what the shared expert gives
    const float* before;    // [rows, width]: what the sum is added to
    float* residual;        // [rows, width]: the result, may be `before`; a row that is skipped keeps what was before
    int rows;
    int count;
    int active;
    int normalised;         // whether the chosen experts alone share the softmax
    int hasShared;
    int width;
};

constexpr int MostExperts = 1024;

// Bits that order as the floats do: zeros of both signs alike, and what is not a number above all, so that it is passed on.
DEVICE uint32 orderedBits(float x)
{
    uint32 bits = (uint32)asInt(x + 0.0f);
    uint32 ordered = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    return x != x ? 0xFFFFFFFFu : ordered;
}

// The expert of the largest logit of those that no lane has taken, the lower one where they are equal. Lane l has experts l, l + 32, ...
DEVICE int largestExpert(const float* logits, int count, uint32 taken)
{
    uint32 bestBits = 0;
    int best = count;
    for (int expert = lane(), i = 0; expert < count; expert += WarpLanes, i++)
    {
        uint32 bits = orderedBits(logits[expert]);
        bool better = !(taken >> i & 1) && (best == count || bits > bestBits);
        bestBits = better ? bits : bestBits;
        best = better ? expert : best;
    }
    UNROLL for (int half = WarpLanes / 2; half > 0; half /= 2)
    {
        uint32 otherBits = exchange(bestBits, half);
        int other = exchange(best, half);
        bool better = otherBits > bestBits || (otherBits == bestBits && other < best);
        bestBits = better ? otherBits : bestBits;
        best = better ? other : best;
    }
    return best;
}

KERNEL THREADS(32) route_experts(RouterParameters p)
{
    startAfterPrevious();
    SHARED static int chosen[MostExperts];
    int row = blockX(), count = p.count, active = p.active;
    const float* logits = p.logits;
    logits += (int64)row * (count + p.hasShared);
    int* experts = p.experts;
    experts += (int64)row * active;
    if (p.positions[row] < 0)
    {
        for (int i = lane(); i < active; i += WarpLanes)
            experts[i] = count;
        return;
    }
    uint32 taken = 0;
    float largest = 0.0f;
    for (int i = 0; i < active; i++)
    {
        int best = largestExpert(logits, count, taken);
        largest = i == 0 ? logits[best] : largest;
        taken |= best % WarpLanes == lane() ? 1u << best / WarpLanes : 0;
        if (lane() == 0)
            chosen[i] = best;
    }
    warpBarrier();
    float sum = 0.0f;
    for (int expert = lane(), i = 0; expert < count; expert += WarpLanes, i++)
    {
        bool counts = !p.normalised || (taken >> i & 1);
        sum = sum + (counts ? exactExp(logits[expert] - largest) : 0.0f);
    }
    sum = sumLanes(sum);
    for (int i = lane(); i < active; i += WarpLanes)
    {
        int expert = chosen[i], place = 0;
        for (int j = 0; j < active; j++)
            place += chosen[j] < expert;
        experts[place] = expert;
        p.factors[(int64)row * active + place] = exactExp(logits[expert] - largest) / sum;
    }
}

// The last of count + 1 warps orders the rows that are skipped.
KERNEL THREADS(32) order_rows(RouterParameters p)
{
    startAfterPrevious();
    const int* experts = p.experts;
    int expert = blockX(), entries = p.rows * p.active, next = 0;
    for (int i = lane(); i < entries; i += WarpLanes)
        next += experts[i] < expert;
    UNROLL for (int half = WarpLanes / 2; half > 0; half /= 2)
        next += exchange(next, half);
    if (lane() == 0)
        p.starts[expert] = next;
    for (int first = 0; first < entries; first += WarpLanes)
    {
        int entry = first + lane();
        bool own = entry < entries && experts[smaller(entry, entries - 1)] == expert;
        int upTo = own;
        UNROLL for (int step = 1; step < WarpLanes; step *= 2)
        {
            int before = fromLane(upTo, larger(lane() - step, 0));
            upTo += lane() >= step ? before : 0;
        }
        if (own)
        {
            int place = next + upTo - 1;
            p.places[entry] = place;
            p.rowOf[place] = entry / p.active;
        }
        next += fromLane(upTo, WarpLanes - 1);
    }
}

// 1 / (1 + e^-gate), from e^-|gate| so that nothing overflows.
DEVICE float sharedFactor(float gate)
{
    float e = exactExp(-absolute(gate));
    return (gate >= 0.0f ? 1.0f : e) / (1.0f + e);
}

KERNEL THREADS(128) mix_experts(RouterParameters p)
{
    startAfterPrevious();
    int row = blockX(), i = blockY() * blockThreads() + threadIndex();
    bool skips = p.positions[row] < 0;
    if (i >= p.width || (skips && p.before == p.residual))
        return;
    float sum = 0.0f;
    for (int j = 0; j < p.active && !skips; j++)
    {
        int entry = row * p.active + j;
        sum = fma(p.factors[entry], p.outputs[(int64)p.places[entry] * p.width + i], sum);
    }
    if (p.hasShared && !skips)
        sum = fma(sharedFactor(p.logits[(int64)row * (p.count + 1) + p.count]), p.shared[(int64)row * p.width + i], sum);
    int64 place = (int64)row * p.width + i;
    p.residual[place] = p.before[place] + sum;
}
