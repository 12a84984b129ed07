// Causal attention of whole sequences: mixed = softmax(q k / sqrt(headWidth)) v, float32, keys in chunks of 64 that are combined in
// ascending order: qkv [rows, (heads + 2 kvHeads) * headWidth] -> mixed [rows, heads * headWidth]. The reference is SequenceAttention.cs.
// One form: a block a head and 64 queries, which passes their chunks twice, for the maxima and sums, then for the values.
#include "SequenceAttention.cuh"

// Exponentials of a tile's scores below their chunk's largest, and what the chunk's statistics are.
DEVICE void weigh(
    const SequenceAttentionParameters& p, int tile, int chunk, AttentionTile& scores, float (&maxima)[4], float (&sums)[4])
{
    UNROLL for (int i = 0; i < AttentionTile::OwnRows; i++)
    {
        int seen = seenKeys(p, tile, chunk, AttentionTile::row(i));
        UNROLL for (int j = 0; j < AttentionTile::OwnColumns; j++)
        {
            float score = scores.sums[i][j] * p.scale;
            scores.sums[i][j] = AttentionTile::column(j) < seen ? score : asFloat((int)0xFF800000);
        }
        maxima[i] = largestOfRow(scores.sums[i]);
        UNROLL for (int j = 0; j < AttentionTile::OwnColumns; j++)
        {
            float exponential = exactExp(scores.sums[i][j] - maxima[i]);
            scores.sums[i][j] = AttentionTile::column(j) < seen ? exponential : 0.0f;
        }
        sums[i] = sumRow(scores.sums[i]);
    }
}

// 1 / the sum of a row's exponentials relative to its largest score, which is given too.
DEVICE float normalise(
    const SequenceAttentionParameters& p, const AttentionPlace& place, int head, int row, float& max)
{
    const float* maxima = p.maxima;
    const float* sums = p.factors;
    int64 first = place.statistic(p, head, row, 0);
    max = maxima[first];
    for (int chunk = 1; chunk <= place.tile; chunk++)
        max = __builtin_fmaxf(max, maxima[first + chunk]);
    float total = 0.0f;
    for (int chunk = 0; chunk <= place.tile; chunk++)
        total = fma(exactExp(maxima[first + chunk] - max), sums[first + chunk], total);
    return 1.0f / total;
}

KERNEL THREADS_BLOCKS(128, 3) sequence_attention(SequenceAttentionParameters p)
{
    startAfterPrevious();
    SHARED static AttentionMemory memory;
    AttentionPlace place(p);
    int head = blockY(), tile = place.tile, width = p.headWidth, key = (p.heads + head / (p.heads / p.kvHeads)) * width;
    int64 firstRow = tile * TileRows;
    HeadRows queries = place.rowsOf(p, p.qkv, place.step, head * width, tile);
    bool works = warpHasRows(queries.count), speaks = threadIndex() % 8 == 0;
    float* out = p.mixed + (place.row + firstRow) * p.heads * width + head * width;
    AttentionTile scores;
    float maxima[4], sums[4], largest[4], inverse[4];
    _Pragma("unroll 1") for (int step = 0; step < 2 * (tile + 1); step++)
    {
        bool ofValues = step > tile;
        int chunk = ofValues ? step - tile - 1 : step;
        if (step == tile + 1)
        {
            barrier();
            UNROLL for (int i = 0; i < 4; i++)
            {
                inverse[i] = largest[i] = 0.0f;
                if (AttentionTile::row(i) < queries.count)
                    inverse[i] = normalise(p, place, head, (int)firstRow + AttentionTile::row(i), largest[i]);
            }
            barrier();
        }
        // A chunk alone is still there.
        if (!ofValues || tile > 0)
        {
            multiplyRows(memory, queries, place.rowsOf(p, p.qkv, place.step, key, chunk), width, scores);
            if (works)
                weigh(p, tile, chunk, scores, maxima, sums);
        }
        float weights[4];
        UNROLL for (int i = 0; i < 4; i++)
        {
            weights[i] = works && ofValues ? exactExp(maxima[i] - largest[i]) : 0.0f;
            if (!speaks || AttentionTile::row(i) >= queries.count)
                continue;
            int64 at = place.statistic(p, head, (int)firstRow + AttentionTile::row(i), chunk);
            if (!ofValues)
                p.maxima[at] = maxima[i];
            p.factors[at] = ofValues ? weights[i] * inverse[i] : sums[i];
        }
        if (!ofValues)
            continue;
        keepTransposed(memory, scores);
        HeadRows values = place.rowsOf(p, p.qkv, place.step, key + p.kvHeads * width, chunk);
        for (int first = 0; first < width; first += TileRows)
        {
            AttentionTile partials;
            multiplyWeights(memory, values, first, width, queries.count, partials);
            forPlaces(out, p.heads * width, queries.count, first, width, chunk > 0, partials, [&](int i, float before, float partial)
            {
                float sum = fma(weights[i], 0.0f + partial, before);
                return chunk == tile ? sum * inverse[i] : sum;
            });
        }
    }
}
