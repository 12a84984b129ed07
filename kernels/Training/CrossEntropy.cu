// The natural log-probability of each row's label at temperature 1 over the whole vocabulary, as draws record it, and in place of the
// logits their gradients factor * (probability - 1 of the label, probability of another): logits [rows, vocabulary] float32. The
// references are CrossEntropy.cs and Sampler.cs. One form, a block a row, of a warp or more.
#include "../ExactMath/ExactLog.cuh"
#include "../Sampling/SamplingTeam.cuh"

// Parameters of the kernel of this file; CrossEntropyCuda.cs has the same fields.
struct CrossEntropyParameters
{
    float* logits;             // [rows, vocabulary]
    const int* labels;         // [rows]; a negative one counts nothing; Unlikely in one: the token should not come
    const float* factors;      // [rows]; null leaves the logits as they are
    float* logProbabilities;   // [rows]
    int vocabulary;
};

constexpr int MostWarps = 8;
constexpr int Unlikely = 1 << 30;

// Of all threads of a block; every one gets the result.
template <typename T, typename F>
DEVICE T overBlock(T own, T (&shared)[MostWarps], F&& combine)
{
    if (lane() == 0)
        shared[warp()] = own;
    barrier();
    T all = shared[0];
    for (int i = 1; i < blockThreads() / WarpLanes; i++)
        all = combine(all, shared[i]);
    return all;
}

KERNEL THREADS(256) cross_entropy(CrossEntropyParameters p)
{
    startAfterPrevious();
    SHARED static float maxima[MostWarps];
    SHARED static uint64 sums[MostWarps];
    int row = blockX(), label = p.labels[row], count = p.vocabulary;
    float* logits = p.logits + (int64)row * count;
    const float* factors = p.factors;
    if (label < 0)
    {
        for (int i = threadIndex(); factors && i < count; i += blockThreads())
            logits[i] = 0.0f;
        if (threadIndex() == 0)
            p.logProbabilities[row] = 0.0f;
        return;
    }
    bool unlikely = (label & Unlikely) != 0;
    label &= ~Unlikely;
    float max = asFloat((int)0xFF800000), labelled = logits[label];
    for (int i = threadIndex(); i < count; i += blockThreads())
        max = largerOrNaN(max, logits[i]);
    max = overBlock(largestOfLanesOrNaN(max), maxima, [](float a, float b) { return largerOrNaN(a, b); });
    uint64 sum = 0;
    for (int i = threadIndex(); i < count; i += blockThreads())
        sum += fixedPoint(roundedWeight(logits[i] - max));
    sum = overBlock(sumLanes(sum), sums, [](uint64 a, uint64 b) { return a + b; });
    bool finite = magnitudeBits(max) < InfinityBits;
    double total = finite ? (double)sum / (double)FixedOne : __builtin_nan("");
    float inverse = 1.0f / (float)total;
    uint64 rest = sum - fixedPoint(roundedWeight(labelled - max));
    double others = finite ? (double)(rest == 0 ? 1 : rest) / (double)FixedOne : __builtin_nan("");
    double own = unlikely ? exactLog(others) : (double)(labelled - max);
    if (threadIndex() == 0)
        p.logProbabilities[row] = finite ? (float)(own - exactLog(total)) : __builtin_nanf("");
    if (!factors)
        return;
    float factor = factors[row];
    if (unlikely)
    {
        float probability = exactExp(labelled - max) * inverse;
        float taken = -(factor * (probability / ((float)others * inverse)));
        for (int i = threadIndex(); i < count; i += blockThreads())
            logits[i] = i == label ? factor * probability : taken * (exactExp(logits[i] - max) * inverse);
        return;
    }
    for (int i = threadIndex(); i < count; i += blockThreads())
    {
        float probability = exactExp(logits[i] - max) * inverse;
        logits[i] = factor * (i == label ? probability - 1.0f : probability);
    }
}
