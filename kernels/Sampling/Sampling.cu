// Draws a token from each row of logits and appends it to its slot: logits [rows, vocabulary] -> SlotState. The reference is Sampler.cs,
// draw for draw. Forms: sample_warps, a warp a row, for small vocabularies; sample_blocks, a block of 32 warps a row; for few draws from
// large vocabularies 32 blocks a row, a part each, in two launches: sample_largest, then sample_parts, or sample_parts_filtered for top-k,
// top-p and min-p, whose last block goes over the whole row. Sums are of integers, so that every form has the same bits.
#include "SlotState.cuh"
#include "SamplingTeam.cuh"
#include "../ExactMath/LastBlock.cuh"

// Of a row: a lane each in the block that ends last.
constexpr int Parts = WarpLanes;

// What the blocks of a row hand on: the first launch the slot and the largest logits, the second the sums to its last block.
// SamplingCuda.cs knows its size.
struct RowParts
{
    uint64 atOne[Parts];        // sums at temperature 1
    uint64 drawn[Parts];        // and at that of the draw
    float largest[Parts];
    uint32 counter;             // 0 before and after
    int slot;                   // -1 where the draw is skipped
};

// Parameters of the kernels of this file; SamplingCuda.cs has the same fields.
struct SamplingParameters
{
    const float* logits;        // [logit rows, vocabulary]
    const int* logitRows;       // [draws]: the row of logits; null: row i for draw i
    const int* slots;           // [draws]; -1 draws nothing
    SlotState state;
    const int* stopTokens;
    int* errors;
    RowParts* parts;            // [draws]
    uint64 seed;
    float temperature;          // 0: the first largest logit
    float topP;                 // 1: no top-p
    float minP;                 // 0: no min-p
    int topK;                   // 0: no top-k
    int vocabulary;
    int count;
    int stopTokenCount;
};

DEVICE uint64 randomBits(uint64 seed, uint32 c0, uint32 c1, uint32 c2)
{
    uint32 c3 = 0, key0 = (uint32)seed, key1 = (uint32)(seed >> 32);
    UNROLL for (int round = 0; round < 10; round++)
    {
        uint64 product0 = (uint64)0xD2511F53u * c0, product1 = (uint64)0xCD9E8D57u * c2;
        c0 = (uint32)(product1 >> 32) ^ c1 ^ key0;
        c2 = (uint32)(product0 >> 32) ^ c3 ^ key1;
        c1 = (uint32)product1;
        c3 = (uint32)product0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return c0 | (uint64)c1 << 32;
}

DEVICE bool skips(const SamplingParameters& p, int slot) { return slot < 0 || p.state.done[slot] != 0; }

DEVICE Logits rowOf(const SamplingParameters& p, int draw)
{
    const float* rows = p.logits;
    int row = p.logitRows ? p.logitRows[draw] : draw;
    return { rows + (int64)row * p.vocabulary, p.vocabulary };
}

// The largest logit of a row or part of it; infinite or NaN where the row is not to be drawn from.
template <typename T>
DEVICE float largestLogit(const T& team, const Logits& logits, Segment of)
{
    float max = -__builtin_inff();
    team.segment(of).each(logits, [&](int, float z) { max = largerOrNaN(max, z); });
    return team.largest(max);
}

// NaN and infinities stay so over the temperature, and a logit that becomes infinite there is not drawn from either.
DEVICE bool isFinite(const SamplingParameters& p, float max)
{
    return magnitudeBits(p.temperature == 0.0f ? max : max / p.temperature) < InfinityBits;
}

struct Sums
{
    uint64 atOne;         // at temperature 1, of the row or part
    uint64 segment;       // at the temperature of the draw, of the warp's segment
};

template <typename T>
DEVICE Sums sumWeights(const T& team, const Logits& logits, Segment of, float temperature, float max)
{
    uint64 atOne = 0, drawn = 0;
    Segment segment = team.segment(of);
    if (temperature == 1.0f || temperature == 0.0f)
    {
        segment.each(logits, [&](int, float z) { atOne += fixedPoint(scaledWeight(z - max)); });
        atOne = sumLanes(atOne);
        return { team.sumWarps(atOne), atOne };
    }
    float top = max / temperature;
    segment.each(logits, [&](int, float z)
    {
        atOne += fixedPoint(scaledWeight(z - max));
        drawn += fixedPoint(scaledWeight(z / temperature - top));
    });
    return { team.sumWarps(sumLanes(atOne)), sumLanes(drawn) };
}

template <typename T>
DEVICE int firstOf(const T& team, const Logits& logits, Segment of, float max)
{
    int first = logits.count;
    team.segment(of).each(logits, [&](int i, float z) { first = z == max ? smaller(first, i) : first; });
    return team.smallest(first);
}

// What the filters leave: everything above a weight, and the first of those that equal it.
template <typename T>
DEVICE Kept filter(const SamplingParameters& p, const T& team, const Logits& logits, Kept kept, uint64 total)
{
    int ties = 0;
    bool allTies = true;
    bool useTopP = p.topP < 1.0f;
    if (p.topK > 0)
    {
        Selection s = team.select(logits, kept, -1, true, (uint64)p.topK);
        kept.key = s.key;
        ties = s.ties;
        allTies = s.ties == s.equal;
        if (useTopP)
        {
            uint64 above = 0;
            team.segment(logits.count).each(logits, [&](int, float z)
            {
                float weight = kept.rounded(z);
                above += weightKey(weight) > kept.key ? fixedPoint(weight) : 0;
            });
            total = team.sumWarps(sumLanes(above)) + (uint64)ties * keyWeight(kept.key);
        }
    }
    if (useTopP)
    {
        // The least sum whose 2^32-fold is at least top-p's 2^32-fold times the total.
        uint64 share = fixedPoint(p.topP * 4294967296.0f), high = total >> 32, low = total & 0xFFFFFFFFu;
        uint64 needed = share * high + ((share * low + 0xFFFFFFFFu) >> 32);
        Selection s = team.select(logits, kept, ties > 0 ? kept.key - 1 : kept.key, false, needed > 1 ? needed : 1);
        kept.key = s.key;
        ties = s.ties;
        allTies = s.ties == s.equal;
    }
    int least = p.minP > 0.0f ? weightKey(__builtin_truncf(p.minP * FixedOne)) : -1;
    if (least > TopKey)
    {
        kept.key = TopKey;
        ties = 1;
        allTies = false;
    }
    else if (least > kept.key)
    {
        kept.key = least - 1;
        ties = 0;
    }
    kept.lastTie = ties == 0 ? -1 : logits.count;
    if (ties > 0 && !allTies)
    {
        Ties equal = { kept };
        kept.lastTie = team.locate(logits, equal, team.segmentSum(logits, equal), (uint64)(ties - 1));
    }
    return kept;
}

DEVICE bool hasFilters(const SamplingParameters& p) { return p.topK > 0 || p.topP < 1.0f || p.minP > 0.0f; }

// What the weights up to the drawn token exceed.
DEVICE uint64 drawTarget(const SamplingParameters& p, int slot, uint64 total)
{
    uint64 random = randomBits(p.seed, (uint32)p.state.problem[slot], (uint32)p.state.sample[slot], (uint32)p.state.position[slot] + 1);
    return highProduct(random, total);
}

template <typename T>
DEVICE int drawFiltered(const SamplingParameters& p, const T& team, const Logits& logits, const Kept& all, uint64 total, int slot)
{
    Kept kept = filter(p, team, logits, all, total);
    uint64 segment = team.segmentSum(logits, kept);
    return team.locate(logits, kept, segment, drawTarget(p, slot, team.sumWarps(segment)));
}

template <typename T>
DEVICE int drawToken(const SamplingParameters& p, const T& team, const Logits& logits, float max, const Sums& sums, int slot)
{
    if (p.temperature == 0.0f)
        return firstOf(team, logits, { 0, logits.count }, max);
    Kept all = { p.temperature, max / p.temperature, -1, -1 };
    uint64 total = team.sumWarps(sums.segment);
    if (hasFilters(p))
        return drawFiltered(p, team, logits, all, total, slot);
    return team.locate(logits, all, sums.segment, drawTarget(p, slot, total));
}

DEVICE void append(const SamplingParameters& p, int slot, int token, float difference, uint64 total)
{
    const SlotState& state = p.state;
    int count = state.count[slot];
    int64 place = (int64)slot * state.maxTokens + count;
    state.outTokens[place] = token;
    state.outDifference[place] = difference;
    state.outTotal[place] = total;
    state.token[slot] = token;
    state.position[slot] += 1;
    state.count[slot] = count + 1;
    int done = count + 1 >= state.maxTokens ? 2 : 0;
    for (int i = 0; i < p.stopTokenCount; i++)
        done = p.stopTokens[i] == token ? 1 : done;
    state.done[slot] = done;
}

template <typename T>
DEVICE void drawRow(const SamplingParameters& p, const T& team, int draw)
{
    int slot = p.slots[draw];
    if (skips(p, slot))
        return;
    Logits logits = rowOf(p, draw);
    Segment row = { 0, logits.count };
    float max = largestLogit(team, logits, row);
    if (!isFinite(p, max))
    {
        if (team.rank() == 0)
            report(p.errors, NotFinite);
        return;
    }
    Sums sums = sumWeights(team, logits, row, p.temperature, max);
    int token = drawToken(p, team, logits, max, sums, slot);
    team.sync();
    if (team.rank() == 0)
        append(p, slot, token, logits.values[token] - max, sums.atOne);
}

DEVICE Segment rowPart(const Logits& logits, int index) { return partOf({ 0, logits.count }, Parts, index); }

// The token of a row without filters, looked for in one part; largest and drawn are those of the lane's part.
template <typename T>
DEVICE int drawFromPart(const SamplingParameters& p, const T& team, const Logits& logits, float largest, float max, uint64 drawn, int slot)
{
    if (p.temperature == 0.0f)
        return firstOf(team, logits, rowPart(logits, smallestOfLanes(largest == max ? lane() : Parts - 1)), max);
    Kept all = { p.temperature, max / p.temperature, -1, -1 };
    uint64 target = drawTarget(p, slot, sumLanes(drawn));
    int part = laneOf(drawn, target);
    return team.locateWithin(logits, all, rowPart(logits, part), target);
}

// One of a row's blocks. Whether the draw is skipped was found by the launch before: the last block changes what the slot's state is.
template <bool Filters, typename T>
DEVICE void drawPart(const SamplingParameters& p, const T& team, int draw, int part)
{
    RowParts* row = p.parts + draw;
    int slot = row->slot;
    if (slot < 0)
        return;
    Logits logits = rowOf(p, draw);
    float largest = row->largest[lane()], max = largestOfLanesOrNaN(largest);
    if (!isFinite(p, max))
    {
        if (part == 0 && team.rank() == 0)
            report(p.errors, NotFinite);
        return;
    }
    Sums sums = sumWeights(team, logits, rowPart(logits, part), p.temperature, max);
    uint64 drawn = team.sumWarps(sums.segment);
    if (team.rank() == 0)
    {
        row->atOne[part] = sums.atOne;
        row->drawn[part] = drawn;
    }
    if (!isLastBlock(&row->counter, Parts))
        return;
    drawn = row->drawn[lane()];
    int token;
    if (Filters)
        token = drawFiltered(p, team, logits, { p.temperature, max / p.temperature, -1, -1 }, sumLanes(drawn), slot);
    else
        token = drawFromPart(p, team, logits, largest, max, drawn, slot);
    team.sync();
    uint64 atOne = sumLanes(row->atOne[lane()]);
    if (team.rank() == 0)
        append(p, slot, token, logits.values[token] - max, atOne);
}

// A warp a row, for small vocabularies.
KERNEL THREADS(128) sample_warps(SamplingParameters p)
{
    startAfterPrevious();
    SHARED static WarpTeam::Memory memory[4];
    int draw = blockX() * 4 + warp();
    if (draw < p.count)
        drawRow(p, WarpTeam { &memory[warp()] }, draw);
}

// A block a row.
KERNEL THREADS(1024) sample_blocks(SamplingParameters p)
{
    startAfterPrevious();
    SHARED static BlockTeam::Memory memory;
    drawRow(p, BlockTeam { &memory }, blockX());
}

// A block a part of a row: its largest logit, and for the first part the slot that is drawn for.
KERNEL THREADS(256) sample_largest(SamplingParameters p)
{
    startAfterPrevious();
    SHARED static PartTeam::Memory memory;
    PartTeam team = { &memory };
    int draw = blockY(), part = blockX(), slot = p.slots[draw];
    bool skipped = skips(p, slot);
    RowParts* row = p.parts + draw;
    if (part == 0 && team.rank() == 0)
        row->slot = skipped ? -1 : slot;
    if (skipped)
        return;
    Logits logits = rowOf(p, draw);
    float largest = largestLogit(team, logits, rowPart(logits, part));
    if (team.rank() == 0)
        row->largest[part] = largest;
}

// A block a part of a row: its sums, and the last block's draw.
KERNEL THREADS(256) sample_parts(SamplingParameters p)
{
    startAfterPrevious();
    SHARED static PartTeam::Memory memory;
    drawPart<false>(p, PartTeam { &memory }, blockY(), blockX());
}

// The same with filters, at a temperature above 0.
KERNEL THREADS(1024) sample_parts_filtered(SamplingParameters p)
{
    startAfterPrevious();
    SHARED static BlockTeam::Memory memory;
    drawPart<true>(p, BlockTeam { &memory }, blockY(), blockX());
}
