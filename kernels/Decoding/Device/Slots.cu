// Samples enter their slots (start_slots), what they drew is gathered for the host with its log-probabilities (collect_slots), and what
// a prompt left in its last page is copied to each sample's own (copy_pages). One form each.
#include "../../ExactMath/ExactLog.cuh"
#include "../../Sampling/SlotState.cuh"

// Parameters of the kernels of this file; SlotsCuda.cs has the same fields.
struct StartEntry
{
    int slot, token, position, problem, sample;
};

struct StartSlotsParameters
{
    SlotState state;
    const StartEntry* entries;
    int count;
};

// Puts samples into their slots: nothing drawn yet, the prompt's last token before them.
KERNEL THREADS(128) start_slots(StartSlotsParameters p)
{
    startAfterPrevious();
    int i = blockX() * blockThreads() + threadIndex();
    if (i >= p.count)
        return;
    StartEntry entry = p.entries[i];
    p.state.token[entry.slot] = entry.token;
    p.state.position[entry.slot] = entry.position;
    p.state.problem[entry.slot] = entry.problem;
    p.state.sample[entry.slot] = entry.sample;
    p.state.count[entry.slot] = 0;
    p.state.done[entry.slot] = 0;
    p.state.read[entry.slot] = 0;
}

struct CollectSlotsParameters
{
    SlotState state;
    const int* errors;
    int* header;            // [4]: what went wrong
    int* counts;            // [slots] new tokens of each slot
    int* tokens;            // [slots, most]
    float* logProbabilities;    // [slots, most]
    int most;
};

// As in kernels/Sampling/Sampler.cs: the total is a sum of weights in which 2^44 stands for 1.
DEVICE float logProbability(float difference, uint64 total)
{
    return (float)((double)difference - exactLog((double)total / 17592186044416.0));
}

// Neighbouring threads that gather one slot's tokens.
constexpr int SlotThreads = 8;

// Gathers what every slot has drawn since the last time, so that one copy brings it to the host.
KERNEL THREADS(128) collect_slots(CollectSlotsParameters p)
{
    startAfterPrevious();
    int thread = blockX() * blockThreads() + threadIndex();
    int slot = thread / SlotThreads, own = thread % SlotThreads;
    if (thread == 0)
        p.header[0] = p.errors[0];
    bool present = slot < p.state.slots;
    int first = present ? p.state.read[slot] : 0;
    warpBarrier();
    if (!present)
        return;
    int end = smaller(p.state.count[slot], first + p.most);
    int64 from = (int64)slot * p.state.maxTokens, to = (int64)slot * p.most - first;
    for (int i = first + own; i < end; i += SlotThreads)
    {
        p.tokens[to + i] = p.state.outTokens[from + i];
        p.logProbabilities[to + i] = logProbability(p.state.outDifference[from + i], p.state.outTotal[from + i]);
    }
    if (own != 0)
        return;
    p.counts[slot] = end - first;
    p.state.read[slot] = end;
}

// The first tokens of a page, to be copied to another page.
struct PageCopy
{
    int from, to, tokens;
};

struct CopyPagesParameters
{
    char* cache;
    const PageCopy* copies;
    int heads;              // of a page, in all layers
    int rowBytes;           // of one token's key in one head, and of its value; a multiple of 16
    int scaleBytes;         // of one token's scale of the key, and of that of the value; 0 where there are none
};

constexpr int PageTokens = 64, CopyWarps = 8;

// One warp copies.
DEVICE void copyRun(const char* from, char* to, int bytes)
{
    for (int i = lane() * (int)sizeof(Int4); i < bytes; i += WarpLanes * (int)sizeof(Int4))
        *(Int4*)(to + i) = *(const Int4*)(from + i);
}

// A sample's own copy of the tokens that lie in its prompt's last page, and of no more (scales come in fours). Each warp takes a head of
// the page at a time: its keys, its values, the keys' scales and the values' scales.
KERNEL THREADS(256) copy_pages(CopyPagesParameters p)
{
    startAfterPrevious();
    PageCopy copy = p.copies[blockX()];
    int64 headBytes = 2 * PageTokens * (int64)(p.rowBytes + p.scaleBytes);
    int rows = copy.tokens * p.rowBytes, scales = copy.tokens * p.scaleBytes;
    for (int head = blockY() * CopyWarps + warp(); head < p.heads; head += gridY() * CopyWarps)
    {
        const char* from = p.cache + ((int64)copy.from * p.heads + head) * headBytes;
        char* to = p.cache + ((int64)copy.to * p.heads + head) * headBytes;
        int values = PageTokens * p.rowBytes, keyScales = 2 * values, valueScales = keyScales + PageTokens * p.scaleBytes;
        copyRun(from, to, rows);
        copyRun(from + values, to + values, rows);
        copyRun(from + keyScales, to + keyScales, scales);
        copyRun(from + valueScales, to + valueScales, scales);
    }
}
