// The attention of a decode step of few rows in one launch, since each launch would cost more than its work. A block takes a row and a key
// head: it finishes their queries, key and value (RotaryEmbedding), attends to the row's own chunks, a warp a chunk (AttentionOwn), and
// combines them with the partial results of shared chunks (AttentionCombine). int8 only; the query heads of one key head must fill whole
// blocks of 64 outputs. Each padded width of a head has a module of its own, so that a driver compiles only what a model needs. A block a
// multiprocessor is enough: the shared memory of all warps allows little more.
#pragma once
#include "AttentionChunk.cuh"
#include "AttentionCombine.cuh"
#include "../RotaryEmbedding/RotaryEmbedding.cuh"

// AttentionCuda.cs has the same fields.
struct AttentionStepParameters
{
    AttentionParameters attention;
    RotaryEmbeddingParameters rotary;    // with no rows, where queries, keys and values are finished already
    Ahead ahead;
};

template <int Pad>
DEVICE void attendStep(const AttentionStepParameters& step)
{
    const AttentionParameters& p = step.attention;
    letNextKernelStart();
    askFor(step.ahead, blockX() * blockThreads() + threadIndex(), gridX() * blockThreads());
    awaitPreviousKernel();
    OwnTask task;
    task.row = blockX() / p.kvHeads;
    task.kvHead = blockX() % p.kvHeads;
    task.position = p.positions[task.row];
    if (task.position < 0)
        return;
    task.firstChunk = p.firstOwnChunks ? p.firstOwnChunks[task.row] : 0;
    task.table = (int64)p.sequences[task.row] * p.maxPages;
    int pad = Pad > 0 ? Pad : p.headPad, warps = blockThreads() / WarpLanes, last = task.position / Chunk;
    char* shared = dynamicShared + warp() * (2 * Chunk * pad + MostHeads * Chunk * (int)sizeof(float));
    int chunk = task.firstChunk + warp();
    // A chunk that is full already is on its way while the row is finished.
    bool full = chunk < last;
    Int8Chunk c = placeOfChunk<Pad>(p, shared);
    if (full)
        c = beginChunkInt8<Pad>(p, task, chunk, shared);
    if (step.rotary.rows > 0)
    {
        run<Int8Form>(step.rotary, HeadsOfGroup { task.row, task.kvHead });
        barrier();
    }
    for (; chunk <= last; chunk += warps, full = false)
    {
        if (!full)
            c = beginChunkInt8<Pad>(p, task, chunk, shared);
        attendChunkInt8<Pad>(p, task, chunk, c);
    }
    barrier();
    int blocks = group(p) * p.headWidth / QuantBlock;
    for (int block = warp(); block < blocks; block += warps)
        quantise(p, combine(p, task.row, task.kvHead * blocks + block, last + 1));
}
