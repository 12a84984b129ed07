// Adds the gradients of rows to those of their tokens' vectors: sums[token] = (sums[token] + row) + row ..., one after another in ascending
// order: gradients [rows, width] -> sums [vocabulary, width], float32. Rows are listed by token. The reference is WeightGradients.cs. One
// form: a block a token and 128 columns.
#include "../ExactMath/Intrinsics.cuh"

// Parameters of the kernel of this file; EmbeddingBackwardCuda.cs has the same fields.
struct EmbeddingBackwardParameters
{
    const float* gradients;  // [rows, width]
    const int* tokens;       // [tokens]: each once
    const int* firsts;       // [tokens + 1]: where a token's rows begin in the list
    const int* list;         // rows by token, ascending
    float* sums;             // [vocabulary, width]
    int width;
    int count;               // tokens
};

KERNEL THREADS(128) embedding_backward(EmbeddingBackwardParameters p)
{
    startAfterPrevious();
    constexpr int Loads = 4;
    int i = blockY() * blockThreads() + threadIndex();
    if (i >= p.width)
        return;
    int end = p.firsts[blockX() + 1];
    float* place = p.sums + (int64)p.tokens[blockX()] * p.width + i;
    const float* gradients = p.gradients;
    float sum = *place;
    for (int first = p.firsts[blockX()]; first < end; first += Loads)
    {
        float held[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
        {
            bool present = first + j < end;
            held[j] = loadWhere(present, gradients + (present ? (int64)p.list[first + j] * p.width + i : 0), 0.0f);
        }
        UNROLL for (int j = 0; j < Loads; j++)
            sum = first + j < end ? sum + held[j] : sum;
    }
    *place = sum;
}
