// c[m, n] = sum over k of a(m, k) b[k, n] in float32, in the order of GemmF32.cs, the reference: a chain of fma over each block of 64
// terms from +0, the blocks' sums added in ascending order to +0 or to what c holds. Terms past the end count as 0 in both factors, which
// changes no bit. The gradients of linears: dx = dy W sums over outputs (a [rows, terms]), dW = dy^T x over rows (a [terms, rows]).
// Forms: gemm_f32_rows_* of the first, gemm_f32_terms_* of the second; tiles of 32 x 64 and, for many, of 64 x 128. Where tiles are few
// and terms many, gemm_f32_blocks_32x64 sums each block of 64 terms apart, for row_sums (RowSums.cu) to add up.
#include "TileF32.cuh"

// Parameters of the kernels of this file; GemmF32Cuda.cs has the same fields.
struct GemmF32Parameters
{
    const float* a;     // [rows, terms] or [terms, rows]
    const float* b;     // [terms, columns]
    float* c;           // [rows, columns]
    float* blocks;      // [blocks of 64 terms, rows, columns]: their sums (blocks form)
    int rows;
    int columns;
    int terms;
    int accumulate;     // not 0: the sums are added to what c holds
};

constexpr int Depth = 16;
constexpr int Stages = 3;

// For each four neighbouring sums of a thread that c has places for: of(sums, place, how many).
template <typename Tile, typename F>
DEVICE void forFours(Tile& tile, float* c, int rows, int columns, F&& of)
{
    int firstRow = blockX() * Tile::Rows, firstColumn = blockY() * Tile::Columns;
    UNROLL for (int i = 0; i < Tile::OwnRows; i++)
    {
        int row = firstRow + Tile::row(i);
        UNROLL for (int j = 0; j < Tile::OwnColumns; j += 4)
        {
            int column = firstColumn + Tile::column(j);
            if (row < rows && column < columns)
                of(&tile.sums[i][j], c + (int64)row * columns + column, columns - column);
        }
    }
}

// 16 terms of the tile's rows and columns are in shared memory, in three stages, two of which are on their way.
template <bool ByTerms, int Parts>
DEVICE void multiply(GemmF32Parameters p)
{
    using Tile = ThreadTile<8, 16, Parts, Parts>;
    alignas(16) SHARED static float left[Stages][Depth][Tile::Rows + 4];
    alignas(16) SHARED static float right[Stages][Depth][Tile::Columns + 4];
    const float* a = p.a;
    const float* b = p.b;
    float* c = p.c;
    int rows = p.rows, columns = p.columns, terms = p.terms, steps = (terms + Depth - 1) / Depth;
    bool inFours = columns % 4 == 0;
    auto copy = [=](int step)
    {
        int stage = step % Stages, term = step * Depth;
        if (step < steps)
        {
            if constexpr (ByTerms)
                copyRows<Depth, Tile::Rows>(left[stage], a, rows, term, terms, blockX() * Tile::Rows, rows);
            else
                copyTransposed<Depth, Tile::Rows>(left[stage], a, terms, term, terms, blockX() * Tile::Rows, rows);
            copyRows<Depth, Tile::Columns>(right[stage], b, columns, term, terms, blockY() * Tile::Columns, columns);
        }
        commitCopies();
    };
    copy(0);
    copy(1);
    Tile total, block;
    total.clear();
    block.clear();
    if (p.accumulate)
        forFours(total, c, rows, columns, [=](float* sums, const float* place, int count)
        {
            if (inFours)
            {
                Float4 four = *(const Float4*)place;
                UNROLL for (int j = 0; j < 4; j++)
                    sums[j] = four[j];
                return;
            }
            UNROLL for (int j = 0; j < 4; j++)
                sums[j] = j < count ? place[j] : 0.0f;
        });
    _Pragma("unroll 1") for (int step = 0; step < steps; step++)
    {
        awaitCopies<Stages - 2>();
        barrier();
        copy(step + Stages - 1);
        block.addTerms(left[step % Stages], right[step % Stages], Depth);
        if (step % (BlockTerms / Depth) == BlockTerms / Depth - 1 || step == steps - 1)
        {
            total.add(block);
            block.clear();
        }
    }
    forFours(total, c, rows, columns, [=](const float* sums, float* place, int count)
    {
        if (inFours)
        {
            *(Float4*)place = Float4{sums[0], sums[1], sums[2], sums[3]};
            return;
        }
        UNROLL for (int j = 0; j < 4; j++)
        {
            if (j < count)
                place[j] = sums[j];
        }
    });
}

// The block of terms of blockZ.
KERNEL THREADS(128) gemm_f32_blocks_32x64(GemmF32Parameters p)
{
    startAfterPrevious();
    int64 block = blockZ(), first = block * BlockTerms;
    p.a += first * p.rows;
    p.b += first * p.columns;
    p.c = p.blocks + block * p.rows * p.columns;
    p.terms = smaller(BlockTerms, p.terms - (int)first);
    p.accumulate = 0;
    multiply<true, 1>(p);
}

KERNEL THREADS(128) gemm_f32_rows_32x64(GemmF32Parameters p) { startAfterPrevious(); multiply<false, 1>(p); }
KERNEL THREADS(128) gemm_f32_rows_64x128(GemmF32Parameters p) { startAfterPrevious(); multiply<false, 2>(p); }
KERNEL THREADS(128) gemm_f32_terms_32x64(GemmF32Parameters p) { startAfterPrevious(); multiply<true, 1>(p); }
KERNEL THREADS(128) gemm_f32_terms_64x128(GemmF32Parameters p) { startAfterPrevious(); multiply<true, 2>(p); }
