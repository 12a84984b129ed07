// The form for few rows: bound by reading the weights, so every byte of them is read once, 16 at a time, all before the first is used.
#pragma once

#include "../ExactMath/LastBlock.cuh"
#include "../RmsNorm/RmsNorm.cuh"
#include "LinearInt8.cuh"

constexpr int FewOutputs = 8;              // of a block of threads, so that narrow matrices too keep every multiprocessor busy
constexpr int Splits = 4;                  // warps that share the inputs of the same outputs
constexpr int SumStride = FewOutputs + 8;  // a multiple of 8 that is not one of 32: rows that 4 lanes write lie in different banks

template <int Rows, int Batch>
struct FewRows
{
    static constexpr int Round = Splits * Batch;     // blocks of 64 inputs between two barriers
    int sums[Round][Rows][SumStride];
    float scales[Rows][Round];
};

// Adds up the 4 lanes of a quarter of a block each, for all rows; each lane ends with a quarter of the rows' sums (with fewer rows than 4,
// some lanes with the same), in sums[0..]. Returns the row of sums[0].
template <int Rows>
DEVICE int sumQuarters(int (&sums)[Rows], int quarter)
{
    bool high = (quarter & 2) != 0, odd = (quarter & 1) != 0;
    if constexpr (Rows == 1)
    {
        sums[0] += exchange(sums[0], 2);
        sums[0] += exchange(sums[0], 1);
        return 0;
    }
    UNROLL for (int i = 0; i < Rows / 2; i++)
    {
        int first = sums[i], second = sums[i + Rows / 2];
        sums[i] = (high ? second : first) + exchange(high ? first : second, 2);
    }
    if constexpr (Rows == 2)
    {
        sums[0] += exchange(sums[0], 1);
        return high;
    }
    UNROLL for (int i = 0; i < Rows / 4; i++)
    {
        int first = sums[i], second = sums[i + Rows / 4];
        sums[i] = (odd ? second : first) + exchange(odd ? first : second, 1);
    }
    return (high ? Rows / 2 : 0) + (odd ? Rows / 4 : 0);
}

// The weights that a lane holds: 16 bytes of some blocks of an output. A kernel starts by loading them, since everything else that it loads
// takes less time.
template <int Batch>
struct LaneWeights
{
    const int8* from;
    int block, last;
    Int4 held[Batch];

    MEMBER void start(const LinearInt8Parameters& p, int firstOutput)
    {
        // Unsigned, so that these are shifts.
        uint32 thread = threadIndex();
        int local = thread % WarpLanes / 4;
        const int8* weights = p.weights;
        from = weights + (int64)smaller(firstOutput + local, p.outputs - 1) * p.blocks * QuantBlock + thread % 4 * 16;
        block = thread / WarpLanes;
        last = p.blocks - 1;
        next();
        // ptxas moves no load over a barrier, so that what comes after is waited for while these are under way.
        warpBarrier();
    }

    MEMBER void next()
    {
        UNROLL for (int i = 0; i < Batch; i++)
            held[i] = loadNow((const Int4*)(from + smaller(block + i * Splits, last) * QuantBlock));
        block += Splits * Batch;
    }
};

// 4 lanes hold a block of an output's weights, a warp 8 outputs, and the block's warps share the blocks of inputs; their integer sums meet
// in shared memory, where one thread an output and row follows the chain. A round of weights is on its way while the one before is summed.
// Returns the chain's end of row firstRow + threadIndex() / 8, output threadIndex() % 8 of the block's.
template <int Rows, int Batch>
DEVICE float fewRowsChain(
    const LinearInt8Parameters& p, FewRows<Rows, Batch>& shared, LaneWeights<Batch>& weights, int firstRow)
{
    using Shape = FewRows<Rows, Batch>;
    // With few sums, all their loads are under way before the first exchange; many would not fit the registers.
    constexpr bool SumsAtOnce = Rows >= 4;
    const int8* x = p.x;
    const float* xScales = p.xScales;
    // Unsigned, so that these are shifts.
    uint32 thread = threadIndex();
    int quarter = thread % 4, local = thread % WarpLanes / 4, split = thread / WarpLanes;
    int chainRow = thread / FewOutputs, chainOutput = thread % FewOutputs, blocks = p.blocks;
    float acc = 0.0f;
    int scaleRow = thread / Shape::Round, scaleSlot = thread % Shape::Round;
    bool scales = scaleRow < Rows;
    const float* ownScales = xScales + (int64)smaller(firstRow + scaleRow, p.rows - 1) * blocks;
    for (int first = 0; first < blocks; first += Shape::Round)
    {
        float scale = scales ? ownScales[smaller(first + scaleSlot, blocks - 1)] : 0.0f;
        int sums[Batch][Rows], row = 0;
        UNROLL for (int i = 0; i < Batch; i++)
        {
            UNROLL for (int r = 0; r < Rows; r++)
            {
                int block = smaller(first + split + i * Splits, blocks - 1);
                const int8* ownRow = x + (int64)smaller(firstRow + r, p.rows - 1) * blocks * QuantBlock;
                Int4 values = *(const Int4*)(ownRow + block * QuantBlock + quarter * 16);
                sums[i][r] = dot16(values, weights.held[i], quarter == 0 ? SumStart : 0);
            }
            if constexpr (SumsAtOnce)
                row = sumQuarters(sums[i], quarter);
        }
        UNROLL for (int i = 0; i < Batch && !SumsAtOnce; i++)
            row = sumQuarters(sums[i], quarter);
        if (Rows >= 4 || (Rows == 2 ? quarter % 2 == 0 : quarter == 0))
        {
            UNROLL for (int i = 0; i < Batch; i++)
            {
                UNROLL for (int r = 0; r < (Rows + 3) / 4; r++)
                    shared.sums[i * Splits + split][row + r][local] = sums[i][r];
            }
        }
        if (scales)
            shared.scales[scaleRow][scaleSlot] = scale;
        barrier();
        if (first + Shape::Round < blocks)
            weights.next();
        if (chainRow < Rows)
        {
            UNROLL for (int slot = 0; slot < Shape::Round; slot++)
            {
                float next = fma(sumAsFloat(shared.sums[slot][chainRow][chainOutput]), shared.scales[chainRow][slot], acc);
                acc = first + slot < blocks ? next : acc;
            }
        }
        barrier();
    }
    return acc;
}

// Begins with what needs no other kernel: weights are on their way while the one before ends. Returns the scale of the thread's output.
template <int Batch>
DEVICE float startWithWeights(const LinearInt8Parameters& p, LaneWeights<Batch>& weights, int firstOutput)
{
    letNextKernelStart();
    weights.start(p, firstOutput);
    float scale = loadConstant(p.weightScales + smaller(firstOutput + threadIndex() % FewOutputs, p.outputs - 1));
    if (blockX() == 0)
        askFor(p.ahead, blockY() * blockThreads() + threadIndex(), gridY() * blockThreads());
    awaitPreviousKernel();
    return scale;
}

// What RmsNorm.cu does, by the last block of the launch for the next linear: the rows that all blocks added to.
template <int Rows>
DEVICE void normaliseRows(const LinearInt8Parameters& p)
{
    constexpr int RowWarps = Rows < Splits ? Splits / Rows : 1;
    int blocks = (p.outputs + QuantBlock - 1) / QuantBlock;
    const float* y = p.y;
    for (int place = warp(); place < p.rows * RowWarps; place += Splits)
    {
        int row = place / RowWarps;
        if (skipped(p, row))
            continue;
        int64 first = (int64)row * blocks;
        quantizeRow<3>(y + (int64)row * p.ldy, p.normWeight, p.outputs, p.epsilon, place % RowWarps, RowWarps, p.q + first * QuantBlock,
            p.qScales + first, p.errors);
    }
}

template <int Rows, int Batch>
DEVICE void fewRows(const LinearInt8Parameters& p)
{
    SHARED static FewRows<Rows, Batch> shared;
    int firstRow = blockX() * Rows, firstOutput = blockY() * FewOutputs;
    LaneWeights<Batch> weights;
    float scale = startWithWeights(p, weights, firstOutput);
    uint32 thread = threadIndex();
    int row = firstRow + thread / FewOutputs, output = firstOutput + thread % FewOutputs;
    bool skips = skipped(p, row), writes = thread < Rows * FewOutputs && output < p.outputs && !skips;
    float* place = p.y + (int64)row * p.ldy + output;
    float before = loadWhere(writes && p.add, place, 0.0f);
    float acc = fewRowsChain(p, shared, weights, firstRow);
    float y = acc * scale;
    if (writes)
        *place = p.add ? before + y : y;
    if (p.normWeight && isLastBlock(p.counters, gridX() * gridY()))
        normaliseRows<Rows>(p);
}

// 8 outputs, gates and ups, give 4 activations; the last of the blocks of threads that fill a block of 64 activations quantises them.
template <int Rows, int Batch>
DEVICE void fewRowsSwiGlu(const LinearInt8Parameters& p)
{
    constexpr int Fillers = PairBlock / FewOutputs;
    SHARED static FewRows<Rows, Batch> shared;
    int firstRow = blockX() * Rows, firstOutput = blockY() * FewOutputs;
    LaneWeights<Batch> weights;
    float scale = startWithWeights(p, weights, firstOutput);
    uint32 thread = threadIndex();
    int output = firstOutput + thread % FewOutputs, row = firstRow + thread / FewOutputs;
    bool writes = thread < Rows * FewOutputs && thread % 2 == 0 && output < p.outputs && !skipped(p, row);
    float y = fewRowsChain(p, shared, weights, firstRow) * scale;
    float up = exchange(y, 1);
    int blocks = (p.outputs + PairBlock - 1) / PairBlock, block = blockY() / Fillers;
    float* activations = p.activations;
    if (writes)
        activations[(int64)row * blocks * QuantBlock + output / 2] = gated(y, up);
    if (!isLastBlock(p.counters + blockX() * blocks + block, smaller(Fillers, gridY() - block * Fillers)))
        return;
    for (int local = warp(); local < Rows; local += Splits)
    {
        int ownRow = firstRow + local, first = block * QuantBlock + lane() * 2;
        if (skipped(p, ownRow))
            continue;
        const float* from = activations + (int64)ownRow * blocks * QuantBlock + first;
        float low = loadWhere(2 * first < p.outputs, from, 0.0f), high = loadWhere(2 * first + 2 < p.outputs, from + 1, 0.0f);
        quantizeBlock(low, high, p.q, p.qScales, (int64)ownRow * blocks + block, p.errors);
    }
}
