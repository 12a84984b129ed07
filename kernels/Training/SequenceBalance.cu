// How evenly experts share each sequence, and the gradient of that. The reference is SequenceBalance.cs. Two kernels:
//   balance_gradients   a warp a sequence and expert: how many tokens chose it, and the gradient over its probability
//   balance_sums        a block a sequence: the loss times the sequence's tokens, in float64
#include "../ExactMath/Exact.cuh"

// Parameters of the kernels of this file; SequenceBalanceCuda.cs has the same fields.
struct SequenceBalanceParameters
{
    const int* experts;           // [rows, active]: count, of a row that is skipped
    const float* probabilities;   // [rows, count]
    int* chosen;                  // [sequences, count]
    float* gradients;             // [sequences, count]
    double* sums;                 // [rows]: added to where a sequence begins
    double scale;                 // the loss's coefficient times count
    double batchTokens;
    int rowsPerSequence;
    int count;
    int active;
};

constexpr int MostExperts = 1024;

KERNEL THREADS(128) balance_gradients(SequenceBalanceParameters p)
{
    startAfterPrevious();
    int sequence = blockX(), expert = blockY() * (blockThreads() / WarpLanes) + warp(), entries = p.rowsPerSequence * p.active;
    if (expert >= p.count)
        return;
    const int* experts = p.experts;
    experts += (int64)sequence * entries;
    int own = 0, all = 0;
    for (int entry = lane(); entry < entries; entry += WarpLanes)
    {
        own += experts[entry] == expert;
        all += experts[entry] < p.count;
    }
    UNROLL for (int half = WarpLanes / 2; half > 0; half /= 2)
    {
        own += exchange(own, half);
        all += exchange(all, half);
    }
    if (lane() != 0)
        return;
    int64 place = (int64)sequence * p.count + expert;
    double tokens = all / p.active, active = p.active;
    p.chosen[place] = own;
    p.gradients[place] = all == 0 ? 0.0f : (float)(p.scale * (double)own / (active * tokens * p.batchTokens));
}

KERNEL THREADS(128) balance_sums(SequenceBalanceParameters p)
{
    startAfterPrevious();
    SHARED static double shares[MostExperts];
    int64 sequence = blockX(), first = sequence * p.rowsPerSequence;
    const int* experts = p.experts;
    const float* probabilities = p.probabilities;
    for (int expert = threadIndex(); expert < p.count; expert += blockThreads())
    {
        double sum = 0.0;
        for (int64 row = first; row < first + p.rowsPerSequence; row++)
        {
            if (experts[row * p.active] < p.count)
                sum = sum + (double)probabilities[row * p.count + expert];
        }
        shares[expert] = (double)p.chosen[sequence * p.count + expert] * sum;
    }
    barrier();
    if (threadIndex() != 0)
        return;
    double sum = 0.0, active = p.active;
    int all = 0;
    for (int expert = 0; expert < p.count; expert++)
    {
        sum = sum + shares[expert];
        all += p.chosen[sequence * p.count + expert];
    }
    double tokens = all / p.active;
    p.sums[first] = p.sums[first] + (all == 0 ? 0.0 : sum * (double)p.count / (active * tokens));
}
