// Attention to the chunks that one row reads alone. queries [rows, heads, headWidth] and pages -> partials [rows, heads, maxPages, headPad
// + 2]. A warp takes a row and a key head with all the query heads that read it. Forms:
//   attention_own_f32, _bf16            the plain form, float32 arithmetic
//   attention_own_int8, _int8_64, _128  AttentionOwn.cuh; AttentionOwn64.cu and AttentionOwn128.cu have those of their widths
//   attention_own_small_int8            heads of at most 32 dimensions: eight lanes a row and key head
#include "AttentionOwn.cuh"

KERNEL THREADS(128) attention_own_int8(AttentionParameters p) { startAfterPrevious(); attendOwnInt8<0>(p); }

// The keys of lanes' two places, Step neighbouring dimensions at a time.
struct FloatKeys
{
    static constexpr int Step = 2;
    const float* key[2];

    DEVICE_MEMBER void read(int d, Float2 (&k)[2][Step / 2]) const
    {
        UNROLL for (int j = 0; j < 2; j++)
            k[j][0] = readPair(key[j] + d);
    }
};

struct Bf16Keys
{
    static constexpr int Step = 8;
    const Int4* pieces;      // in shared memory
    int key[2];              // first piece

    DEVICE_MEMBER void read(int d, Float2 (&k)[2][Step / 2]) const
    {
        UNROLL for (int j = 0; j < 2; j++)
        {
            Int4 piece = pieces[swizzle(key[j] + d / Step)];
            int pair[4] = { piece.x, piece.y, piece.z, piece.w };
            UNROLL for (int i = 0; i < 4; i++)
                k[j][i] = { lowBf16((uint32)pair[i]), highBf16((uint32)pair[i]) };
        }
    }
};

// Scores in float32: a chain over a head's dimensions in blocks of 64, whose sums are added.
template <int H, typename Keys, typename T>
DEVICE void attendFloat(
    const AttentionParameters& p, const Keys& keys, const T* values, int count, float* weights, int row, int head, int chunk)
{
    int width = p.headWidth;
    const float* q = p.queries + (int64)row * p.queryStride + head * width;
    float total[H][2] = {};
    for (int block = 0; block < width; block += 64)
    {
        float sum[H][2] = {};
        int end = smaller(block + 64, width);
        for (int d = block; d < end; d += Keys::Step)
        {
            Float2 k[2][Keys::Step / 2];
            keys.read(d, k);
            UNROLL for (int i = 0; i < Keys::Step; i += 2)
            {
                if (i > 0 && d + i >= end)
                    continue;
                UNROLL for (int h = 0; h < H; h++)
                {
                    Float2 query = *(const Float2*)(q + h * width + d + i);
                    UNROLL for (int j = 0; j < 2; j++)
                        sum[h][j] = fma(query.y, k[j][i / 2].y, fma(query.x, k[j][i / 2].x, sum[h][j]));
                }
            }
        }
        UNROLL for (int h = 0; h < H; h++)
            UNROLL for (int j = 0; j < 2; j++)
                total[h][j] = total[h][j] + sum[h][j];
    }
    float scale = 1.0f / __builtin_sqrtf((float)width);
    float scores[H][2];
    UNROLL for (int h = 0; h < H; h++)
        UNROLL for (int j = 0; j < 2; j++)
            scores[h][j] = lane() + j * WarpLanes < count ? total[h][j] * scale : MinusInfinity;
    float ones[2] = { 1.0f, 1.0f };
    softmax<H>(p, scores, ones, weights, row, head, chunk);
    sumValues<H, 0>(p, values, weights, count, row, head, chunk);
}

template <typename Keys, typename T>
DEVICE void attendHeads(
    const AttentionParameters& p, const OwnTask& task, const Keys& keys, const T* values, int count, float* weights, int chunk)
{
    int first = task.kvHead * group(p), end = first + group(p);
    int head = first;
    for (; head + MostHeads <= end; head += MostHeads)
        attendFloat<MostHeads>(p, keys, values, count, weights, task.row, head, chunk);
    if (end - head == 3)
        attendFloat<3>(p, keys, values, count, weights, task.row, head, chunk);
    else if (end - head == 2)
        attendFloat<2>(p, keys, values, count, weights, task.row, head, chunk);
    else if (end - head == 1)
        attendFloat<1>(p, keys, values, count, weights, task.row, head, chunk);
}

KERNEL THREADS(128) attention_own_f32(AttentionParameters p)
{
    startAfterPrevious();
    OwnTask task;
    if (!findTask(p, task))
        return;
    int pad = p.headPad;
    float* weights = (float*)dynamicShared + warp() * MostHeads * Chunk;
    for (int chunk = task.firstChunk + blockY(); chunk <= task.position / Chunk; chunk += gridY())
    {
        const float* page = headPage<float>(p, p.pages[task.table + chunk], task.kvHead);
        int count = keysSeen(task.position, chunk);
        FloatKeys keys = { { page + smaller(lane(), count - 1) * pad, page + smaller(lane() + WarpLanes, count - 1) * pad } };
        attendHeads(p, task, keys, page + Chunk * pad, count, weights, chunk);
    }
}

// As the int8 form, a warp copies a chunk to shared memory; the arithmetic is the f32 form's.
KERNEL THREADS(128) attention_own_bf16(AttentionParameters p)
{
    startAfterPrevious();
    OwnTask task;
    if (!findTask(p, task))
        return;
    int pad = p.headPad, pieces = pad / 8;
    char* keys = dynamicShared + warp() * (2 * Chunk * pad * (int)sizeof(Bf16) + MostHeads * Chunk * (int)sizeof(float));
    char* values = keys + Chunk * pad * (int)sizeof(Bf16);
    float* weights = (float*)(values + Chunk * pad * (int)sizeof(Bf16));
    for (int chunk = task.firstChunk + blockY(); chunk <= task.position / Chunk; chunk += gridY())
    {
        const Bf16* page = headPage<Bf16>(p, p.pages[task.table + chunk], task.kvHead);
        int count = keysSeen(task.position, chunk);
        for (int i = lane(); i < count * pieces; i += WarpLanes)
        {
            copyAsync(keys + swizzle(i) * 16, page + i * 8);
            copyAsync(values + i * 16, page + Chunk * pad + i * 8);
        }
        waitForCopies();
        warpBarrier();
        Bf16Keys read = { (const Int4*)keys, { smaller(lane(), count - 1) * pieces, smaller(lane() + WarpLanes, count - 1) * pieces } };
        attendHeads(p, task, read, (const Bf16*)values, count, weights, chunk);
    }
}

// Small heads, of at most 32 dimensions: eight lanes a row and key head, of which lane l has keys l, l + 8, ... and D dimensions.
// Keys and values are so short that they are read where they lie.
constexpr int SmallLanes = 8;
constexpr int SmallTasks = WarpLanes / SmallLanes;
constexpr int SmallKeys = Chunk / SmallLanes;
constexpr int SmallStride = Chunk + 8;       // floats: the tasks' weights lie in different banks

struct SmallChunk
{
    const int8* keys;
    const int8* values;
    const float* scales;      // the keys', then the values'
    float* weights;           // [64] of the task
    int count;                // 0: there is nothing to do
    int most;                 // count of the warp's longest task
};

template <int D>
DEVICE int smallDot(const int8* q, const int8* key)
{
    int sum = 0;
    UNROLL for (int i = 0; i < D / 2; i++)
    {
        Int4 x = *(const Int4*)(q + i * 16), y = *(const Int4*)(key + i * 16);
        sum = dot4((uint32)x.x, (uint32)y.x, sum);
        sum = dot4((uint32)x.y, (uint32)y.y, sum);
        sum = dot4((uint32)x.z, (uint32)y.z, sum);
        sum = dot4((uint32)x.w, (uint32)y.w, sum);
    }
    return sum;
}

DEVICE float exchangeSum(float x)
{
    UNROLL for (int half = SmallLanes / 2; half > 0; half /= 2)
        x = x + exchange(x, half);
    return x;
}

// Scores and their softmax; leaves the weights in shared memory.
template <int D>
DEVICE void smallSoftmax(const AttentionParameters& p, const SmallChunk& c, int64 query, float* partial)
{
    const int8* q = p.q;
    const float* queryScales = p.queryScales;
    float x[SmallKeys], max = MinusInfinity;
    float queryScale = c.count > 0 ? queryScales[query] : 0.0f;
    UNROLL for (int k = 0; k < SmallKeys; k++)
    {
        int key = lane() % SmallLanes + k * SmallLanes;
        x[k] = MinusInfinity;
        if (k * SmallLanes < c.most && key < c.count)
            x[k] = (float)smallDot<D>(q + query * p.headPad, c.keys + key * 32) * c.scales[key] * queryScale;
        max = larger(max, x[k]);
    }
    UNROLL for (int half = SmallLanes / 2; half > 0; half /= 2)
        max = larger(max, exchange(max, half));
    UNROLL for (int k = 0; k < SmallKeys; k++)
    {
        int key = lane() % SmallLanes + k * SmallLanes;
        float e = 0.0f;
        if (k * SmallLanes < c.most && key < c.count)
        {
            e = exactExp(x[k] - max);
            c.weights[key] = e * c.scales[Chunk + key];
        }
        x[k] = e;
    }
    // Keys j and j + 32, then the tree's steps of 16 and 8 keys lie in one lane; those of 4, 2 and 1 are the lanes'.
    float sum = exchangeSum(((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7])));
    if (lane() % SmallLanes == 0 && c.count > 0)
        writeSoftmax(p, partial, max, sum);
}

// D neighbouring dimensions a lane; those past the head's width are 0 in the pages.
template <int D>
DEVICE void smallValues(const SmallChunk& c, float* partial)
{
    float sum[1][D] = {};
    const int8* from = c.values + lane() % SmallLanes * D;
    int j = 0;
    for (; j + 4 <= c.count; j += 4, from += 4 * 32)
    {
        Float4 four = *(const Float4*)(c.weights + j);
        float weight[4] = { four.x, four.y, four.z, four.w }, value[4][D];
        UNROLL for (int i = 0; i < 4; i++)
            readValue(from + i * 32, value[i]);
        UNROLL for (int i = 0; i < 4; i++)
        {
            float one[1] = { weight[i] };
            addValue(one, value[i], sum);
        }
    }
    for (; j < c.count; j++, from += 32)
    {
        float one[1] = { c.weights[j] }, value[D];
        readValue(from, value);
        addValue(one, value, sum);
    }
    float* to = partial + lane() % SmallLanes * D;
    UNROLL for (int d = 0; d < D; d += 2)
        *(Float2*)(to + d) = { sum[0][d], sum[0][d + 1] };
}

template <int D>
DEVICE void attendSmall(const AttentionParameters& p)
{
    // Read 16 bytes at a time.
    SHARED __attribute__((aligned(16))) static float weights[4][SmallTasks][SmallStride];
    int index = (blockX() * blockThreads() + threadIndex()) / SmallLanes;
    int row = index / p.kvHeads, kvHead = index % p.kvHeads;
    int position = row < p.rows ? p.positions[row] : -1;
    int chunk = blockY(), chunks = 0;
    const int* pages = p.pages;
    if (position >= 0)
    {
        if (p.firstOwnChunks)
            chunk += p.firstOwnChunks[row];
        pages += (int64)p.sequences[row] * p.maxPages;
        chunks = larger(0, (position / Chunk - chunk + gridY()) / gridY());
    }
    int most = (int)largestLane((uint32)chunks);
    for (int i = 0; i < most; i++, chunk += gridY())
    {
        SmallChunk c;
        c.count = i < chunks ? keysSeen(position, chunk) : 0;
        c.most = (int)largestLane((uint32)c.count);
        const char* page = (const char*)headPage<int8>(p, i < chunks ? pages[chunk] : 0, kvHead);
        c.keys = (const int8*)page;
        c.values = c.keys + Chunk * 32;
        c.scales = (const float*)(c.values + Chunk * 32);
        c.weights = weights[warp()][lane() / SmallLanes];
        for (int head = kvHead * group(p); head < (kvHead + 1) * group(p); head++)
        {
            float* partial = partialOf(p, row, head, chunk);
            smallSoftmax<D>(p, c, (int64)row * p.heads + head, partial);
            warpBarrier();
            if (c.count > 0)
                smallValues<D>(c, partial);
            warpBarrier();
        }
    }
}

KERNEL THREADS(128) attention_own_small_int8(AttentionParameters p)
{
    startAfterPrevious();
    if (p.headWidth <= 16)
        attendSmall<2>(p);
    else
        attendSmall<4>(p);
}
