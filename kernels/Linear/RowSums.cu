// Sums of rows: within blocks of 64 rows one after another from +0, the blocks' sums added in ascending order to +0 or to what the totals
// hold: parts [rows, width] -> totals [width], float32. The reference is WeightGradients.cs (SumRows). Two kernels, a thread a column of
// each: row_sums_blocks, then row_sums.
#include "../ExactMath/Intrinsics.cuh"

// Parameters of the kernels of this file; RowSumsCuda.cs has the same fields.
struct RowSumsParameters
{
    const float* parts;   // [rows, width]
    float* blocks;        // [blocks, width]: their sums
    float* totals;        // [width]
    int rows;
    int width;
    int accumulate;       // not 0: added to what the totals hold
};

constexpr int BlockRows = 64;
constexpr int Loads = 8;

KERNEL THREADS(128) row_sums_blocks(RowSumsParameters p)
{
    startAfterPrevious();
    int i = blockY() * blockThreads() + threadIndex(), first = blockX() * BlockRows, end = smaller(first + BlockRows, p.rows);
    if (i >= p.width)
        return;
    const float* parts = p.parts;
    float sum = 0.0f;
    for (int row = first; row < end; row += Loads)
    {
        float held[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
            held[j] = loadWhere(row + j < end, parts + (int64)smaller(row + j, end - 1) * p.width + i, 0.0f);
        UNROLL for (int j = 0; j < Loads; j++)
            sum = sum + held[j];
    }
    p.blocks[(int64)blockX() * p.width + i] = sum;
}

KERNEL THREADS(128) row_sums(RowSumsParameters p)
{
    startAfterPrevious();
    int i = blockX() * blockThreads() + threadIndex(), count = (p.rows + BlockRows - 1) / BlockRows;
    if (i >= p.width)
        return;
    const float* blocks = p.blocks;
    float total = p.accumulate ? p.totals[i] : 0.0f;
    for (int block = 0; block < count; block += Loads)
    {
        float held[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
            held[j] = loadWhere(block + j < count, blocks + (int64)smaller(block + j, count - 1) * p.width + i, 0.0f);
        UNROLL for (int j = 0; j < Loads; j++)
            total = total + held[j];
    }
    p.totals[i] = total;
}
