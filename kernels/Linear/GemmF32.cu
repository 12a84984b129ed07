// c[m, n] = sum over k of a(m, k) b[k, n] in float32, in the order of GemmF32.cs, the reference: a chain of fma over each block of 64
// terms from +0, the blocks' sums added in ascending order to +0 or to what c holds. Terms past the end count as 0 in both factors, which
// changes no bit. The gradients of linears: dx = dy W sums over outputs (a [rows, terms]), dW = dy^T x over rows (a [terms, rows]).
// Forms: gemm_f32_rows_* of the first, gemm_f32_terms_* of the second; tiles of 32 x 64 and, for many, of 64 x 128. Where tiles are few
// and terms many, gemm_f32_blocks_32x64 sums each block of 64 terms apart, for row_sums (RowSums.cu) to add up.
#include "GemmF32.cuh"

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
