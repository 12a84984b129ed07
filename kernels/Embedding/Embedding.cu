// residual[row] = table[token of the row]: tokens [rows] and table [vocabulary, width] -> residual [rows, width], float32. One form, a
// warp a row. The CPU reads the same rows from the checkpoint.
#include "../ExactMath/Exact.cuh"

// Parameters of the kernel of this file; EmbeddingCuda.cs has the same fields.
struct EmbeddingParameters
{
    const float* table;      // [vocabulary, width]
    const int* tokens;       // [rows]
    const int* positions;    // [rows]; a negative one skips its row; null skips none
    float* residual;         // [rows, width]
    int width;
    int rows;
};

// A warp a row.
KERNEL THREADS(128) embedding(EmbeddingParameters p)
{
    startAfterPrevious();
    int row = blockX() * (blockThreads() / WarpLanes) + warp();
    if (row >= p.rows || (p.positions && p.positions[row] < 0))
        return;
    int width = p.width;
    const float* from = p.table + (int64)p.tokens[row] * width;
    float* to = p.residual + (int64)row * width;
    if (width % 4 == 0)
    {
        for (int i = lane() * 4; i < width; i += WarpLanes * 4)
            *(Float4*)(to + i) = *(const Float4*)(from + i);
    }
    else
    {
        for (int i = lane(); i < width; i += WarpLanes)
            to[i] = from[i];
    }
}
