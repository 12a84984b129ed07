// The rows of an expert that fill no block of 64 at the end of a micro-batch wait for the next one's: rows [places, width] -> left
// [experts, 64, width], float32. The reference is ExpertGradients.cs. One form, a block an expert and row that may be left.
#include "../ExactMath/Exact.cuh"

// Parameters of the kernel of this file; ExpertGradientsCuda.cs has the same fields.
struct ExpertGradientsParameters
{
    const int* starts;   // [experts + 1]: where the places of each begin
    const float* rows;   // [places, width]
    float* left;         // [experts, 64, width]: some of them from before
    const int* before;   // [experts]: how many were left
    int* after;          // [experts]: how many are
    int width;
};

constexpr int BlockRows = 64;

KERNEL THREADS(128) keep_rows(ExpertGradientsParameters p)
{
    startAfterPrevious();
    const int* starts = p.starts;
    const int* befores = p.before;
    int64 expert = blockX();
    int i = blockY(), start = starts[expert], count = starts[expert + 1] - start, before = befores[expert];
    int after = (before + count) % BlockRows, summed = before + count - after;
    if (i == 0 && threadIndex() == 0)
        p.after[expert] = after;
    // Either all that was left is summed, and with it the first of these rows, or nothing is, and all of these come behind.
    int64 to = summed > 0 ? i : before + i, from = start + (summed > 0 ? summed - before : 0) + i;
    if (i >= (summed > 0 ? after : count))
        return;
    for (int column = threadIndex(); column < p.width; column += blockThreads())
        p.left[(expert * BlockRows + to) * p.width + column] = p.rows[from * p.width + column];
}
