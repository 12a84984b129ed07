// Attention over pages of keys and values: for each row and query head,
//   output[headWidth] = sum over the keys it sees of softmax(q . k / sqrt(headWidth)) * v,
// chunk by chunk of 64 keys. Each chunk leaves its own output, maximum and sum (partials: [rows, heads, maxPages, headPad + 2]);
// AttentionCombine adds them in ascending order. The reference is AttentionCpu.cs. Forms, from the plain one on:
//   AttentionOwn      chunks that one row reads alone: a warp a row and key head
//   AttentionShared   chunks that several rows read: a block a chunk and key head, 16 queries at a time
//   AttentionStep     everything a decode step of few rows needs, in one launch
// This file holds what they share: parameters, and where keys, values and partial results lie.
#pragma once
#include "../ExactMath/Bf16.cuh"

// AttentionCuda.cs has the same fields.
struct AttentionParameters
{
    const char* cache;
    const int* pages;            // [sequences, maxPages]
    const int* sequences;        // [rows]: row of the page table
    const int* positions;        // [rows]; a negative one skips its row
    const int* firstOwnChunks;   // [rows]: chunks before it are shared; null means 0
    const Int4* items;           // page, chunk, firstRow, rowCount
    const int* itemCount;
    const int8* q;               // [rows, heads, headPad] (int8 form)
    const float* queryScales;    // [rows, heads] (int8 form)
    const float* queries;        // [rows, queryStride] (f32 and bf16 forms)
    float* partials;             // [rows, heads, maxPages, headPad + 2]: output, maximum, sum
    int8* mixedQ;                // [rows, blocks * 64] (int8 form)
    float* mixedScales;          // [rows, blocks] (int8 form)
    float* mixed;                // [rows, heads * headWidth] (f32 form); Bf16 [rows, blocks * 64] (bf16 form)
    int* errors;
    int rows;
    int heads;
    int kvHeads;
    int headWidth;
    int headPad;                 // headWidth rounded up to 32
    int layers;
    int layer;
    int maxPages;
    int queryStride;
};

extern SHARED __attribute__((aligned(16))) char dynamicShared[];

DEVICE float larger(float a, float b) { return __builtin_fmaxf(a, b); }
DEVICE float largestOfLanes(float x)
{
    UNROLL for (int half = 16; half > 0; half /= 2)
        x = larger(x, exchange(x, half));
    return x;
}

constexpr float MinusInfinity = -__builtin_inff();

DEVICE int group(const AttentionParameters& p) { return p.heads / p.kvHeads; }

// Keys and values are int8 with scales, float or Bf16.
template <typename T>
DEVICE int64 headBytes(const AttentionParameters& p)
{
    return (int64)2 * Chunk * (p.headPad * (int)sizeof(T) + (sizeof(T) == 1 ? (int)sizeof(float) : 0));
}

template <typename T>
DEVICE const T* headPage(const AttentionParameters& p, int page, int kvHead)
{
    const char* cache = p.cache;
    return (const T*)(cache + (((int64)page * p.layers + p.layer) * p.kvHeads + kvHead) * headBytes<T>(p));
}

// Two neighbouring elements, the first at an even place.
DEVICE Float2 readPair(const float* from) { return *(const Float2*)from; }
DEVICE Float2 readPair(const Bf16* from)
{
    uint32 pair = *(const uint32*)from;
    return { lowBf16(pair), highBf16(pair) };
}

// Keys of a chunk that a position sees.
DEVICE int keysSeen(int position, int chunk) { return larger(0, smaller(Chunk, position + 1 - chunk * Chunk)); }

DEVICE float* partialOf(const AttentionParameters& p, int row, int head, int chunk)
{
    float* partials = p.partials;
    return partials + (((int64)row * p.heads + head) * p.maxPages + chunk) * (p.headPad + 2);
}

DEVICE void writeSoftmax(const AttentionParameters& p, float* partial, float max, float sum)
{
    *(Float2*)(partial + p.headPad) = { max, sum };
}

// sum + a . b of four signed bytes each.
DEVICE int dot4(uint32 a, uint32 b, int sum)
{
    int result;
    asm("dp4a.s32.s32 %0, %1, %2, %3;" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
    return result;
}

// The four bytes of a word as floats: 2^23 + (byte + 128), less 2^23 + 128.
template <int Count>
DEVICE void bytesToFloats(uint32 word, float (&x)[Count])
{
    uint32 unsignedBytes = word ^ 0x80808080u;
    UNROLL for (int i = 0; i < Count; i++)
        x[i] = asFloat((int)__nvvm_prmt(unsignedBytes, 0x4B000000u, 0x7650u + i)) - 8388736.0f;
}
