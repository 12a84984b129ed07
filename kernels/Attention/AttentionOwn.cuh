// Attention to the chunks that one row reads alone: a warp takes a row and a key head with all the query heads that read it. The int8 form,
// with dot products by dp4a; the widths of most models have modules and registers of their own.
#pragma once
#include "AttentionChunk.cuh"

DEVICE bool findTask(const AttentionParameters& p, OwnTask& task)
{
    int index = blockX() * (blockThreads() / WarpLanes) + warp();
    task.row = index / p.kvHeads;
    if (task.row >= p.rows)
        return false;
    task.kvHead = index % p.kvHeads;
    task.position = p.positions[task.row];
    if (task.position < 0)
        return false;
    task.firstChunk = p.firstOwnChunks ? p.firstOwnChunks[task.row] : 0;
    task.table = (int64)p.sequences[task.row] * p.maxPages;
    return true;
}

template <int Pad>
DEVICE void attendOwnInt8(const AttentionParameters& p)
{
    OwnTask task;
    if (!findTask(p, task))
        return;
    int pad = Pad > 0 ? Pad : p.headPad;
    char* shared = dynamicShared + warp() * (2 * Chunk * pad + MostHeads * Chunk * (int)sizeof(float));
    for (int chunk = task.firstChunk + blockY(); chunk <= task.position / Chunk; chunk += gridY())
    {
        Int8Chunk c = beginChunkInt8<Pad>(p, task, chunk, shared);
        attendChunkInt8<Pad>(p, task, chunk, c);
    }
}
