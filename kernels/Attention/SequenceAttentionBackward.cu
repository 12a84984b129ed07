// Gradients of causal attention over whole sequences, with p_ij the probability that query i gives key j: dp_ij = do_i . v_j, ds_ij =
// p_ij (dp_ij - do_i . o_i) / sqrt(headWidth), dq_i = sum over j of ds_ij k_j, dk_j = sum over i of ds_ij q_i, dv_j = sum over i of
// p_ij do_i: float32. The reference is SequenceAttention.Backward.cs. Three kernels: sequence_attention_dots, a warp a row and head;
// sequence_attention_queries, a block a head and 64 queries; sequence_attention_keys, a block a head of keys and 64 of them.
#include "SequenceAttention.cuh"

KERNEL THREADS(128) sequence_attention_dots(SequenceAttentionParameters p)
{
    startAfterPrevious();
    int64 row = (int64)blockX() * (blockThreads() / WarpLanes) + warp();
    if (row >= (int64)p.rows * p.sequences * p.heads)
        return;
    const float* mixed = p.mixed + row * p.headWidth;
    const float* dMixed = p.dMixed + row * p.headWidth;
    float sum = 0.0f;
    for (int i = lane(); i < p.headWidth; i += WarpLanes)
        sum = fma(dMixed[i], mixed[i], sum);
    sum = sumLanes(sum);
    if (lane() == 0)
        p.dots[row] = sum;
}

// Probabilities of a tile of queries and a chunk of keys, and the gradients of their scores.
DEVICE void findGradients(
    const SequenceAttentionParameters& p, const AttentionPlace& place, AttentionMemory& memory, int head, int tile, int chunk,
    AttentionTile& probabilities, AttentionTile& gradients)
{
    int width = p.headWidth, key = (p.heads + head / (p.heads / p.kvHeads)) * width;
    HeadRows queries = place.rowsOf(p, p.qkv, place.step, head * width, tile);
    multiplyRows(memory, queries, place.rowsOf(p, p.qkv, place.step, key, chunk), width, probabilities);
    multiplyRows(
        memory, place.rowsOf(p, p.dMixed, p.heads * width, head * width, tile),
        place.rowsOf(p, p.qkv, place.step, key + p.kvHeads * width, chunk), width, gradients);
    if (!warpHasRows(queries.count))
        return;
    UNROLL for (int i = 0; i < AttentionTile::OwnRows; i++)
    {
        int row = AttentionTile::row(i), seen = seenKeys(p, tile, chunk, row);
        int query = smaller(tile * TileRows + row, p.rows - 1);
        int64 at = place.statistic(p, head, query, chunk);
        float max = p.maxima[at], factor = p.factors[at], dot = p.dots[(place.row + query) * p.heads + head];
        UNROLL for (int j = 0; j < AttentionTile::OwnColumns; j++)
        {
            float exponential = exactExp(probabilities.sums[i][j] * p.scale - max);
            float probability = AttentionTile::column(j) < seen ? exponential * factor : 0.0f;
            probabilities.sums[i][j] = probability;
            gradients.sums[i][j] = AttentionTile::column(j) < seen ? probability * (gradients.sums[i][j] - dot) * p.scale : 0.0f;
        }
    }
}

KERNEL THREADS_BLOCKS(128, 3) sequence_attention_queries(SequenceAttentionParameters p)
{
    startAfterPrevious();
    SHARED static AttentionMemory memory;
    AttentionPlace place(p);
    int head = blockY(), width = p.headWidth, key = (p.heads + head / (p.heads / p.kvHeads)) * width;
    float* out = p.dQkv + (place.row + place.tile * TileRows) * place.step + head * width;
    int count = smaller(TileRows, p.rows - place.tile * TileRows);
    for (int chunk = 0; chunk <= place.tile; chunk++)
    {
        AttentionTile probabilities, gradients;
        findGradients(p, place, memory, head, place.tile, chunk, probabilities, gradients);
        keepTransposed(memory, gradients);
        HeadRows keys = place.rowsOf(p, p.qkv, place.step, key, chunk);
        for (int first = 0; first < width; first += TileRows)
        {
            AttentionTile sums;
            multiplyWeights(memory, keys, first, width, count, sums);
            forPlaces(out, place.step, count, first, width, chunk > 0, sums, [](int, float before, float sum) { return before + sum; });
        }
    }
}

KERNEL THREADS_BLOCKS(128, 3) sequence_attention_keys(SequenceAttentionParameters p)
{
    startAfterPrevious();
    SHARED static AttentionMemory memory;
    AttentionPlace place(p);
    int chunk = place.tile, group = p.heads / p.kvHeads, width = p.headWidth, count = smaller(TileRows, p.rows - chunk * TileRows);
    float* dKey = p.dQkv + (place.row + chunk * TileRows) * place.step + (p.heads + blockY()) * width;
    float* dValue = dKey + p.kvHeads * width;
    for (int head = blockY() * group; head < (blockY() + 1) * group; head++)
    {
        for (int tile = chunk; tile < place.chunks; tile++)
        {
            bool further = head > blockY() * group || tile > chunk;
            AttentionTile probabilities, gradients;
            findGradients(p, place, memory, head, tile, chunk, probabilities, gradients);
            // Values by the probabilities, then keys by the gradients of scores.
            _Pragma("unroll 1") for (int part = 0; part < 2; part++)
            {
                HeadRows vectors = part == 0 ? place.rowsOf(p, p.dMixed, p.heads * width, head * width, tile)
                                             : place.rowsOf(p, p.qkv, place.step, head * width, tile);
                keep(memory, probabilities);
                probabilities = gradients;
                for (int first = 0; first < width; first += TileRows)
                {
                    AttentionTile sums;
                    multiplyWeights(memory, vectors, first, width, count, sums);
                    forPlaces(
                        part == 0 ? dValue : dKey, place.step, count, first, width, further, sums,
                        [](int, float before, float sum) { return before + sum; });
                }
            }
        }
    }
}
