// What the kernels of causal attention over whole sequences share: kernels/Attention/SequenceAttention.cs, for training.
#pragma once

#include "../Linear/TileF32.cuh"

// Parameters of the kernels of SequenceAttention.cu and SequenceAttentionBackward.cu; SequenceAttentionCuda.cs has the same fields.
struct SequenceAttentionParameters
{
    const float* qkv;       // [rows of all sequences, (heads + 2 kvHeads) * headWidth], turned
    float* mixed;           // [rows of all sequences, heads * headWidth]: the result; read by the backward kernels
    float* maxima;          // [rows of all sequences, heads, chunks]: each chunk's largest score
    float* factors;         // the same: what its exponentials are multiplied by to be probabilities
    const float* dMixed;    // as mixed: its gradient
    float* dots;            // [rows of all sequences, heads]: products of both
    float* dQkv;            // as qkv: the gradients
    int rows;               // of a sequence; the first is at position 0
    int sequences;
    int heads;
    int kvHeads;
    int headWidth;
    float scale;            // of scores: 1 / sqrt(headWidth)
};

// Products of 64 x 64: a thread has four neighbouring rows; eight lanes have a row's columns 4 l.. and 32 + 4 l...
using AttentionTile = ThreadTile<16, 8, 1, 2>;
constexpr int TileRows = 64;
constexpr int TileStride = TileRows + 4;
constexpr int SliceTerms = 32;

// 64 rows or columns of 32 terms of both factors, and the weights of a tile, by their terms.
struct AttentionMemory
{
    alignas(16) float left[SliceTerms][TileStride];
    alignas(16) float right[SliceTerms][TileStride];
    alignas(16) float weights[TileRows][TileStride];
};

// Rows of one head: of queries, keys, values, outputs or gradients of any.
struct HeadRows
{
    const float* start;
    int step;      // floats from a row to the next
    int count;     // rows that there are
};

// What a block works on: one head of one sequence.
struct AttentionPlace
{
    int64 row;     // the sequence's first
    int tile;      // of its rows, or chunk of its keys
    int chunks;
    int step;      // of qkv

    DEVICE_MEMBER explicit AttentionPlace(const SequenceAttentionParameters& p)
    {
        chunks = (p.rows + TileRows - 1) / TileRows;
        tile = blockX() % chunks;
        row = (int64)(blockX() / chunks) * p.rows;
        step = (p.heads + 2 * p.kvHeads) * p.headWidth;
    }

    // 64 rows from a tile's first on of column `column` of an array.
    DEVICE_MEMBER HeadRows rowsOf(const SequenceAttentionParameters& p, const float* array, int width, int column, int tile) const
    {
        return {array + (row + tile * TileRows) * width + column, width, smaller(TileRows, p.rows - tile * TileRows)};
    }

    // Where a row's numbers of a chunk lie.
    DEVICE_MEMBER int64 statistic(const SequenceAttentionParameters& p, int head, int row, int chunk) const
    {
        return ((this->row + row) * p.heads + head) * chunks + chunk;
    }
};

// Whether this warp has rows of a tile that has so many: all of its lanes agree.
DEVICE bool warpHasRows(int count) { return warp() * 16 < count; }

// products[i, j] = left row i . right row j, over the head's dimensions in blocks of 64.
DEVICE void multiplyRows(AttentionMemory& memory, const HeadRows& left, const HeadRows& right, int width, AttentionTile& products)
{
    products.clear();
    for (int block = 0; block < width; block += BlockTerms)
    {
        AttentionTile sums;
        sums.clear();
        for (int first = block; first < smaller(block + BlockTerms, width); first += SliceTerms)
        {
            barrier();
            copyTransposed<SliceTerms, TileRows>(memory.left, left.start, left.step, first, width, 0, left.count);
            copyTransposed<SliceTerms, TileRows>(memory.right, right.start, right.step, first, width, 0, right.count);
            commitCopies();
            awaitCopies<0>();
            barrier();
            if (warpHasRows(left.count))
                sums.addTerms(memory.left, memory.right, smaller(SliceTerms, width - first));
        }
        products.add(sums);
    }
}

// sums[i, d] = one chain over the rows of `right` of weights[row, i] right[row, d], for 64 dimensions from `first` on of `count` rows i.
DEVICE void multiplyWeights(AttentionMemory& memory, const HeadRows& right, int first, int width, int count, AttentionTile& sums)
{
    sums.clear();
    for (int term = 0; term < right.count; term += SliceTerms)
    {
        barrier();
        copyRows<SliceTerms, TileRows>(memory.right, right.start, right.step, term, right.count, first, width);
        commitCopies();
        awaitCopies<0>();
        barrier();
        if (warpHasRows(count))
            sums.addTerms(memory.weights + term, memory.right, smaller(SliceTerms, right.count - term));
    }
}

// Of the eight lanes that have a row; the order of kernels/Cpu/LaneReduction.cs over the row's 64 values.
DEVICE float sumRow(const float (&x)[8])
{
    float four[4];
    UNROLL for (int j = 0; j < 4; j++)
        four[j] = x[j] + x[j + 4];
    UNROLL for (int half = 4; half > 0; half /= 2)
    {
        UNROLL for (int j = 0; j < 4; j++)
            four[j] = four[j] + exchange(four[j], half);
    }
    return (four[0] + four[2]) + (four[1] + four[3]);
}

DEVICE float largestOfRow(const float (&x)[8])
{
    float largest = x[0];
    UNROLL for (int j = 1; j < 8; j++)
        largest = __builtin_fmaxf(largest, x[j]);
    UNROLL for (int half = 4; half > 0; half /= 2)
        largest = __builtin_fmaxf(largest, exchange(largest, half));
    return largest;
}

// Of a query tile and a chunk: how many of the chunk's keys a row of the tile sees; 0 where there is no such row.
DEVICE int seenKeys(const SequenceAttentionParameters& p, int tile, int chunk, int row)
{
    int query = tile * TileRows + row;
    return query < p.rows ? smaller(query - chunk * TileRows + 1, TileRows) : 0;
}

// The weights of a tile as terms of a product, by columns or by rows.
DEVICE void keepTransposed(AttentionMemory& memory, const AttentionTile& tile)
{
    barrier();
    UNROLL for (int j = 0; j < AttentionTile::OwnColumns; j++)
    {
        Float4 four = {tile.sums[0][j], tile.sums[1][j], tile.sums[2][j], tile.sums[3][j]};
        *(Float4*)&memory.weights[AttentionTile::column(j)][AttentionTile::row(0)] = four;
    }
}

DEVICE void keep(AttentionMemory& memory, const AttentionTile& tile)
{
    barrier();
    UNROLL for (int i = 0; i < AttentionTile::OwnRows; i++)
    {
        UNROLL for (int j = 0; j < AttentionTile::OwnColumns; j += 4)
        {
            const float* x = &tile.sums[i][j];
            *(Float4*)&memory.weights[AttentionTile::row(i)][AttentionTile::column(j)] = Float4{x[0], x[1], x[2], x[3]};
        }
    }
}

// For each of a thread's places of an array's 64 rows from `start` on and dimensions from `first` on: what was there, or 0 where there is
// nothing yet, becomes of(row, it, sum). By 16 bytes where all rows begin at multiples of them.
template <typename F>
DEVICE void forPlaces(float* start, int step, int count, int first, int width, bool further, const AttentionTile& sums, F&& of)
{
    bool inFours = step % 4 == 0 && width % 4 == 0 && ((uint64)start & 15) == 0;
    UNROLL for (int i = 0; i < AttentionTile::OwnRows; i++)
    {
        if (AttentionTile::row(i) >= count)
            break;
        float* row = start + (int64)AttentionTile::row(i) * step;
        UNROLL for (int j = 0; j < AttentionTile::OwnColumns; j += 4)
        {
            int d = first + AttentionTile::column(j);
            if (d >= width)
                break;
            const float* own = &sums.sums[i][j];
            if (inFours)
            {
                Float4 before = {0.0f, 0.0f, 0.0f, 0.0f};
                if (further)
                    before = *(const Float4*)(row + d);
                *(Float4*)(row + d) =
                    Float4{of(i, before.x, own[0]), of(i, before.y, own[1]), of(i, before.z, own[2]), of(i, before.w, own[3])};
                continue;
            }
            UNROLL for (int k = 0; k < 4; k++)
            {
                if (d + k < width)
                    row[d + k] = of(i, loadWhere(further, row + d + k, 0.0f), own[k]);
            }
        }
    }
}
