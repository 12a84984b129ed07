// Samples enter their slots (start_slots), what they drew is gathered for the host with its log-probabilities (collect_slots), and pages
// are copied where a sample needs its own (copy_pages). One form each.
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

struct CopyPagesParameters
{
    char* cache;
    const Int2* pairs;      // from, to
    int64 pageBytes;        // a multiple of 16
};

// A sample's own copy of the page that holds its prompt's end; each block copies a part of a page.
KERNEL THREADS(256) copy_pages(CopyPagesParameters p)
{
    Int2 pair = p.pairs[blockX()];
    const Int4* from = (const Int4*)(p.cache + pair.x * p.pageBytes);
    Int4* to = (Int4*)(p.cache + pair.y * p.pageBytes);
    int64 count = p.pageBytes / (int64)sizeof(Int4);
    for (int64 i = (int64)blockY() * blockThreads() + threadIndex(); i < count;
         i += (int64)__nvvm_read_ptx_sreg_nctaid_y() * blockThreads())
        to[i] = from[i];
}
