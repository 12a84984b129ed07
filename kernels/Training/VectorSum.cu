// z = x + y: float32 [count]. The reference is VectorSum.cs. One form, a thread four values.
#include "../ExactMath/Exact.cuh"

// Parameters of the kernel of this file; VectorSumCuda.cs has the same fields.
struct VectorSumParameters
{
    const float* x;
    const float* y;
    float* z;        // may be either
    int64 count;
};

KERNEL THREADS(256) vector_sum(VectorSumParameters p)
{
    startAfterPrevious();
    int64 first = ((int64)blockX() * blockThreads() + threadIndex()) * 4;
    if (first + 4 <= p.count)
    {
        Float4 x = *(const Float4*)(p.x + first), y = *(const Float4*)(p.y + first);
        *(Float4*)(p.z + first) = Float4{x.x + y.x, x.y + y.y, x.z + y.z, x.w + y.w};
        return;
    }
    for (int64 i = first; i < p.count; i++)
        p.z[i] = p.x[i] + p.y[i];
}
