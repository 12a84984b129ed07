// What the device can do at most, measured: each kernel runs nothing but one kind of instruction, on values that no compiler knows.
//   ceiling_copy       16-byte copies        ceiling_mma, _bf16  tensor cores, int8 and bf16
//   ceiling_dp4a       int8 dot products     ceiling_fma         float32
#include "../ExactMath/Bf16.cuh"
#include "../ExactMath/Intrinsics.cuh"

// Parameters of the kernels of this file; CeilingCuda.cs has the same fields.
struct CeilingParameters
{
    const Int4* from;   // source of the copy
    void* to;           // the copy, or a result of each thread: int32 or float32
    int64 count;        // pieces of 16 bytes to copy
    int steps;          // steps of arithmetic; each is 8 instructions on every accumulator
};

// Independent accumulators of a thread, so that no instruction waits for the one before.
constexpr int Accumulators = 16;

// Instructions on each accumulator in a step, so that the loop's own hardly count.
constexpr int Repeats = 8;

// Several loads of 16 bytes under way in every thread.
KERNEL THREADS(256) ceiling_copy(CeilingParameters p)
{
    startAfterPrevious();
    constexpr int Loads = 4;
    const Int4* from = p.from;
    Int4* to = (Int4*)p.to;
    int64 stride = (int64)gridX() * blockThreads(), i = (int64)blockX() * blockThreads() + threadIndex();
    for (; i + (Loads - 1) * stride < p.count; i += Loads * stride)
    {
        Int4 held[Loads];
        UNROLL for (int j = 0; j < Loads; j++)
            held[j] = loadConstant(from + i + j * stride);
        UNROLL for (int j = 0; j < Loads; j++)
            to[i + j * stride] = held[j];
    }
    for (; i < p.count; i += stride)
        to[i] = loadConstant(from + i);
}

// 4,096 multiply-adds a warp and instruction.
KERNEL THREADS(256) ceiling_mma(CeilingParameters p)
{
    startAfterPrevious();
    int l = lane();
    Int4 a = {l * 0x01010101, l ^ 0x11223344, l * 0x00010001, ~l}, sums[Accumulators] = {};
    for (int step = 0; step < p.steps; step++)
    {
        UNROLL for (int i = 0; i < Accumulators * Repeats; i++)
            sums[i % Accumulators] = multiplyTiles(a, l + i % Accumulators, l - i % Accumulators, sums[i % Accumulators]);
    }
    int total = 0;
    UNROLL for (int i = 0; i < Accumulators; i++)
        total ^= sums[i].x + 3 * sums[i].y + 5 * sums[i].z + 7 * sums[i].w;
    ((int*)p.to)[blockX() * blockThreads() + threadIndex()] = total;
}

// 2,048 multiply-adds a warp and instruction.
KERNEL THREADS(256) ceiling_mma_bf16(CeilingParameters p)
{
    startAfterPrevious();
    float t = (float)(lane() % 4), total = 0.0f;
    Int4 a = {(int)roundBf16(t, 1.0f), (int)roundBf16(1.0f, t), (int)roundBf16(2.0f, t), (int)roundBf16(t, 3.0f)};
    int b[Accumulators];
    UNROLL for (int i = 0; i < Accumulators; i++)
        b[i] = (int)roundBf16(t, (float)i);
    Float4 sums[Accumulators] = {};
    for (int step = 0; step < p.steps; step++)
    {
        UNROLL for (int i = 0; i < Accumulators * Repeats; i++)
            multiplyBf16(a, b[i % Accumulators], b[i % Accumulators], sums[i % Accumulators]);
    }
    UNROLL for (int i = 0; i < Accumulators; i++)
        total = total + sums[i].x + 3.0f * sums[i].y + 5.0f * sums[i].z + 7.0f * sums[i].w;
    ((float*)p.to)[blockX() * blockThreads() + threadIndex()] = total;
}

// 4 multiply-adds a thread and instruction.
KERNEL THREADS(256) ceiling_dp4a(CeilingParameters p)
{
    startAfterPrevious();
    int sums[Accumulators] = {}, l = lane(), total = 0;
    for (int step = 0; step < p.steps; step++)
    {
        UNROLL for (int i = 0; i < Accumulators * Repeats; i++)
            sums[i % Accumulators] = dot4(l * 0x01010101, l + i % Accumulators, sums[i % Accumulators]);
    }
    UNROLL for (int i = 0; i < Accumulators; i++)
        total ^= sums[i];
    ((int*)p.to)[blockX() * blockThreads() + threadIndex()] = total;
}

// One multiply-add a thread and instruction.
KERNEL THREADS(256) ceiling_fma(CeilingParameters p)
{
    startAfterPrevious();
    float factor = 1.0f + (float)lane() * 0x1p-23f, sums[Accumulators], total = 0.0f;
    UNROLL for (int i = 0; i < Accumulators; i++)
        sums[i] = (float)i;
    for (int step = 0; step < p.steps; step++)
    {
        UNROLL for (int i = 0; i < Accumulators * Repeats; i++)
            sums[i % Accumulators] = fma(sums[i % Accumulators], factor, 0x1p-20f);
    }
    UNROLL for (int i = 0; i < Accumulators; i++)
        total = total + sums[i];
    ((float*)p.to)[blockX() * blockThreads() + threadIndex()] = total;
}
