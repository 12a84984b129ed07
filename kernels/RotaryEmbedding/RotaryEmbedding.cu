#include "../ExactMath/Exact.cuh"

// Parameters of the kernels of this file; RotaryEmbeddingCuda.cs has the same fields.
struct RotaryEmbeddingParameters
{
    float* qkv;               // [rows, (heads + 2 kvHeads) * headWidth]; the f32 form rotates its queries in place
    const float* bias;        // of a row of qkv; null: none
    const float* queryNorm;   // [headWidth]; null: none
    const float* keyNorm;     // [headWidth]; null: none
    const float* cosines;     // [positions, headWidth / 2]
    const float* sines;       // [positions, headWidth / 2]
    const int* positions;     // of each row; a negative one is skipped
    const int* sequences;     // row of the page table of each row
    const int* pages;         // [sequences, maxPages]
    char* cache;
    int8* q;                  // [rows, heads, headPad], of the int8 form
    float* queryScales;       // [rows, heads], of the int8 form: times 1 / sqrt(headWidth)
    int* errors;
    float epsilon;
    int rows;
    int heads;
    int kvHeads;
    int headWidth;            // even, at most 256
    int headPad;              // headWidth rounded up to 32
    int layers;
    int layer;
    int maxPages;
};

constexpr int Pairs = 4;      // most pairs (i, i + half) of a lane

enum Part { Query, Key, Value };

// One head of one row: a lane holds elements i and i + half for i = lane, lane + 32, ...
struct Head
{
    float* x;                 // in qkv
    const float* bias;        // null: none
    Part part;
    int row;
    int index;                // among the heads of its part
    int position;
    float low[Pairs];
    float high[Pairs];
};

DEVICE float element(const Head& head, int i) { return head.bias ? head.x[i] + head.bias[i] : head.x[i]; }

// Among the lanes as LaneReduction has it: element i in lane i mod 32.
DEVICE float inverseRootMeanSquare(const Head& head, int width, float epsilon)
{
    float sum = 0.0f;
    for (int i = lane(); i < width; i += WarpLanes)
    {
        float x = element(head, i);
        sum = fma(x, x, sum);
    }
    return 1.0f / __builtin_sqrtf(sumLanes(sum) / (float)width + epsilon);
}

DEVICE bool findHead(const RotaryEmbeddingParameters& p, Head& head)
{
    int all = p.heads + 2 * p.kvHeads;
    int task = blockX() * (blockThreads() / WarpLanes) + warp();
    head.row = task / all;
    if (head.row >= p.rows)
        return false;
    head.position = p.positions[head.row];
    if (head.position < 0)
        return false;
    int index = task % all;
    head.x = p.qkv + ((int64)head.row * all + index) * p.headWidth;
    head.bias = p.bias ? p.bias + index * p.headWidth : nullptr;
    head.part = index < p.heads ? Query : index < p.heads + p.kvHeads ? Key : Value;
    head.index = head.part == Query ? index : head.part == Key ? index - p.heads : index - p.heads - p.kvHeads;
    return true;
}

// Reads the head, with its bias; queries and keys are normalised and turned.
DEVICE void readHead(const RotaryEmbeddingParameters& p, Head& head)
{
    int half = p.headWidth / 2;
    const float* norm = head.part == Query ? p.queryNorm : p.keyNorm;
    bool turned = head.part != Value;
    bool normed = turned && norm;
    float inverse = normed ? inverseRootMeanSquare(head, p.headWidth, p.epsilon) : 1.0f;
    int64 angle = (int64)head.position * half;
    UNROLL for (int k = 0; k < Pairs; k++)
    {
        int i = lane() + k * WarpLanes;
        head.low[k] = 0.0f;
        head.high[k] = 0.0f;
        if (i >= half)
            continue;
        float x = element(head, i), y = element(head, i + half);
        if (normed)
        {
            x = x * inverse * norm[i];
            y = y * inverse * norm[i + half];
        }
        if (turned)
        {
            float c = p.cosines[angle + i], s = p.sines[angle + i];
            head.low[k] = fma(x, c, -(y * s));
            head.high[k] = fma(y, c, x * s);
        }
        else
        {
            head.low[k] = x;
            head.high[k] = y;
        }
    }
}

DEVICE char* headPage(const RotaryEmbeddingParameters& p, const Head& head, int64 headBytes)
{
    int64 page = p.pages[(int64)p.sequences[head.row] * p.maxPages + head.position / Chunk];
    return p.cache + ((page * p.layers + p.layer) * p.kvHeads + head.index) * headBytes;
}

KERNEL THREADS(128) rotary_embedding_f32(RotaryEmbeddingParameters p)
{
    Head head;
    if (!findHead(p, head))
        return;
    readHead(p, head);
    warpBarrier();
    int half = p.headWidth / 2, pad = p.headPad;
    float* to = head.x;
    if (head.part != Query)
    {
        float* page = (float*)headPage(p, head, (int64)2 * Chunk * pad * sizeof(float));
        to = page + ((head.part == Key ? 0 : Chunk) + head.position % Chunk) * pad;
        for (int i = p.headWidth + lane(); i < pad; i += WarpLanes)
            to[i] = 0.0f;
    }
    UNROLL for (int k = 0; k < Pairs; k++)
    {
        int i = lane() + k * WarpLanes;
        if (i >= half)
            continue;
        to[i] = head.low[k];
        to[i + half] = head.high[k];
    }
}

DEVICE float scaleOf(const RotaryEmbeddingParameters& p, const Head& head)
{
    uint32 largest = 0;
    UNROLL for (int k = 0; k < Pairs; k++)
        largest = larger(largest, larger(magnitudeBits(head.low[k]), magnitudeBits(head.high[k])));
    largest = largestLane(largest);
    if (largest >= InfinityBits && lane() == 0)
        report(p.errors, NotFinite);
    return int8Scale(largest);
}

KERNEL THREADS(128) rotary_embedding_int8(RotaryEmbeddingParameters p)
{
    Head head;
    if (!findHead(p, head))
        return;
    readHead(p, head);
    float scale = scaleOf(p, head);
    int half = p.headWidth / 2, pad = p.headPad;
    int8* to;
    float* scaleTo;
    if (head.part == Query)
    {
        int64 query = (int64)head.row * p.heads + head.index;
        to = p.q + query * pad;
        scaleTo = p.queryScales + query;
    }
    else
    {
        char* page = headPage(p, head, (int64)2 * Chunk * (pad + (int)sizeof(float)));
        int place = (head.part == Key ? 0 : Chunk) + head.position % Chunk;
        to = (int8*)page + place * pad;
        scaleTo = (float*)(page + 2 * Chunk * pad) + place;
    }
    for (int i = p.headWidth + lane(); i < pad; i += WarpLanes)
        to[i] = 0;
    UNROLL for (int k = 0; k < Pairs; k++)
    {
        int i = lane() + k * WarpLanes;
        if (i >= half)
            continue;
        to[i] = (int8)roundInt8(head.low[k], scale);
        to[i + half] = (int8)roundInt8(head.high[k], scale);
    }
    if (lane() == 0)
        *scaleTo = head.part == Query ? scale * (1.0f / __builtin_sqrtf((float)p.headWidth)) : scale;
}
