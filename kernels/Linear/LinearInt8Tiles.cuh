// The form for many rows: tensor cores over tiles of rows and outputs, a block of 64 inputs at a time, which pass through shared memory in
// several stages. A warp multiplies 16 rows by 8 outputs and 32 inputs at once; after a block, whose products end in int32 sums, one
// subtraction makes each a float and one fma continues its chain: 2 instructions a lane for 64 products.
#pragma once

#include "LinearInt8.cuh"

template <int TileRows, int TileOutputs, int RowWarpCount, int OutputWarpCount, int StageCount>
struct Tile
{
    static constexpr int Rows = TileRows, Outputs = TileOutputs, RowWarps = RowWarpCount, OutputWarps = OutputWarpCount;
    static constexpr int Stages = StageCount;
    static constexpr int Threads = RowWarps * OutputWarps * WarpLanes;
    static constexpr int WarpRows = Rows / RowWarps, WarpOutputs = Outputs / OutputWarps;
    static constexpr int RowSteps = WarpRows / 16, OutputSteps = WarpOutputs / 8;

    // A stage holds the rows' blocks, the outputs' blocks and the rows' scales, in this order.
    static constexpr int OutputsAt = Rows * QuantBlock, ScalesAt = OutputsAt + Outputs * QuantBlock, StageBytes = ScalesAt + Rows * 4;
    static_assert(Rows <= Threads, "a thread copies a scale");

    // Whether registers are left for the outputs' scales while blocks are multiplied: they come from memory, and afterwards nothing would
    // hide the wait for them.
    static constexpr bool ScalesFirst = RowSteps <= 2;
};

// Where the 16 bytes `part` of a row's block lie in a stage. Of 8 neighbouring rows the same part falls in different banks.
DEVICE int placeOfPart(int row, int part) { return row * QuantBlock + (part ^ (row >> 1 & 3)) * 16; }

// What a thread copies at every step: 16 bytes of some rows, the same distance further on each time.
template <int Count, int Threads>
struct RowCopies
{
    static constexpr int Parts = Count * (QuantBlock / 16), PerThread = (Parts + Threads - 1) / Threads;
    static_assert(PerThread == 1 || PerThread * Threads == Parts, "all threads copy as much, or some nothing");
    const int8* from[PerThread];
    int bytes[PerThread];

    // Rows from `first` on of `count`; zeros take the place of those past the last.
    MEMBER void start(const int8* rows, int first, int count, int blocks)
    {
        UNROLL for (int i = 0; i < PerThread; i++)
        {
            int place = threadIndex() + i * Threads, row = first + place / 4;
            from[i] = rows + (int64)smaller(row, count - 1) * blocks * QuantBlock + place % 4 * 16;
            bytes[i] = row < count ? 16 : 0;
        }
    }

    MEMBER void copy(char* stage)
    {
        UNROLL for (int i = 0; i < PerThread; i++)
        {
            int place = threadIndex() + i * Threads;
            if (Parts < Threads && place >= Parts)
                return;
            copyAsync16(stage + placeOfPart(place / 4, place % 4), from[i], bytes[i]);
            from[i] += QuantBlock;
        }
    }
};

template <class T>
struct TileCopies
{
    RowCopies<T::Rows, T::Threads> rows;
    RowCopies<T::Outputs, T::Threads> outputs;
    const float* scale;
    int scaleBytes;
    int left;

    MEMBER void start(const LinearInt8Parameters& p, int firstRow, int firstOutput)
    {
        rows.start(p.x, firstRow, p.rows, p.blocks);
        outputs.start(p.weights, firstOutput, p.outputs, p.blocks);
        int row = firstRow + threadIndex();
        scale = p.xScales + (int64)smaller(row, p.rows - 1) * p.blocks;
        scaleBytes = row < p.rows ? 4 : 0;
        left = p.blocks;
    }

    // A group of copies even where nothing is left, so that a count of groups is a count of steps.
    MEMBER void next(char* stage)
    {
        if (left > 0)
        {
            rows.copy(stage);
            outputs.copy(stage + T::OutputsAt);
            if (threadIndex() < T::Rows)
                copyAsync4(stage + T::ScalesAt + threadIndex() * 4, scale, scaleBytes);
            scale++;
        }
        left--;
        commitCopies();
    }
};

// The chains of a warp's outputs. In a lane: [row step][output step], row lane / 4 and outputs 2 (lane % 4) and the next in x and y, row
// lane / 4 + 8 in z and w.
template <class T>
using TileChains = Float4[T::RowSteps][T::OutputSteps];

template <class T>
DEVICE void multiplyBlock(const char* stage, int warpRow, int warpOutput, TileChains<T>& chains)
{
    const Int4 start = {SumStart, SumStart, SumStart, SumStart};
    uint32 rows = sharedAddress(stage) + warpRow * QuantBlock + placeOfPart(lane() % 16, lane() / 16);
    uint32 outputs = sharedAddress(stage) + T::OutputsAt + warpOutput * QuantBlock + placeOfPart(lane() % 8, lane() / 8);
    const float* scales = (const float*)(stage + T::ScalesAt) + warpRow + lane() / 4;
    Int4 b[T::OutputSteps];
    UNROLL for (int j = 0; j < T::OutputSteps; j++)
        b[j] = loadMatrices(outputs + j * 8 * QuantBlock);
    UNROLL for (int i = 0; i < T::RowSteps; i++)
    {
        Int4 a0 = loadMatrices(rows + i * 16 * QuantBlock), a1 = loadMatrices((rows ^ 32) + i * 16 * QuantBlock);
        float low = scales[i * 16], high = scales[i * 16 + 8];
        UNROLL for (int j = 0; j < T::OutputSteps; j++)
        {
            Int4 sum = multiplyTiles(a1, b[j].z, b[j].w, multiplyTiles(a0, b[j].x, b[j].y, start));
            Float4& chain = chains[i][j];
            chain.x = fma(sumAsFloat(sum.x), low, chain.x);
            chain.y = fma(sumAsFloat(sum.y), low, chain.y);
            chain.z = fma(sumAsFloat(sum.z), high, chain.z);
            chain.w = fma(sumAsFloat(sum.w), high, chain.w);
        }
    }
}

template <class T>
DEVICE void tileChains(const LinearInt8Parameters& p, char* memory, int warpRow, int warpOutput, TileChains<T>& chains)
{
    TileCopies<T> copies;
    copies.start(p, blockX() * T::Rows, blockY() * T::Outputs);
    UNROLL for (int stage = 0; stage < T::Stages - 1; stage++)
        copies.next(memory + stage * T::StageBytes);
    int stage = 0, filled = T::Stages - 1;
    for (int block = 0; block < p.blocks; block++)
    {
        awaitCopies<T::Stages - 2>();
        barrier();
        copies.next(memory + filled * T::StageBytes);
        filled = filled == T::Stages - 1 ? 0 : filled + 1;
        multiplyBlock<T>(memory + stage * T::StageBytes, warpRow, warpOutput, chains);
        stage = stage == T::Stages - 1 ? 0 : stage + 1;
    }
}

// The first of a lane's pairs of outputs, which lie 8 apart.
template <class T>
DEVICE int laneOutput(int warpOutput) { return blockY() * T::Outputs + warpOutput + lane() % 4 * 2; }

// Their scales; past the last output, the last one's.
template <class T>
DEVICE void loadScales(const LinearInt8Parameters& p, int firstOutput, Float2 (&scales)[T::OutputSteps])
{
    UNROLL for (int j = 0; j < T::OutputSteps; j++)
    {
        int output = firstOutput + j * 8;
        if constexpr (T::ScalesFirst)
        {
            scales[j].x = loadNow(p.weightScales + smaller(output, p.outputs - 1));
            scales[j].y = loadNow(p.weightScales + smaller(output + 1, p.outputs - 1));
        }
        else
        {
            scales[j].x = loadConstant(p.weightScales + smaller(output, p.outputs - 1));
            scales[j].y = loadConstant(p.weightScales + smaller(output + 1, p.outputs - 1));
        }
    }
}

// Writes pairs of neighbouring outputs of a row, 8 outputs from a pair to the next; where all pairs are whole and at multiples of 8 bytes,
// both at once.
template <int Count>
DEVICE void writeRow(const LinearInt8Parameters& p, int row, int firstOutput, const Float2 (&y)[Count])
{
    if (skipped(p, row))
        return;
    float* place = p.y + (int64)row * p.ldy + firstOutput;
    bool whole = (p.ldy | p.outputs) % 2 == 0;
    UNROLL for (int j = 0; j < Count; j++)
    {
        int output = firstOutput + j * 8;
        if (whole)
        {
            if (output >= p.outputs)
                return;
            Float2* pair = (Float2*)(place + j * 8);
            Float2 before = p.add ? *pair : Float2{};
            *pair = p.add ? Float2{before.x + y[j].x, before.y + y[j].y} : y[j];
            continue;
        }
        if (output < p.outputs)
            writeOutput(p, row, output, y[j].x);
        if (output + 1 < p.outputs)
            writeOutput(p, row, output + 1, y[j].y);
    }
}

template <class T>
DEVICE void tileOutputs(const LinearInt8Parameters& p)
{
    // Places within a row are swapped by flipping a bit of 32 in the address, so the address itself must not have it.
    extern SHARED __attribute__((aligned(128))) Int4 dynamicShared[];
    int warpRow = warp() / T::OutputWarps * T::WarpRows, warpOutput = warp() % T::OutputWarps * T::WarpOutputs;
    Float2 scales[T::OutputSteps];
    if constexpr (T::ScalesFirst)
        loadScales<T>(p, laneOutput<T>(warpOutput), scales);
    TileChains<T> chains = {};
    tileChains<T>(p, (char*)dynamicShared, warpRow, warpOutput, chains);
    // Not by laneOutput: with it ptxas 11.8 spills in the loop of 128 x 128.
    int firstRow = blockX() * T::Rows + warpRow + lane() / 4, firstOutput = blockY() * T::Outputs + warpOutput + lane() % 4 * 2;
    if constexpr (!T::ScalesFirst)
        loadScales<T>(p, firstOutput, scales);
    UNROLL for (int i = 0; i < T::RowSteps; i++)
    {
        Float2 low[T::OutputSteps], high[T::OutputSteps];
        UNROLL for (int j = 0; j < T::OutputSteps; j++)
        {
            low[j] = {chains[i][j].x * scales[j].x, chains[i][j].y * scales[j].y};
            high[j] = {chains[i][j].z * scales[j].x, chains[i][j].w * scales[j].y};
        }
        writeRow(p, firstRow + i * 16, firstOutput, low);
        writeRow(p, firstRow + i * 16 + 8, firstOutput, high);
    }
}

// Activations of a tile lie 68 apart from row to row, so that the 8 rows of 4 that a warp writes fall in different banks.
constexpr int ActivationStride = QuantBlock + 4;

// A tile of 128 outputs, gates and ups, is a block of 64 activations of each row; they meet in shared memory, where a warp quantises a row.
template <class T>
DEVICE void tileSwiGlu(const LinearInt8Parameters& p)
{
    static_assert(
        T::Outputs == PairBlock && T::Rows * ActivationStride * 4 <= T::Stages * T::StageBytes,
        "a block of activations takes the place of the stages");
    // Places within a row are swapped by flipping a bit of 32 in the address, so the address itself must not have it.
    extern SHARED __attribute__((aligned(128))) Int4 dynamicShared[];
    int warpRow = warp() / T::OutputWarps * T::WarpRows, warpOutput = warp() % T::OutputWarps * T::WarpOutputs;
    Float2 scales[T::OutputSteps];
    if constexpr (T::ScalesFirst)
        loadScales<T>(p, laneOutput<T>(warpOutput), scales);
    TileChains<T> chains = {};
    tileChains<T>(p, (char*)dynamicShared, warpRow, warpOutput, chains);
    int firstOutput = laneOutput<T>(warpOutput);
    if constexpr (!T::ScalesFirst)
        loadScales<T>(p, firstOutput, scales);
    float* activations = (float*)dynamicShared;
    awaitCopies<0>();
    barrier();
    UNROLL for (int j = 0; j < T::OutputSteps; j++)
    {
        bool present = firstOutput + j * 8 < p.outputs;
        float gate = present ? scales[j].x : 0.0f, up = present ? scales[j].y : 0.0f;
        UNROLL for (int i = 0; i < T::RowSteps; i++)
        {
            float* place = activations + (warpRow + i * 16 + lane() / 4) * ActivationStride + warpOutput / 2 + j * 4 + lane() % 4;
            place[0] = gated(chains[i][j].x * gate, chains[i][j].y * up);
            place[8 * ActivationStride] = gated(chains[i][j].z * gate, chains[i][j].w * up);
        }
    }
    barrier();
    int blocks = (p.outputs + PairBlock - 1) / PairBlock;
    for (int local = warp(); local < T::Rows; local += T::Threads / WarpLanes)
    {
        int row = blockX() * T::Rows + local;
        if (skipped(p, row))
            continue;
        const float* pair = activations + local * ActivationStride + lane() * 2;
        quantizeBlock(pair[0], pair[1], p.q, p.qScales, (int64)row * blocks + blockY(), p.errors);
    }
}
