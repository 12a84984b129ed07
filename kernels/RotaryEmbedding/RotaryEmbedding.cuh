// Finishes heads of q, k and v: biases, head norms, angles; keys and values go into the pages.
#pragma once
#include "../ExactMath/Bf16.cuh"

// RotaryEmbeddingCuda.cs has the same fields.
struct RotaryEmbeddingParameters
{
    float* qkv;               // [rows, (heads + 2 kvHeads) * headWidth]; the f32 and bf16 forms rotate its queries in place
    const float* bias;        // [width of qkv], or null
    const float* queryNorm;   // [headWidth], or null
    const float* keyNorm;     // [headWidth], or null
    const float* cosines;     // [positions, headWidth / 2]
    const float* sines;       // [positions, headWidth / 2]
    const int* positions;     // [rows]; a negative one skips its row
    const int* sequences;     // [rows]: row of the page table
    const int* pages;         // [sequences, maxPages]
    char* cache;
    int8* q;                  // [rows, heads, headPad] (int8 form)
    float* queryScales;       // [rows, heads] (int8 form): times 1 / sqrt(headWidth)
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

enum Part { Query, Key, Value };

// One head of one row, which Lanes of a warp hold: each V neighbouring elements and those half a head on, Steps times.
template <int Lanes, int Steps, int V>
struct Head
{
    float* x;                 // in qkv
    const float* bias;
    const float* norm;
    bool biased;
    bool normed;
    Part part;
    int row;
    int index;                // among the heads of its part
    int position;             // negative: skipped
    float low[Steps][V];
    float high[Steps][V];

    // The lane's first element of a step.
    static DEVICE_MEMBER int first(int step) { return (lane() % Lanes + step * Lanes) * V; }
};

template <int V>
DEVICE void read(const float* from, float (&x)[V])
{
    if constexpr (V == 2)
    {
        Float2 pair = *(const Float2*)from;
        x[0] = pair.x;
        x[1] = pair.y;
    }
    else
    {
        x[0] = *from;
    }
}

template <int Lanes, int Steps, int V>
DEVICE void findHead(const RotaryEmbeddingParameters& p, uint32 task, Head<Lanes, Steps, V>& head)
{
    uint32 all = (uint32)(p.heads + 2 * p.kvHeads);
    head.row = (int)(task / all);
    head.position = head.row < p.rows ? p.positions[head.row] : -1;
    int index = (int)(task % all);
    float* qkv = p.qkv;
    head.x = qkv + (int64)task * p.headWidth;
    const float* bias = p.bias;
    head.bias = bias + index * p.headWidth;
    head.biased = bias != nullptr;
    head.part = index < p.heads ? Query : index < p.heads + p.kvHeads ? Key : Value;
    head.index = head.part == Query ? index : head.part == Key ? index - p.heads : index - p.heads - p.kvHeads;
    const float* queryNorm = p.queryNorm;
    const float* keyNorm = p.keyNorm;
    head.norm = head.part == Query ? queryNorm : keyNorm;
    head.normed = head.part != Value && (head.part == Query ? queryNorm != nullptr : keyNorm != nullptr);
}

// The elements of a head that a whole warp holds, spread over the lanes as LaneReduction has them: i in lane i mod 32.
template <int Lanes, int Steps, int V>
DEVICE float inverseRootMeanSquare(const Head<Lanes, Steps, V>& head, int width, float epsilon)
{
    float sum = 0.0f;
    for (int i = lane(); i < width; i += WarpLanes)
    {
        float x = head.biased ? head.x[i] + head.bias[i] : head.x[i];
        sum = fma(x, x, sum);
    }
    return 1.0f / __builtin_sqrtf(sumLanes(sum) / (float)width + epsilon);
}

template <int V, typename H>
DEVICE void readElements(const H& head, int i, float inverse, float (&x)[V])
{
    read<V>(head.x + i, x);
    if (head.biased)
    {
        float bias[V];
        read<V>(head.bias + i, bias);
        UNROLL for (int j = 0; j < V; j++)
            x[j] = x[j] + bias[j];
    }
    if (head.normed)
    {
        float norm[V];
        read<V>(head.norm + i, norm);
        UNROLL for (int j = 0; j < V; j++)
            x[j] = x[j] * inverse * norm[j];
    }
}

// Reads the head, with its bias; queries and keys are normalised and turned.
template <int Lanes, int Steps, int V>
DEVICE void readHead(const RotaryEmbeddingParameters& p, Head<Lanes, Steps, V>& head)
{
    int half = p.headWidth / 2;
    float inverse = 1.0f;
    if (Lanes == WarpLanes && head.normed && head.position >= 0)
        inverse = inverseRootMeanSquare(head, p.headWidth, p.epsilon);
    const float* cosines = p.cosines + (int64)head.position * half;
    const float* sines = p.sines + (int64)head.position * half;
    UNROLL for (int step = 0; step < Steps; step++)
    {
        int i = head.first(step);
        float x[V] = {}, y[V] = {}, c[V], s[V];
        if (head.position >= 0 && i < half)
        {
            readElements<V>(head, i, inverse, x);
            readElements<V>(head, i + half, inverse, y);
            if (head.part != Value)
            {
                read<V>(cosines + i, c);
                read<V>(sines + i, s);
                UNROLL for (int j = 0; j < V; j++)
                {
                    float turned = fma(x[j], c[j], -(y[j] * s[j]));
                    y[j] = fma(y[j], c[j], x[j] * s[j]);
                    x[j] = turned;
                }
            }
        }
        UNROLL for (int j = 0; j < V; j++)
        {
            head.low[step][j] = x[j];
            head.high[step][j] = y[j];
        }
    }
}

template <typename H>
DEVICE char* headPage(const RotaryEmbeddingParameters& p, const H& head, int64 headBytes)
{
    const int* pages = p.pages;
    char* cache = p.cache;
    int64 page = pages[(int64)p.sequences[head.row] * p.maxPages + head.position / Chunk];
    return cache + ((page * p.layers + p.layer) * p.kvHeads + head.index) * headBytes;
}

// Keys and values of type T: float or Bf16.
template <typename T>
struct FloatForm
{
    template <int Lanes, int Steps, int V>
    static DEVICE_MEMBER void run(const RotaryEmbeddingParameters& p, uint32 task)
    {
        Head<Lanes, Steps, V> head;
        findHead(p, task, head);
        readHead(p, head);
        warpBarrier();
        if (head.position < 0)
            return;
        int half = p.headWidth / 2, pad = p.headPad;
        if (head.part == Query)
        {
            store(head, head.x, half);
            return;
        }
        T* page = (T*)headPage(p, head, (int64)2 * Chunk * pad * (int)sizeof(T));
        T* to = page + ((head.part == Key ? 0 : Chunk) + head.position % Chunk) * pad;
        store(head, to, half);
        for (int i = p.headWidth + lane() % Lanes; i < pad; i += Lanes)
            to[i] = 0;
    }

    template <int Lanes, int Steps, int V, typename To>
    static DEVICE_MEMBER void store(const Head<Lanes, Steps, V>& head, To* to, int half)
    {
        UNROLL for (int step = 0; step < Steps; step++)
        {
            int i = head.first(step);
            if (i >= half)
                continue;
            store(to + i, head.low[step]);
            store(to + i + half, head.high[step]);
        }
    }

    template <int V>
    static DEVICE_MEMBER void store(float* to, const float (&x)[V])
    {
        UNROLL for (int j = 0; j < V; j++)
            to[j] = x[j];
    }

    template <int V>
    static DEVICE_MEMBER void store(Bf16* to, const float (&x)[V])
    {
        if constexpr (V == 2)
            *(uint32*)to = roundBf16(x[0], x[1]);
        else
            *to = (Bf16)roundBf16(x[0], 0.0f);
    }
};

struct Int8Form
{
    template <int Lanes, int Steps, int V>
    static DEVICE_MEMBER void run(const RotaryEmbeddingParameters& p, uint32 task)
    {
        Head<Lanes, Steps, V> head;
        findHead(p, task, head);
        readHead(p, head);
        float scale = scaleOf(p, head);
        if (head.position < 0)
            return;
        int half = p.headWidth / 2, pad = p.headPad;
        int64 query = (int64)head.row * p.heads + head.index;
        int8* to = p.q + query * pad;
        float* scaleTo = p.queryScales + query;
        if (head.part != Query)
        {
            char* page = headPage(p, head, (int64)2 * Chunk * (pad + (int)sizeof(float)));
            int place = (head.part == Key ? 0 : Chunk) + head.position % Chunk;
            to = (int8*)page + place * pad;
            scaleTo = (float*)(page + 2 * Chunk * pad) + place;
        }
        UNROLL for (int step = 0; step < Steps; step++)
        {
            int i = head.first(step);
            if (i >= half)
                continue;
            store(to + i, head.low[step], scale);
            store(to + i + half, head.high[step], scale);
        }
        for (int i = p.headWidth + lane() % Lanes * 2; i < pad; i += Lanes * 2)
            *(short*)(to + i) = 0;
        if (lane() % Lanes == 0)
            *scaleTo = head.part == Query ? scale * (1.0f / __builtin_sqrtf((float)p.headWidth)) : scale;
    }

    template <int Lanes, int Steps, int V>
    static DEVICE_MEMBER float scaleOf(const RotaryEmbeddingParameters& p, const Head<Lanes, Steps, V>& head)
    {
        uint32 largest = 0;
        UNROLL for (int step = 0; step < Steps; step++)
            UNROLL for (int j = 0; j < V; j++)
                largest = larger(largest, larger(magnitudeBits(head.low[step][j]), magnitudeBits(head.high[step][j])));
        UNROLL for (int half = Lanes / 2; half > 0; half /= 2)
            largest = larger(largest, exchange(largest, half));
        if (largest >= InfinityBits && lane() % Lanes == 0)
            report(p.errors, NotFinite);
        return int8Scale(largest);
    }

    template <int V>
    static DEVICE_MEMBER void store(int8* to, const float (&x)[V], float scale)
    {
        if constexpr (V == 2)
            *(short*)to = (short)((roundInt8(x[0], scale) & 0xFF) | roundInt8(x[1], scale) << 8);
        else
            *to = (int8)roundInt8(x[0], scale);
    }
};

// Heads of all rows, over the grid.
struct AllHeads
{
    template <typename Form, int Lanes, int Steps, int V>
    DEVICE_MEMBER void run(const RotaryEmbeddingParameters& p) const
    {
        Form::template run<Lanes, Steps, V>(p, (uint32)(blockX() * blockThreads() + threadIndex()) / Lanes);
    }
};

// The query heads of a row that read one key head, that key and that value, over the block.
struct HeadsOfGroup
{
    int row;
    int kvHead;

    template <typename Form, int Lanes, int Steps, int V>
    DEVICE_MEMBER void run(const RotaryEmbeddingParameters& p) const
    {
        int group = p.heads / p.kvHeads, all = p.heads + 2 * p.kvHeads;
        for (int first = 0; first < group + 2; first += blockThreads() / Lanes)
        {
            int head = first + threadIndex() / Lanes;
            int index = head < group ? kvHead * group + head : p.heads + kvHead + (head > group ? p.kvHeads : 0);
            // Past the last row there is nothing to do.
            Form::template run<Lanes, Steps, V>(p, (uint32)(head < group + 2 ? row * all + index : p.rows * all));
        }
    }
};

// As many lanes a head as its pairs need, all of a warp where heads are normalised: RotaryEmbeddingCuda.cs counts the same.
template <typename Form, typename Heads>
DEVICE void run(const RotaryEmbeddingParameters& p, const Heads& heads)
{
    int half = p.headWidth / 2;
    if (half % 2 != 0)
        heads.template run<Form, 32, 4, 1>(p);
    else if (half > 64)
        heads.template run<Form, 32, 2, 2>(p);
    else if (half > 32 || p.queryNorm || p.keyNorm)
        heads.template run<Form, 32, 1, 2>(p);
    else if (half > 16)
        heads.template run<Form, 16, 1, 2>(p);
    else if (half > 8)
        heads.template run<Form, 8, 1, 2>(p);
    else
        heads.template run<Form, 4, 1, 2>(p);
}
