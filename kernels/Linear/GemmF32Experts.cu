// The products of GemmF32.cu for experts, each of a matrix of its own, whose rows lie together: the gradients of their linears. One launch
// for all of them.
//   gemm_f32_experts_rows    dx = dy W, summed over outputs; the blocks of threads of an expert that has no row for them end at once
//   gemm_f32_experts_terms   dW = dy^T x, summed over an expert's own rows in blocks of 64 of them, in the order of ExpertGradients.cs:
//                            first the rows that were left of those before, then the new ones; what is no whole block is left unless
//                            these are the last
// Tiles of 32 x 64 and, for many, of 64 x 128.
#include "GemmF32.cuh"

// Parameters of the kernels of this file; GemmF32ExpertsCuda.cs has the same fields.
struct GemmF32ExpertsParameters
{
    GemmF32Parameters gemm;   // by rows: a [places, terms], b [terms, columns] an expert, c [places, columns], rows the most of an expert
                              // by terms: a [places, rows], b [places, columns], c [rows, columns] an expert; no terms
    const int* starts;        // [experts + 1]: where the places of each begin
    const int* left;          // [experts]: rows that were left, fewer than 64 (by terms)
    const float* leftA;       // [experts, 64, rows]
    const float* leftB;       // [experts, 64, columns]
    int64 stride;             // floats from the matrix of an expert to the next
    int last;                 // not 0: no rows are left
};

template <int Parts>
DEVICE void multiplyRows(const GemmF32ExpertsParameters& all)
{
    startAfterPrevious();
    const int* starts = all.starts;
    int expert = blockZ(), first = starts[expert];
    GemmF32Parameters p = all.gemm;
    p.rows = starts[expert + 1] - first;
    if (blockX() * ThreadTile<8, 16, Parts, Parts>::Rows >= p.rows)
        return;
    p.a += (int64)first * p.terms;
    p.b += expert * all.stride;
    p.c += (int64)first * p.columns;
    multiply<false, Parts>(p);
}

// Starts the copy of columns [first, first + Width) of 16 rows from `term` on: those left, then those of the expert; zeros past the last.
template <int Width>
DEVICE void copyOwnRows(
    float (*shared)[Width + 4], const float* left, int leftCount, const float* rows, int term, int terms, int first, int columns)
{
    if (columns % 4 == 0)
    {
        constexpr int Parts = Width / 4;
        UNROLL for (int n = 0; n < Depth * Parts / 128; n++)
        {
            int i = threadIndex() + n * 128, k = i / Parts, at = i % Parts * 4, own = term + k;
            bool present = own < terms && first + at < columns;
            const float* from = own < leftCount ? left + (int64)own * columns : rows + (int64)(own - leftCount) * columns;
            copyAsync16(&shared[k][at], present ? from + first + at : rows, present ? 16 : 0);
        }
        return;
    }
    _Pragma("unroll 1") for (int n = 0; n < Depth * Width / 128; n++)
    {
        int i = threadIndex() + n * 128, k = i / Width, at = i % Width, own = term + k;
        bool present = own < terms && first + at < columns;
        const float* from = own < leftCount ? left + (int64)own * columns : rows + (int64)(own - leftCount) * columns;
        copyAsync4(&shared[k][at], present ? from + first + at : rows, present ? 4 : 0);
    }
}

template <int Parts>
DEVICE void multiplyTerms(const GemmF32ExpertsParameters& all)
{
    startAfterPrevious();
    using Tile = ThreadTile<8, 16, Parts, Parts>;
    const int* starts = all.starts;
    const int* lefts = all.left;
    int expert = blockZ(), start = starts[expert], leftCount = lefts[expert], rows = all.gemm.rows, columns = all.gemm.columns;
    int terms = leftCount + starts[expert + 1] - start;
    terms = all.last ? terms : terms / BlockTerms * BlockTerms;
    if (terms == 0 && all.gemm.accumulate)
        return;
    const float* a = all.gemm.a;
    const float* b = all.gemm.b;
    const float* leftA = all.leftA;
    const float* leftB = all.leftB;
    a += (int64)start * rows;
    b += (int64)start * columns;
    leftA += (int64)expert * BlockTerms * rows;
    leftB += (int64)expert * BlockTerms * columns;
    multiplyTile<Parts>(all.gemm.c + expert * all.stride, rows, columns, terms, all.gemm.accumulate,
        [=](float (*stage)[Tile::Rows + 4], int term)
        {
            copyOwnRows<Tile::Rows>(stage, leftA, leftCount, a, term, terms, blockX() * Tile::Rows, rows);
        },
        [=](float (*stage)[Tile::Columns + 4], int term)
        {
            copyOwnRows<Tile::Columns>(stage, leftB, leftCount, b, term, terms, blockY() * Tile::Columns, columns);
        });
}

KERNEL THREADS(128) gemm_f32_experts_rows_32x64(GemmF32ExpertsParameters p) { multiplyRows<1>(p); }
KERNEL THREADS(128) gemm_f32_experts_rows_64x128(GemmF32ExpertsParameters p) { multiplyRows<2>(p); }
KERNEL THREADS(128) gemm_f32_experts_terms_32x64(GemmF32ExpertsParameters p) { multiplyTerms<1>(p); }
KERNEL THREADS(128) gemm_f32_experts_terms_64x128(GemmF32ExpertsParameters p) { multiplyTerms<2>(p); }
