// Exact products of tiles that lie in shared memory, for the f32 kernels of training: GemmF32.cu and the attention of whole sequences.
#pragma once

#include "../ExactMath/Intrinsics.cuh"

constexpr int BlockTerms = 64;   // of one chain of fma

// The sums of one thread of a block of 128: RowParts x ColumnParts squares of 4 x 4. Lanes of neighbouring columns read shared memory side
// by side, those of one row the same 16 bytes: two such loads are for 16 fma, four for 64.
template <int RowThreads, int ColumnThreads, int RowParts, int ColumnParts>
struct ThreadTile
{
    static_assert(RowThreads * ColumnThreads == 128, "all threads of a block");
    static constexpr int Rows = RowThreads * RowParts * 4, Columns = ColumnThreads * ColumnParts * 4;
    static constexpr int OwnRows = RowParts * 4, OwnColumns = ColumnParts * 4;

    float sums[OwnRows][OwnColumns];

    // Places in the tile of the thread's own rows and columns.
    static DEVICE_MEMBER int row(int i) { return i / 4 * (RowThreads * 4) + threadIndex() / ColumnThreads * 4 + i % 4; }
    static DEVICE_MEMBER int column(int j) { return j / 4 * (ColumnThreads * 4) + threadIndex() % ColumnThreads * 4 + j % 4; }

    DEVICE_MEMBER void clear()
    {
        UNROLL for (int i = 0; i < OwnRows; i++)
        {
            UNROLL for (int j = 0; j < OwnColumns; j++)
                sums[i][j] = 0.0f;
        }
    }

    // sums = fma chains on: a [terms][rows], b [terms][columns].
    template <int StrideA, int StrideB>
    DEVICE_MEMBER void addTerms(const float (*a)[StrideA], const float (*b)[StrideB], int terms)
    {
        _Pragma("unroll 2") for (int k = 0; k < terms; k++)
        {
            Float4 x[RowParts], y[ColumnParts];
            UNROLL for (int i = 0; i < RowParts; i++)
                x[i] = *(const Float4*)&a[k][row(i * 4)];
            UNROLL for (int j = 0; j < ColumnParts; j++)
                y[j] = *(const Float4*)&b[k][column(j * 4)];
            UNROLL for (int i = 0; i < OwnRows; i++)
            {
                UNROLL for (int j = 0; j < OwnColumns; j++)
                    sums[i][j] = fma(x[i / 4][i % 4], y[j / 4][j % 4], sums[i][j]);
            }
        }
    }

    // The end of a block of terms.
    DEVICE_MEMBER void add(const ThreadTile& block)
    {
        UNROLL for (int i = 0; i < OwnRows; i++)
        {
            UNROLL for (int j = 0; j < OwnColumns; j++)
                sums[i][j] = sums[i][j] + block.sums[i][j];
        }
    }
};

// Starts the copy of a matrix's rows [term, term + Terms) and columns [first, first + Width) to shared memory, zeros where it has none.
template <int Terms, int Width, int Stride>
DEVICE void copyRows(
    float (*shared)[Stride], const float* matrix, int step, int term, int terms, int first, int columns)
{
    if (step % 4 == 0 && columns % 4 == 0 && ((uint64)matrix & 15) == 0)
    {
        constexpr int Parts = Width / 4;
        UNROLL for (int n = 0; n < Terms * Parts / 128; n++)
        {
            int i = threadIndex() + n * 128, k = i / Parts, at = i % Parts * 4;
            bool present = term + k < terms && first + at < columns;
            copyAsync16(&shared[k][at], present ? matrix + (int64)(term + k) * step + first + at : matrix, present ? 16 : 0);
        }
        return;
    }
    _Pragma("unroll 1") for (int n = 0; n < Terms * Width / 128; n++)
    {
        int i = threadIndex() + n * 128, k = i / Width, at = i % Width;
        bool present = term + k < terms && first + at < columns;
        copyAsync4(&shared[k][at], present ? matrix + (int64)(term + k) * step + first + at : matrix, present ? 4 : 0);
    }
}

// The same of the matrix's transpose: its terms lie side by side in rows [first, first + Width).
template <int Terms, int Width, int Stride>
DEVICE void copyTransposed(
    float (*shared)[Stride], const float* matrix, int step, int term, int terms, int first, int rows)
{
    _Pragma("unroll 4") for (int n = 0; n < Terms * Width / 128; n++)
    {
        int i = threadIndex() + n * 128, k = i % Terms, at = i / Terms;
        bool present = term + k < terms && first + at < rows;
        copyAsync4(&shared[k][at], present ? matrix + (int64)(first + at) * step + term + k : matrix, present ? 4 : 0);
    }
}
