// What the forms of the exact f32 linear share, and the templates of the fast ones; LinearF32.cu has the formula.
#pragma once

#include "../ExactMath/Intrinsics.cuh"
#include "../SwiGlu/SwiGlu.cuh"

// Parameters of the kernels of this file; LinearF32Cuda.cs has the same fields.
struct LinearF32Parameters
{
    const float* x;         // [rows, inputs]
    const float* weights;   // [outputs, inputs]
    const int* positions;   // [rows]; a negative one skips its row; null skips none
    float* y;               // [rows, ldy]
    int rows;
    int outputs;
    int inputs;
    int ldy;
    int epilogue;           // LinearEpilogue
};

constexpr int AddToResidual = 1;
constexpr int EndInSwiGlu = 2;
constexpr int Block = 64;

DEVICE bool skipped(const LinearF32Parameters& p, int row)
{
    return row >= p.rows || (p.positions && p.positions[row] < 0);
}

// For the outputs of neighbouring lanes: with SwiGLU the lanes of even outputs, gates, write for both. All lanes of a warp call it.
DEVICE void finish(const LinearF32Parameters& p, int row, int output, bool writes, float y)
{
    if (p.epilogue == EndInSwiGlu)
    {
        float up = exchange(y, 1);
        if (writes && output % 2 == 0)
            p.y[(int64)row * p.ldy + output / 2] = gated(y, up);
        return;
    }
    if (!writes)
        return;
    float* place = p.y + (int64)row * p.ldy + output;
    *place = p.epilogue == AddToResidual ? *place + y : y;
}

// Starts the copy of floats [start, start + Count) of a row of `inputs` to shared memory, zeros past its end: lane `part` of Count / 4
// copies 16 bytes where all rows begin at a multiple of them, and else of the lanes each copies 4 bytes at a time.
template <int Count>
DEVICE void copyRun(float* shared, const float* row, int start, int inputs, int part)
{
    if (inputs % 4 == 0)
    {
        int k = start + part * 4;
        copyAsync16(shared + part * 4, row + smaller(k, inputs - 4), k < inputs ? 16 : 0);
        return;
    }
    UNROLL for (int i = 0; i < 4; i++)
    {
        int own = part + i * (Count / 4), k = start + own;
        copyAsync4(shared + own, row + smaller(k, inputs - 1), k < inputs ? 4 : 0);
    }
}

DEVICE Float4 loadShared(const float* shared) { return *(const Float4*)shared; }

// For few rows, bound by reading the weights: a thread an output and block, for all rows; the block sums then meet in shared memory.
// Runs of 64 floats lie 68 apart, so that 8 threads that read 16 bytes at the same place of theirs fall in different banks.
constexpr int RunStride = Block + 4;
constexpr int FewOutputs = 4;
constexpr int FewBlocks = 16;
constexpr int FewThreads = FewOutputs * FewBlocks;

template <int Rows>
DEVICE void fewRows(const LinearF32Parameters& p)
{
    alignas(16) SHARED static float weights[FewThreads][RunStride];
    alignas(16) SHARED static float values[Rows][FewBlocks][RunStride];
    SHARED static float sums[Rows][FewOutputs][FewBlocks + 1];
    const float* x = p.x;
    const float* w = p.weights;
    int firstRow = blockX() * Rows, firstOutput = blockY() * FewOutputs, blocks = (p.inputs + Block - 1) / Block;
    int thread = threadIndex(), ownOutput = thread / FewBlocks, ownBlock = thread % FewBlocks, group = thread / 16, part = thread % 16;
    int chainRow = thread / FewOutputs, chainOutput = thread % FewOutputs;
    float total = 0.0f;
    for (int first = 0; first < blocks; first += FewBlocks)
    {
        int count = smaller(FewBlocks, blocks - first);
        UNROLL for (int output = 0; output < FewOutputs; output++)
        {
            const float* row = w + (int64)smaller(firstOutput + output, p.outputs - 1) * p.inputs;
            for (int block = group; block < count; block += FewThreads / 16)
                copyRun<Block>(weights[output * FewBlocks + block], row, (first + block) * Block, p.inputs, part);
        }
        UNROLL for (int r = 0; r < Rows; r++)
        {
            const float* row = x + (int64)smaller(firstRow + r, p.rows - 1) * p.inputs;
            for (int block = group; block < count; block += FewThreads / 16)
                copyRun<Block>(values[r][block], row, (first + block) * Block, p.inputs, part);
        }
        commitCopies();
        awaitCopies<0>();
        barrier();
        if (ownBlock < count)
        {
            float acc[Rows] = {};
            UNROLL for (int k = 0; k < Block; k += 4)
            {
                Float4 b = loadShared(weights[thread] + k);
                UNROLL for (int r = 0; r < Rows; r++)
                {
                    Float4 a = loadShared(values[r][ownBlock] + k);
                    acc[r] = fma(a.w, b.w, fma(a.z, b.z, fma(a.y, b.y, fma(a.x, b.x, acc[r]))));
                }
            }
            UNROLL for (int r = 0; r < Rows; r++)
                sums[r][ownOutput][ownBlock] = acc[r];
        }
        barrier();
        if (chainRow < Rows)
        {
            for (int block = 0; block < count; block++)
                total = total + sums[chainRow][chainOutput][block];
        }
    }
    int row = firstRow + chainRow, output = firstOutput + chainOutput;
    finish(p, row, output, chainRow < Rows && output < p.outputs && !skipped(p, row), total);
}

constexpr int Depth = 16;
constexpr int TileStride = Depth + 4;

// Starts the copies of inputs [start, start + 16) of rows from `first` on, those past the last as the last; past the inputs, nothing.
template <int Threads, int Rows>
DEVICE void copyStep(float (&shared)[Rows][TileStride], const float* rows, int first, int count, int start, int inputs)
{
    constexpr int Parts = Depth / 4;
    static_assert(Rows * Parts % Threads == 0, "all threads copy as much");
    if (start >= inputs)
        return;
    UNROLL for (int i = 0; i < Rows * Parts / Threads; i++)
    {
        int row = (threadIndex() + i * Threads) / Parts;
        copyRun<Depth>(shared[row], rows + (int64)smaller(first + row, count - 1) * inputs, start, inputs, threadIndex() % Parts);
    }
}

// For many rows, bound by arithmetic: a thread holds ThreadRows x ThreadOutputs sums; 16 inputs of the tile's rows and outputs are in
// shared memory, in three stages, two of which are on their way. A row of 16 floats takes 20, so that 8 threads of neighbouring rows
// that read 16 bytes fall in different banks.
template <int RowThreads, int OutputThreads, int ThreadRows, int ThreadOutputs>
DEVICE void tile(const LinearF32Parameters& p)
{
    constexpr int Rows = RowThreads * ThreadRows, Outputs = OutputThreads * ThreadOutputs, Threads = RowThreads * OutputThreads;
    constexpr int Stages = 3;
    alignas(16) SHARED static float values[Stages][Rows][TileStride];
    alignas(16) SHARED static float weights[Stages][Outputs][TileStride];
    const float* x = p.x;
    const float* w = p.weights;
    int firstRow = blockX() * Rows, firstOutput = blockY() * Outputs, thread = threadIndex(), steps = (p.inputs + Depth - 1) / Depth;
    int rowThread = thread / OutputThreads, outputThread = thread % OutputThreads;
    float acc[ThreadRows][ThreadOutputs] = {}, total[ThreadRows][ThreadOutputs] = {};
    UNROLL for (int step = 0; step < Stages - 1; step++)
    {
        copyStep<Threads>(values[step], x, firstRow, p.rows, step * Depth, p.inputs);
        copyStep<Threads>(weights[step], w, firstOutput, p.outputs, step * Depth, p.inputs);
        commitCopies();
    }
    for (int step = 0; step < steps; step++)
    {
        awaitCopies<Stages - 2>();
        barrier();
        int ahead = step + Stages - 1, stage = step % Stages;
        copyStep<Threads>(values[ahead % Stages], x, firstRow, p.rows, ahead * Depth, p.inputs);
        copyStep<Threads>(weights[ahead % Stages], w, firstOutput, p.outputs, ahead * Depth, p.inputs);
        commitCopies();
        UNROLL for (int k = 0; k < Depth; k += 4)
        {
            Float4 a[ThreadRows];
            UNROLL for (int i = 0; i < ThreadRows; i++)
                a[i] = loadShared(values[stage][rowThread + i * RowThreads] + k);
            UNROLL for (int j = 0; j < ThreadOutputs; j++)
            {
                Float4 b = loadShared(weights[stage][outputThread + j * OutputThreads] + k);
                UNROLL for (int i = 0; i < ThreadRows; i++)
                    acc[i][j] = fma(a[i].w, b.w, fma(a[i].z, b.z, fma(a[i].y, b.y, fma(a[i].x, b.x, acc[i][j]))));
            }
        }
        if (step % (Block / Depth) == Block / Depth - 1 || step == steps - 1)
        {
            UNROLL for (int i = 0; i < ThreadRows; i++)
            {
                UNROLL for (int j = 0; j < ThreadOutputs; j++)
                {
                    total[i][j] = total[i][j] + acc[i][j];
                    acc[i][j] = 0.0f;
                }
            }
        }
    }
    UNROLL for (int i = 0; i < ThreadRows; i++)
    {
        int row = firstRow + rowThread + i * RowThreads;
        bool writes = !skipped(p, row);
        UNROLL for (int j = 0; j < ThreadOutputs; j++)
        {
            int output = firstOutput + outputThread + j * OutputThreads;
            finish(p, row, output, writes && output < p.outputs, total[i][j]);
        }
    }
}
