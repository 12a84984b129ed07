// Attention of many rows to one chunk that all of them read. An item names the page and a run of rows; a block takes an item and a key
// head, loads keys and values once, and each of its warps takes 16 queries at a time (rows of the item times the query heads of the key
// head). Writes the same partials [rows, heads, maxPages, headPad + 2] as AttentionOwn. Forms: f32 and bf16 by fma; int8 by tensor cores
// for the dot products, whose int32 sums are exact in any order.
#include "Attention.cuh"

constexpr int TileQueries = 16;
constexpr int TileStride = TileQueries + 4;      // floats: rows of four-float vectors that lie in different banks

struct Item
{
    int page, chunk, firstRow, queries, kvHead;
    int keys;             // that one of its rows sees; the page may hold no more
};

DEVICE bool findItem(const AttentionParameters& p, Item& item)
{
    if (blockX() >= *p.itemCount)
        return false;
    const Int4* items = p.items;
    Int4 found = items[blockX()];
    int keys = 0;
    for (int i = lane(); i < found.w; i += WarpLanes)
        keys = larger(keys, keysSeen(p.positions[found.z + i], found.y));
    keys = (int)largestLane((uint32)keys);
    item = { found.x, found.y, found.z, found.w * group(p), blockY(), keys };
    return keys > 0;
}

// What a warp knows of its 16 queries, in shared memory.
struct Tile
{
    float* weights;       // [64 keys][TileStride], transposed: a key's weights for the queries lie together
    int64* partials;      // [16] where the results go, in floats; -1: nowhere
    int* counts;          // [16] keys that the query sees
};

// A warp's bytes beside what its block shares; rows is 64 at least.
DEVICE int tileBytes(int rows) { return rows * TileStride * (int)sizeof(float) + TileQueries * (int)(sizeof(int64) + sizeof(int)); }

DEVICE Tile tileAt(char* shared, int rows)
{
    float* weights = (float*)shared;
    int64* partials = (int64*)(weights + rows * TileStride);
    return { weights, partials, (int*)(partials + TileQueries) };
}

struct Query
{
    int row, head, count;
};

DEVICE Query queryOf(const AttentionParameters& p, const Item& item, int index)
{
    Query query = { 0, item.kvHead * group(p), 0 };
    if (index >= item.queries)
        return query;
    query.row = item.firstRow + index / group(p);
    query.head += index % group(p);
    query.count = keysSeen(p.positions[query.row], item.chunk);
    return query;
}

// Lanes 0 to 15 look their queries up. Returns the most keys that one of them sees.
DEVICE int openTile(const AttentionParameters& p, const Item& item, int first, const Tile& tile)
{
    int count = 0;
    if (lane() < TileQueries)
    {
        Query query = queryOf(p, item, first + lane());
        count = query.count;
        tile.counts[lane()] = count;
        tile.partials[lane()] = count > 0 ? partialOf(p, query.row, query.head, item.chunk) - p.partials : -1;
    }
    warpBarrier();
    return (int)largestLane((uint32)count);
}

// sum[q][d] = chain over steps of a[step][q] * b[step][d], for Q queries and four neighbouring columns a lane: Q = 8 takes 64 columns
// in a warp, Q = 4 takes 32.
template <int Q>
DEVICE void multiply(const float* a, const float* b, int stride, int steps, float (&sum)[Q][4])
{
    constexpr int Lanes = 2 * Q;
    const float* left = a + lane() / Lanes * Q;
    const float* right = b + lane() % Lanes * 4;
    for (int step = 0; step < steps; step++, left += TileStride, right += stride)
    {
        Float4 y = *(const Float4*)right;
        UNROLL for (int q = 0; q < Q; q += 4)
        {
            Float4 x = *(const Float4*)(left + q);
            float four[4] = { x.x, x.y, x.z, x.w };
            UNROLL for (int i = 0; i < 4; i++)
            {
                sum[q + i][0] = fma(four[i], y.x, sum[q + i][0]);
                sum[q + i][1] = fma(four[i], y.y, sum[q + i][1]);
                sum[q + i][2] = fma(four[i], y.z, sum[q + i][2]);
                sum[q + i][3] = fma(four[i], y.w, sum[q + i][3]);
            }
        }
    }
}

// One slab of 8 * Q dimensions of the outputs.
template <int Q>
DEVICE void sumSlab(const AttentionParameters& p, const Tile& tile, const float* values, int first, int pad, int count)
{
    constexpr int Lanes = 2 * Q;
    float sum[Q][4] = {};
    multiply<Q>(tile.weights, values + first, pad, count, sum);
    UNROLL for (int q = 0; q < Q; q++)
    {
        int64 place = tile.partials[lane() / Lanes * Q + q];
        if (place < 0)
            continue;
        float* partials = p.partials;
        float* to = partials + place + first + lane() % Lanes * 4;
        *(Float2*)to = { sum[q][0], sum[q][1] };
        *(Float2*)(to + 2) = { sum[q][2], sum[q][3] };
    }
}

DEVICE void sumValues(const AttentionParameters& p, const Tile& tile, const float* values, int count)
{
    int pad = p.headPad;
    warpBarrier();
    int first = 0;
    for (; first + 64 <= pad; first += 64)
        sumSlab<8>(p, tile, values, first, pad, count);
    if (first < pad)
        sumSlab<4>(p, tile, values, first, pad, count);
    warpBarrier();
}

// Distance of int8 keys in shared memory: neighbouring keys' pieces of 64 dimensions lie in different banks.
DEVICE int keyStride(int pad) { return pad == 32 ? 32 : ((pad + 63) / 64 | 1) * 64; }

struct SharedInt8
{
    float* values;        // [64][pad], as floats
    float* keyScales;
    float* valueScales;
    int8* keys;           // [64][keyStride]
};

DEVICE SharedInt8 loadInt8(const AttentionParameters& p, const Item& item)
{
    constexpr int Loads = 8;
    int pad = p.headPad, stride = keyStride(pad);
    SharedInt8 s;
    s.values = (float*)dynamicShared;
    s.keyScales = s.values + Chunk * pad;
    s.valueScales = s.keyScales + Chunk;
    s.keys = (int8*)(s.valueScales + Chunk);
    const char* page = (const char*)headPage<int8>(p, item.page, item.kvHead);
    const float* scales = (const float*)(page + 2 * Chunk * pad);
    for (int i = threadIndex(); i < 2 * Chunk; i += blockThreads())
        s.keyScales[i] = i % Chunk < item.keys ? scales[i] : 0.0f;
    for (int i = threadIndex() * 16; i < Chunk * pad; i += blockThreads() * 16)
        *(Int4*)(s.keys + i / pad * stride + i % pad) = i < item.keys * pad ? *(const Int4*)(page + i) : Int4{ 0, 0, 0, 0 };
    // Four values a lane: the floats that a warp writes lie side by side, in different banks.
    const char* values = page + Chunk * pad;
    for (int first = threadIndex() * 4; first < item.keys * pad; first += Loads * blockThreads() * 4)
    {
        uint32 words[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
        {
            int i = first + j * blockThreads() * 4;
            words[j] = i < item.keys * pad ? *(const uint32*)(values + i) : 0;
        }
        UNROLL for (int j = 0; j < Loads; j++)
        {
            int i = first + j * blockThreads() * 4;
            float x[4];
            bytesToFloats(words[j], x);
            if (i < item.keys * pad)
                *(Float4*)(s.values + i) = { x[0], x[1], x[2], x[3] };
        }
    }
    barrier();
    return s;
}

// 16 queries times 8 keys over 32 dimensions. Lane l has queries l / 4 and l / 4 + 8; it reads key l / 4, and its sums are of keys
// l % 4 * 2 and the next.
DEVICE void multiplyInt8(int (&sum)[4], uint32 a0, uint32 a1, uint32 a2, uint32 a3, uint32 b0, uint32 b1)
{
    asm("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+r"(sum[0]), "+r"(sum[1]), "+r"(sum[2]), "+r"(sum[3])
        : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

constexpr int KeyTiles = Chunk / 8;

// Dot products of the lane's two queries with all keys. The order of the dimensions does not matter: a lane takes 16 neighbouring ones.
DEVICE void scoreInt8(const int8* queryLow, const int8* queryHigh, const SharedInt8& s, int pad, int (&sum)[KeyTiles][4])
{
    int stride = keyStride(pad);
    const int8* keys = s.keys + lane() / 4 * stride;
    int first = 0;
    for (; first + 64 <= pad; first += 64)
    {
        int place = first + lane() % 4 * 16;
        Int4 low = *(const Int4*)(queryLow + place), high = *(const Int4*)(queryHigh + place);
        UNROLL for (int n = 0; n < KeyTiles; n++)
        {
            Int4 key = *(const Int4*)(keys + n * 8 * stride + place);
            multiplyInt8(sum[n], (uint32)low.x, (uint32)high.x, (uint32)low.y, (uint32)high.y, (uint32)key.x, (uint32)key.y);
            multiplyInt8(sum[n], (uint32)low.z, (uint32)high.z, (uint32)low.w, (uint32)high.w, (uint32)key.z, (uint32)key.w);
        }
    }
    if (first == pad)
        return;
    int place = first + lane() % 4 * 8;
    Int2 low = *(const Int2*)(queryLow + place), high = *(const Int2*)(queryHigh + place);
    UNROLL for (int n = 0; n < KeyTiles; n++)
    {
        Int2 key = *(const Int2*)(keys + n * 8 * stride + place);
        multiplyInt8(sum[n], (uint32)low.x, (uint32)high.x, (uint32)low.y, (uint32)high.y, (uint32)key.x, (uint32)key.y);
    }
}

DEVICE float pairTree(float x)
{
    x = x + exchange(x, 2);
    return x + exchange(x, 1);
}

// Softmax of one of the lane's two queries: of keys 8 n + 2 (lane % 4) and the next, half 0 or 1 of each sum.
template <int Half>
DEVICE void softmaxInt8(
    const AttentionParameters& p, const SharedInt8& s, const Tile& tile, const Query& query, const int (&sum)[KeyTiles][4])
{
    float queryScale = p.queryScales[(int64)query.row * p.heads + query.head];
    float x[KeyTiles][2], max = MinusInfinity;
    int key = lane() % 4 * 2;
    UNROLL for (int n = 0; n < KeyTiles; n++)
    {
        Float2 scale = *(const Float2*)(s.keyScales + n * 8 + key);
        x[n][0] = n * 8 + key < query.count ? (float)sum[n][Half * 2] * scale.x * queryScale : MinusInfinity;
        x[n][1] = n * 8 + key + 1 < query.count ? (float)sum[n][Half * 2 + 1] * scale.y * queryScale : MinusInfinity;
        max = larger(max, larger(x[n][0], x[n][1]));
    }
    max = larger(max, exchange(max, 1));
    max = larger(max, exchange(max, 2));
    int place = lane() / 4 + Half * 8;
    UNROLL for (int n = 0; n < KeyTiles; n++)
    {
        Float2 scale = *(const Float2*)(s.valueScales + n * 8 + key);
        UNROLL for (int i = 0; i < 2; i++)
        {
            // For every key, seen or not: a branch around each would leave no two that run side by side.
            float weight = exactExp(x[n][i] - max), scaled = weight * (i == 0 ? scale.x : scale.y);
            bool seen = n * 8 + key + i < query.count;
            x[n][i] = seen ? weight : 0.0f;
            tile.weights[(n * 8 + key + i) * TileStride + place] = seen ? scaled : 0.0f;
        }
    }
    // Lanes of 32 keys: n and n + 4; then the tree's steps of 16 and 8 keys, which lie in one lane, and of 4, 2 and 1.
    float lanes[2];
    UNROLL for (int i = 0; i < 2; i++)
        lanes[i] = pairTree(((x[0][i] + x[4][i]) + (x[2][i] + x[6][i])) + ((x[1][i] + x[5][i]) + (x[3][i] + x[7][i])));
    if (lane() % 4 == 0 && query.count > 0)
        writeSoftmax(p, p.partials + tile.partials[place], max, lanes[0] + lanes[1]);
}

KERNEL THREADS(128) attention_shared_int8(AttentionParameters p)
{
    startAfterPrevious();
    Item item;
    if (!findItem(p, item))
        return;
    SharedInt8 s = loadInt8(p, item);
    int pad = p.headPad;
    Tile tile = tileAt((char*)s.keys + Chunk * keyStride(pad) + warp() * tileBytes(Chunk), Chunk);
    for (int first = warp() * TileQueries; first < item.queries; first += blockThreads() / WarpLanes * TileQueries)
    {
        int count = openTile(p, item, first, tile);
        if (count == 0)
            continue;
        Query low = queryOf(p, item, first + lane() / 4), high = queryOf(p, item, first + lane() / 4 + 8);
        const int8* q = p.q;
        int sum[KeyTiles][4] = {};
        scoreInt8(q + ((int64)low.row * p.heads + low.head) * pad, q + ((int64)high.row * p.heads + high.head) * pad, s, pad, sum);
        softmaxInt8<0>(p, s, tile, low, sum);
        softmaxInt8<1>(p, s, tile, high, sum);
        sumValues(p, tile, s.values, count);
    }
}

constexpr int KeyColumns = Chunk + 4;            // floats of a dimension of the transposed keys

DEVICE void copyFour(const float* from, float* to) { *(Float4*)to = *(const Float4*)from; }
DEVICE void copyFour(const Bf16* from, float* to)
{
    Int2 four = *(const Int2*)from;
    *(Float4*)to = { lowBf16((uint32)four.x), highBf16((uint32)four.x), lowBf16((uint32)four.y), highBf16((uint32)four.y) };
}

DEVICE float toFloat(float x) { return x; }
DEVICE float toFloat(Bf16 x) { return asFloat(x); }

// Keys transposed, [headWidth][KeyColumns], then values [64][pad], all as floats.
template <typename T>
DEVICE float* loadFloats(const AttentionParameters& p, const Item& item)
{
    int pad = p.headPad, width = p.headWidth;
    float* keys = (float*)dynamicShared;
    float* values = keys + width * KeyColumns;
    const T* page = headPage<T>(p, item.page, item.kvHead);
    for (int i = threadIndex(); i < Chunk * width; i += blockThreads())
        keys[i % width * KeyColumns + i / width] = i < item.keys * width ? toFloat(page[i / width * pad + i % width]) : 0.0f;
    for (int i = threadIndex() * 4; i < item.keys * pad; i += blockThreads() * 4)
        copyFour(page + Chunk * pad + i, values + i);
    barrier();
    return values;
}

// The tile's queries transposed, [headWidth][TileStride]; places without a query are 0.
DEVICE void loadQueries(const AttentionParameters& p, const Item& item, int first, const Tile& tile)
{
    int width = p.headWidth;
    for (int q = 0; q < TileQueries; q++)
    {
        Query query = queryOf(p, item, first + q);
        const float* from = p.queries + (int64)query.row * p.queryStride + query.head * width;
        for (int d = lane(); d < width; d += WarpLanes)
            tile.weights[d * TileStride + q] = query.count > 0 ? from[d] : 0.0f;
    }
    warpBarrier();
}

// Scores of 16 queries and 64 keys, then left in the tile instead of the queries.
DEVICE void scoreSingle(const AttentionParameters& p, const Tile& tile, const float* keys)
{
    int width = p.headWidth;
    float total[8][4] = {};
    for (int block = 0; block < width; block += 64)
    {
        float sum[8][4] = {};
        multiply<8>(tile.weights + block * TileStride, keys + block * KeyColumns, KeyColumns, smaller(64, width - block), sum);
        UNROLL for (int q = 0; q < 8; q++)
            UNROLL for (int i = 0; i < 4; i++)
                total[q][i] = total[q][i] + sum[q][i];
    }
    warpBarrier();
    float scale = 1.0f / __builtin_sqrtf((float)width);
    UNROLL for (int q = 0; q < 8; q++)
        UNROLL for (int i = 0; i < 4; i++)
            tile.weights[(lane() % 16 * 4 + i) * TileStride + lane() / 16 * 8 + q] = total[q][i] * scale;
    warpBarrier();
}

// A lane has keys lane and lane + 32 of every query.
DEVICE void softmaxSingle(const AttentionParameters& p, const Tile& tile)
{
    for (int q = 0; q < TileQueries; q++)
    {
        int count = tile.counts[q];
        float* low = tile.weights + lane() * TileStride + q;
        float* high = low + WarpLanes * TileStride;
        float x = lane() < count ? *low : MinusInfinity, y = lane() + WarpLanes < count ? *high : MinusInfinity;
        float max = largestOfLanes(larger(x, y));
        x = lane() < count ? exactExp(x - max) : 0.0f;
        y = lane() + WarpLanes < count ? exactExp(y - max) : 0.0f;
        float sum = sumLanes(x + y);
        *low = x;
        *high = y;
        if (lane() == 0 && count > 0)
            writeSoftmax(p, p.partials + tile.partials[q], max, sum);
    }
}

template <typename T>
DEVICE void attendFloats(const AttentionParameters& p)
{
    Item item;
    if (!findItem(p, item))
        return;
    float* values = loadFloats<T>(p, item);
    int rows = larger(Chunk, p.headWidth);
    Tile tile = tileAt((char*)(values + Chunk * p.headPad) + warp() * tileBytes(rows), rows);
    for (int first = warp() * TileQueries; first < item.queries; first += blockThreads() / WarpLanes * TileQueries)
    {
        int count = openTile(p, item, first, tile);
        if (count == 0)
            continue;
        loadQueries(p, item, first, tile);
        scoreSingle(p, tile, (const float*)dynamicShared);
        softmaxSingle(p, tile);
        sumValues(p, tile, values, count);
    }
}

KERNEL THREADS(128) attention_shared_f32(AttentionParameters p) { startAfterPrevious(); attendFloats<float>(p); }

KERNEL THREADS(128) attention_shared_bf16(AttentionParameters p) { startAfterPrevious(); attendFloats<Bf16>(p); }
