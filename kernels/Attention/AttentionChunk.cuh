// Attention of one row to one chunk, for all the query heads that read a key head: a warp's work.
#pragma once
#include "Attention.cuh"

constexpr int MostHeads = 4;   // query heads that a warp takes at once

// Copies 16 bytes to shared memory past the registers.
DEVICE void copyAsync(void* to, const void* from)
{
    uint32 address = (uint32)(uint64)(__attribute__((address_space(3))) void*)to;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;"
        :
        : "r"(address), "l"((__attribute__((address_space(1))) const void*)from)
        : "memory");
}

DEVICE void waitForCopies() { asm volatile("cp.async.wait_all;" : : : "memory"); }

// Place of a 16-byte piece among shared pieces: eight neighbouring keys' pieces lie in different banks.
DEVICE int swizzle(int piece) { return piece ^ ((piece >> 3) & 7); }

struct OwnTask
{
    int row, kvHead, position, firstChunk;
    int64 table;       // place of its sequence's pages
};

// Softmax of H heads, a lane having the scores of keys lane and lane + 32; leaves the weights [H][64] in shared memory.
template <int H>
DEVICE void softmax(
    const AttentionParameters& p, float (&scores)[H][2], float (&valueScales)[2], float* weights, int row, int head, int chunk)
{
    UNROLL for (int h = 0; h < H; h++)
    {
        float max = largestOfLanes(larger(scores[h][0], scores[h][1]));
        float first = exactExp(scores[h][0] - max), second = exactExp(scores[h][1] - max);
        float sum = sumLanes(first + second);
        weights[h * Chunk + lane()] = first * valueScales[0];
        weights[h * Chunk + lane() + WarpLanes] = second * valueScales[1];
        if (lane() == 0)
            writeSoftmax(p, partialOf(p, row, head + h, chunk), max, sum);
    }
}

// D dimensions of one value as floats.
template <int D>
DEVICE void readValue(const int8* from, float (&value)[D])
{
    if (D == 1)
        bytesToFloats(*(const uint8*)from, value);
    else if (D == 2)
        bytesToFloats(*(const unsigned short*)from, value);
    else
        bytesToFloats(*(const uint32*)from, value);
}

template <int D>
DEVICE void readValue(const float* from, float (&value)[D])
{
    if constexpr (D == 4)
    {
        Float4 x = *(const Float4*)from;
        value[0] = x.x;
        value[1] = x.y;
        value[2] = x.z;
        value[3] = x.w;
    }
    else if constexpr (D == 2)
    {
        Float2 x = *(const Float2*)from;
        value[0] = x.x;
        value[1] = x.y;
    }
    else
    {
        value[0] = *from;
    }
}

template <int D>
DEVICE void readValue(const Bf16* from, float (&value)[D])
{
    if constexpr (D == 1)
    {
        value[0] = asFloat(*from);
    }
    else
    {
        UNROLL for (int d = 0; d < D; d += 2)
        {
            Float2 pair = readPair(from + d);
            value[d] = pair.x;
            value[d + 1] = pair.y;
        }
    }
}

template <int H, int D>
DEVICE void addValue(const float (&weight)[H], const float (&value)[D], float (&sum)[H][D])
{
    UNROLL for (int h = 0; h < H; h++)
        UNROLL for (int d = 0; d < D; d++)
            sum[h][d] = fma(weight[h], value[d], sum[h][d]);
}

// output[h][d] = chain over keys, ascending, of weight * value: D neighbouring dimensions a lane. Pad is the padded width of a head, 0
// where it is known only at run time.
template <int H, int D, int Pad, typename T>
DEVICE void sumDimensions(const AttentionParameters& p, const T* values, const float* weights, int count, int row, int head, int chunk)
{
    int pad = Pad > 0 ? Pad : p.headPad;
    for (int first = lane() * D; first < pad; first += WarpLanes * D)
    {
        float sum[H][D] = {};
        const T* from = values + first;
        int j = 0;
        for (; j + 4 <= count; j += 4, from += 4 * pad)
        {
            Float4 four[H];
            float value[4][D];
            UNROLL for (int i = 0; i < 4; i++)
                readValue(from + i * pad, value[i]);
            UNROLL for (int h = 0; h < H; h++)
                four[h] = *(const Float4*)(weights + h * Chunk + j);
            UNROLL for (int i = 0; i < 4; i++)
            {
                float weight[H];
                UNROLL for (int h = 0; h < H; h++)
                    weight[h] = i == 0 ? four[h].x : i == 1 ? four[h].y : i == 2 ? four[h].z : four[h].w;
                addValue(weight, value[i], sum);
            }
        }
        for (; j < count; j++, from += pad)
        {
            float weight[H], value[D];
            readValue(from, value);
            UNROLL for (int h = 0; h < H; h++)
                weight[h] = weights[h * Chunk + j];
            addValue(weight, value, sum);
        }
        UNROLL for (int h = 0; h < H; h++)
        {
            float* to = partialOf(p, row, head + h, chunk) + first;
            if constexpr (D == 1)
                to[0] = sum[h][0];
            else
                UNROLL for (int d = 0; d < D; d += 2)
                    *(Float2*)(to + d) = { sum[h][d], sum[h][d + 1] };
        }
    }
}

// The widths of most models have their own form; of int8 they have it already.
template <int H, int Pad, typename T>
DEVICE void sumValues(const AttentionParameters& p, const T* values, const float* weights, int count, int row, int head, int chunk)
{
    warpBarrier();
    if constexpr (Pad > 0)
        sumDimensions<H, Pad / WarpLanes, Pad>(p, values, weights, count, row, head, chunk);
    else if constexpr (sizeof(T) == 1)
        sumDimensions<H, 1, 0>(p, values, weights, count, row, head, chunk);
    else if (p.headPad == 128)
        sumDimensions<H, 4, 128>(p, values, weights, count, row, head, chunk);
    else if (p.headPad == 64)
        sumDimensions<H, 2, 64>(p, values, weights, count, row, head, chunk);
    else
        sumDimensions<H, 1, 0>(p, values, weights, count, row, head, chunk);
    warpBarrier();
}

// A chunk whose keys and values lie in shared memory.
struct Int8Chunk
{
    const Int4* keys;
    const int8* values;
    float* weights;
    float keyScales[2];
    float valueScales[2];
    int count;
};

template <int H, int Pad>
DEVICE void attendInt8(const AttentionParameters& p, Int8Chunk& c, int row, int head, int chunk)
{
    int pad = Pad > 0 ? Pad : p.headPad, pieces = pad / 16;
    const Int4* q = (const Int4*)(p.q + ((int64)row * p.heads + head) * pad);
    int key[2] = { smaller(lane(), c.count - 1) * pieces, smaller(lane() + WarpLanes, c.count - 1) * pieces };
    int sum[H][2] = {};
    for (int i = 0; i < pieces; i++)
    {
        Int4 k[2] = { c.keys[swizzle(key[0] + i)], c.keys[swizzle(key[1] + i)] };
        UNROLL for (int h = 0; h < H; h++)
        {
            Int4 query = q[h * pieces + i];
            UNROLL for (int j = 0; j < 2; j++)
            {
                sum[h][j] = dot4((uint32)query.x, (uint32)k[j].x, sum[h][j]);
                sum[h][j] = dot4((uint32)query.y, (uint32)k[j].y, sum[h][j]);
                sum[h][j] = dot4((uint32)query.z, (uint32)k[j].z, sum[h][j]);
                sum[h][j] = dot4((uint32)query.w, (uint32)k[j].w, sum[h][j]);
            }
        }
    }
    float scores[H][2];
    UNROLL for (int h = 0; h < H; h++)
    {
        float scale = p.queryScales[(int64)row * p.heads + head + h];
        UNROLL for (int j = 0; j < 2; j++)
            scores[h][j] = lane() + j * WarpLanes < c.count ? (float)sum[h][j] * c.keyScales[j] * scale : MinusInfinity;
    }
    softmax<H>(p, scores, c.valueScales, c.weights, row, head, chunk);
    sumValues<H, Pad>(p, c.values, c.weights, c.count, row, head, chunk);
}

// A chunk's place in a warp's part of shared memory. Whoever holds a chunk before it is copied starts from this: pointers that might also
// be null would be of no known space, and each access through them would first have to find out which.
template <int Pad>
DEVICE Int8Chunk placeOfChunk(const AttentionParameters& p, char* shared)
{
    int pad = Pad > 0 ? Pad : p.headPad;
    Int8Chunk c = {};
    c.keys = (const Int4*)shared;
    c.values = (const int8*)shared + Chunk * pad;
    c.weights = (float*)(shared + 2 * Chunk * pad);
    return c;
}

// Starts the copy of a chunk to a warp's part of shared memory.
template <int Pad>
DEVICE Int8Chunk beginChunkInt8(const AttentionParameters& p, const OwnTask& task, int chunk, char* shared)
{
    int pad = Pad > 0 ? Pad : p.headPad;
    Int8Chunk c = placeOfChunk<Pad>(p, shared);
    c.count = keysSeen(task.position, chunk);
    const char* page = (const char*)headPage<int8>(p, p.pages[task.table + chunk], task.kvHead);
    char* keys = shared;
    char* values = keys + Chunk * pad;
    for (int i = lane(); i < c.count * pad / 16; i += WarpLanes)
    {
        copyAsync(keys + swizzle(i) * 16, page + i * 16);
        copyAsync(values + i * 16, page + Chunk * pad + i * 16);
    }
    const float* scales = (const float*)(page + 2 * Chunk * pad);
    UNROLL for (int j = 0; j < 2; j++)
    {
        int key = lane() + j * WarpLanes;
        c.keyScales[j] = key < c.count ? scales[key] : 0.0f;
        c.valueScales[j] = key < c.count ? scales[Chunk + key] : 0.0f;
    }
    return c;
}

template <int Pad>
DEVICE void attendChunkInt8(const AttentionParameters& p, const OwnTask& task, int chunk, Int8Chunk& c)
{
    waitForCopies();
    warpBarrier();
    int first = task.kvHead * group(p), end = first + group(p);
    int head = first;
    for (; head + MostHeads <= end; head += MostHeads)
        attendInt8<MostHeads, Pad>(p, c, task.row, head, chunk);
    if (end - head == 3)
        attendInt8<3, Pad>(p, c, task.row, head, chunk);
    else if (end - head == 2)
        attendInt8<2, Pad>(p, c, task.row, head, chunk);
    else if (end - head == 1)
        attendInt8<1, Pad>(p, c, task.row, head, chunk);
}
