// The threads that draw from one row of logits together, a warp or a block of several, and what they do with its weights.
#pragma once
#include "../ExactMath/Exact.cuh"

// The row of logits that is drawn from.
struct Logits
{
    const float* values;
    int count;
};

// Weights are 2^44 e^x, rounded to integers, of x from 0 down: kernels/ExactMath/ExactSingle.cs, with the power of two in the last
// factor. Below -87 they are 0 as they are at -87. Before and after rounding they have 24 significant bits, so float holds them.
DEVICE float scaledWeight(float x)
{
    const float magic = 12582912.0f;
    x = __builtin_fmaxf(x, -87.0f);
    float shifted = fma(x, 1.44269504f, magic);
    float n = shifted - magic;
    float r = fma(n, -0.693359375f, x);
    r = fma(n, 2.12194440e-4f, r);
    float p = fma(1.9875691500e-4f, r, 1.3981999507e-3f);
    p = fma(p, r, 8.3334519073e-3f);
    p = fma(p, r, 4.1665795894e-2f);
    p = fma(p, r, 1.6666665459e-1f);
    p = fma(p, r, 5.0000001201e-1f);
    float y = fma(p, r * r, r) + 1.0f;
    return y * asFloat((int)((uint32)(asInt(shifted) - asInt(magic) + 127 + 44) << 23));
}

DEVICE float roundedWeight(float x) { return __builtin_rintf(scaledWeight(x)); }
DEVICE uint64 fixedPoint(float weight) { return __nvvm_f2ull_rn(weight); }

constexpr float FixedOne = 17592186044416.0f;

// Weights as integers that order alike: 0 for weight 1; below 0 for weight 0. A power of two is 2^23 keys.
constexpr int OneBits = 0x3F800000;
constexpr int KeyBits = 29;
constexpr int TopKey = 44 << 23;
DEVICE int weightKey(float weight) { return asInt(weight) - OneBits; }
DEVICE uint64 keyWeight(int key) { return key < 0 ? 0 : fixedPoint(asFloat(key + OneBits)); }

DEVICE uint64 highProduct(uint64 a, uint64 b) { return (uint64)(((unsigned __int128)a * b) >> 64); }

DEVICE uint64 exchange(uint64 x, int mask)
{
    return (uint64)exchange((uint32)(x >> 32), mask) << 32 | exchange((uint32)x, mask);
}

DEVICE uint64 sumLanes(uint64 x)
{
    UNROLL for (int half = 16; half > 0; half /= 2)
        x += exchange(x, half);
    return x;
}

// NaN where either is; +0 is larger than -0.
DEVICE float largerOrNaN(float a, float b)
{
    float result;
    asm("max.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
    return result;
}

DEVICE float largestOfLanesOrNaN(float x)
{
    UNROLL for (int half = 16; half > 0; half /= 2)
        x = largerOrNaN(x, exchange(x, half));
    return x;
}

DEVICE int smallestOfLanes(int x)
{
    UNROLL for (int half = 16; half > 0; half /= 2)
        x = smaller(x, exchange(x, half));
    return x;
}

// Sum of this lane's and all lower lanes'.
DEVICE uint64 sumBelow(uint64 x)
{
    UNROLL for (int step = 1; step < WarpLanes; step *= 2)
    {
        uint32 low = (uint32)__nvvm_shfl_sync_up_i32(FullWarp, (int)x, step, 0);
        uint32 high = (uint32)__nvvm_shfl_sync_up_i32(FullWarp, (int)(x >> 32), step, 0);
        x += lane() >= step ? (uint64)high << 32 | low : 0;
    }
    return x;
}

// The lane whose sum holds the target, of sums one behind another; the target becomes relative to it.
DEVICE int laneOf(uint64 sum, uint64& target)
{
    uint64 upTo = sumBelow(sum), below = upTo - sum;
    int chosen = smallestOfLanes(target < upTo ? lane() : WarpLanes - 1);
    target -= (uint64)(uint32)fromLane((int)(below >> 32), chosen) << 32 | (uint32)fromLane((int)below, chosen);
    return chosen;
}

// What is drawn from: weights above a key, and those equal to it up to an index.
struct Kept
{
    float temperature;
    float top;         // the largest logit, divided by the temperature
    int key;
    int lastTie;

    DEVICE_MEMBER float rounded(float z) const
    {
        if (temperature != 1.0f)
            z = z / temperature;
        return roundedWeight(z - top);
    }

    DEVICE_MEMBER uint64 weight(int i, float z) const
    {
        float rounded = this->rounded(z);
        int own = weightKey(rounded);
        return own > key || (own == key && i <= lastTie) ? fixedPoint(rounded) : 0;
    }
};

// 1 for each weight that equals the key.
struct Ties
{
    Kept kept;

    DEVICE_MEMBER uint64 weight(int, float z) const { return weightKey(kept.rounded(z)) == kept.key; }
};

// Four floats at a multiple of 16 bytes, by one load: of a plain one the compiler makes four where they are used one by one.
DEVICE Float4 loadFour(const float* from)
{
    Float4 x;
    asm volatile("ld.global.v4.f32 {%0, %1, %2, %3}, [%4];" : "=f"(x.x), "=f"(x.y), "=f"(x.z), "=f"(x.w) : "l"(from) : "memory");
    return x;
}

// Neighbouring logits, walked by one warp.
struct Segment
{
    int first, end;

    template <typename F>
    DEVICE_MEMBER void each(const Logits& logits, F&& use) const
    {
        const float* z = logits.values;
        if (logits.count % 4 == 0)
        {
            for (int i = first + lane() * 4; i < end; i += WarpLanes * 4)
            {
                Float4 x = loadFour(z + i);
                use(i, x.x);
                use(i + 1, x.y);
                use(i + 2, x.z);
                use(i + 3, x.w);
            }
        }
        else
        {
            for (int i = first + lane(); i < end; i += WarpLanes)
                use(i, z[i]);
        }
    }
};

// One of so many equal parts, but for the last ones; they begin at multiples of 4 logits where the whole does.
DEVICE Segment partOf(Segment of, int parts, int index)
{
    int size = ((of.end - of.first + parts - 1) / parts + 3) & ~3;
    int first = smaller(of.first + index * size, of.end);
    return { first, smaller(first + size, of.end) };
}

// Where a filter cuts: all above the key stay, and the first ties of those equal to it.
struct Selection
{
    int key;
    int ties;
    int equal;
};

// Bits: of the digits that selections are made by, at most 23 so that a bin lies within a power of two.
template <int WarpCount, int Bits>
struct Team
{
    static constexpr int Bins = 1 << Bits;

    struct Memory
    {
        uint64 sums[WarpLanes];
        uint64 target;
        float values[WarpLanes];
        int indices[WarpLanes];
        uint32 counts[Bins];    // of a bin
        uint32 lows[Bins];      // sums of the low 12 bits of the significands
        uint32 highs[Bins];     // and of the high 12
        int chosen;
        int found;
        uint64 above;
    };

    Memory* memory;

    DEVICE_MEMBER int rank() const { return WarpCount == 1 ? lane() : threadIndex(); }
    DEVICE_MEMBER int place() const { return WarpCount == 1 ? 0 : warp(); }
    DEVICE_MEMBER void sync() const
    {
        if (WarpCount == 1)
            warpBarrier();
        else
            barrier();
    }

    // The warp's part of a row, or of part of it.
    DEVICE_MEMBER Segment segment(int count) const { return segment(Segment { 0, count }); }
    DEVICE_MEMBER Segment segment(Segment of) const { return partOf(of, WarpCount, place()); }

    DEVICE_MEMBER float largest(float x) const
    {
        x = largestOfLanesOrNaN(x);
        if (WarpCount == 1)
            return x;
        if (lane() == 0)
            memory->values[place()] = x;
        sync();
        x = largestOfLanesOrNaN(memory->values[lane() % WarpCount]);
        sync();
        return x;
    }

    DEVICE_MEMBER int smallest(int x) const
    {
        x = smallestOfLanes(x);
        if (WarpCount == 1)
            return x;
        if (lane() == 0)
            memory->indices[place()] = x;
        sync();
        x = smallestOfLanes(memory->indices[lane() % WarpCount]);
        sync();
        return x;
    }

    // The total of one sum a warp.
    DEVICE_MEMBER uint64 sumWarps(uint64 x) const
    {
        if (WarpCount == 1)
            return x;
        if (lane() == 0)
            memory->sums[place()] = x;
        sync();
        x = sumLanes(sumOfWarp(lane()));
        sync();
        return x;
    }

    DEVICE_MEMBER uint64 sumOfWarp(int warp) const { return warp < WarpCount ? memory->sums[warp] : 0; }

    template <typename W>
    DEVICE_MEMBER uint64 sumOf(const Logits& logits, const W& weights, Segment segment) const
    {
        uint64 sum = 0;
        segment.each(logits, [&](int i, float z) { sum += weights.weight(i, z); });
        return sumLanes(sum);
    }

    template <typename W>
    DEVICE_MEMBER uint64 segmentSum(const Logits& logits, const W& weights) const { return sumOf(logits, weights, segment(logits.count)); }

    // The first index where the sum of the weights up to it exceeds the target; segmentSum is that of the warp's segment.
    template <typename W>
    DEVICE_MEMBER int locate(const Logits& logits, const W& weights, uint64 segmentSum, uint64 target) const
    {
        Segment whole = { 0, logits.count };
        if (WarpCount == 1)
            return locateInWarp(logits, weights, whole, target);
        return locateWithin(logits, weights, choose(whole, segmentSum, target), target);
    }

    // The same within a part of the row that holds the target, which is relative to the part; for a block.
    template <typename W>
    DEVICE_MEMBER int locateWithin(const Logits& logits, const W& weights, Segment large, uint64 target) const
    {
        Segment small = choose(large, sumOf(logits, weights, segment(large)), target);
        if (place() == 0)
        {
            int found = locateInWarp(logits, weights, small, target);
            if (lane() == 0)
                memory->found = found;
        }
        sync();
        int found = memory->found;
        sync();
        return found;
    }

    // The part that holds the target, of parts whose sums the warps have; the target becomes relative to it.
    DEVICE_MEMBER Segment choose(Segment of, uint64 sum, uint64& target) const
    {
        if (lane() == 0)
            memory->sums[place()] = sum;
        sync();
        int chosen = laneOf(sumOfWarp(lane()), target);
        sync();
        return partOf(of, WarpCount, chosen);
    }

    template <typename W>
    DEVICE_MEMBER int locateInWarp(const Logits& logits, const W& weights, Segment segment, uint64 target) const
    {
        for (int start = segment.first; start < segment.end; start += WarpLanes * 4)
        {
            uint64 own[4], sum = 0;
            int first = start + lane() * 4;
            UNROLL for (int i = 0; i < 4; i++)
            {
                own[i] = first + i < segment.end ? weights.weight(first + i, logits.values[first + i]) : 0;
                sum += own[i];
            }
            uint64 upTo = sumBelow(sum), rest = target - (upTo - sum);
            int index = first;
            UNROLL for (int i = 0; i < 3; i++)
            {
                bool past = index == first + i && rest >= own[i];
                rest -= past ? own[i] : 0;
                index += past;
            }
            int found = smallestOfLanes(target < upTo ? index : segment.end);
            if (found < segment.end)
                return found;
            uint64 all = (uint64)(uint32)fromLane((int)(upTo >> 32), WarpLanes - 1) << 32 | (uint32)fromLane((int)upTo, WarpLanes - 1);
            target -= all;
        }
        return segment.end - 1;
    }

    // The cut where the count of weights, or their sum, from the largest down, reaches the target. Only keys above floor count.
    DEVICE_MEMBER Selection select(const Logits& logits, const Kept& weights, int floor, bool byCount, uint64 target) const
    {
        int prefix = 0;
        uint64 above = 0;
        for (int high = KeyBits; ; )
        {
            int shift = larger(0, high - Bits);
            count(logits, weights, floor, prefix, high, shift);
            if (place() == 0)
                chooseBin(prefix << (high - shift), shift, byCount, target, above);
            sync();
            int chosen = memory->chosen;
            uint32 equal = memory->counts[larger(chosen, 0)];
            above = memory->above;
            sync();
            if (chosen < 0)
                return { floor, 0, 0 };
            prefix = prefix << (high - shift) | chosen;
            if (shift == 0)
            {
                uint64 missing = target - above, weight = keyWeight(prefix);
                int ties = (int)(byCount ? missing : (missing + weight - 1) / weight);
                return { prefix, ties, (int)equal };
            }
            if (byCount ? above + equal == target : equal == 1)
                return { larger(floor, (prefix << shift) - 1), 0, 0 };
            high = shift;
        }
    }

    // Counts and sums of the keys whose bits from high up are the prefix, by their bits from shift up.
    DEVICE_MEMBER void count(const Logits& logits, const Kept& weights, int floor, int prefix, int high, int shift) const
    {
        for (int bin = rank(); bin < Bins; bin += WarpCount * WarpLanes)
        {
            memory->counts[bin] = 0;
            memory->lows[bin] = 0;
            memory->highs[bin] = 0;
        }
        sync();
        int mask = (1 << (high - shift)) - 1;
        segment(logits.count).each(logits, [&](int, float z)
        {
            int key = weightKey(weights.rounded(z));
            if (key <= floor || key >> high != prefix)
                return;
            int bin = key >> shift & mask;
            uint32 significand = ((uint32)key & 0x7FFFFFu) | 0x800000u;
            __sync_fetch_and_add(&memory->counts[bin], 1u);
            __sync_fetch_and_add(&memory->lows[bin], significand & 0xFFFu);
            __sync_fetch_and_add(&memory->highs[bin], significand >> 12);
        });
        sync();
    }

    // Sum of a bin's weights; base is the key of the bin 0.
    DEVICE_MEMBER uint64 binSum(int prefix, int shift, int bin) const
    {
        uint64 significands = ((uint64)memory->highs[bin] << 12) + memory->lows[bin];
        int exponent = (((prefix | bin) << shift) >> 23) - 23;
        return exponent < 0 ? significands >> -exponent : significands << exponent;
    }

    // One warp: the bin where the target is reached, coming down from the top; -1 where a count never exceeds it.
    DEVICE_MEMBER void chooseBin(int prefix, int shift, bool byCount, uint64 target, uint64 above) const
    {
        constexpr int Own = Bins / WarpLanes;
        int top = Bins - 1 - lane() * Own;
        uint64 sum = 0;
        for (int bin = top; bin > top - Own; bin--)
            sum += byCount ? memory->counts[bin] : binSum(prefix, shift, bin);
        uint64 upTo = above + sumBelow(sum);
        uint64 reached = upTo - sum;
        if (lane() == WarpLanes - 1 && upTo < target)
        {
            memory->chosen = -1;
            memory->above = upTo;
        }
        if (reached >= target || upTo < target)
            return;
        for (int bin = top; bin > top - Own; bin--)
        {
            uint64 own = byCount ? memory->counts[bin] : binSum(prefix, shift, bin);
            if (reached + own >= target)
            {
                memory->chosen = bin;
                memory->above = reached;
                return;
            }
            reached += own;
        }
    }
};

typedef Team<1, 8> WarpTeam;
typedef Team<32, 10> BlockTeam;
// For part of a row, where nothing is selected.
typedef Team<8, 5> PartTeam;
