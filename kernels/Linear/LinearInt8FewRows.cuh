// The form for few rows: bound by reading the weights, so every byte of them is read once, 16 at a time, all before the first is used.
#pragma once

#include "../RmsNorm/RmsNorm.cuh"
#include "LinearInt8.cuh"

// A row of the tile: a multiple of 8 that is not one of 32, so that the four rows that 4 lanes write fall in different banks.
template <int Outputs>
constexpr int SumStride = Outputs + 8;

template <int Rows, int Groups, int Splits, int Batch>
struct FewRows
{
    static constexpr int Outputs = Groups * 8;
    static constexpr int Round = Splits * Batch;     // blocks of 64 inputs between two barriers
    static constexpr int Threads = Groups * Splits * WarpLanes;
    int sums[Round][Rows][SumStride<Outputs>];
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

// From shared memory, or from memory that nothing writes meanwhile.
template <bool Shared, class T>
DEVICE T load(const T* from)
{
    if constexpr (Shared)
        return *from;
    else
        return loadConstant(from);
}

// Where a block of threads keeps the rows that it normalised and quantised: all their blocks, then all their scales.
DEVICE int8* normedRows()
{
    extern SHARED __attribute__((aligned(128))) Int4 dynamicShared[];
    return (int8*)dynamicShared;
}

template <int Rows>
DEVICE float* normedScales(int blocks) { return (float*)(normedRows() + Rows * blocks * QuantBlock); }

// What RmsNorm.cu does, by every block of threads for its own use: a launch less, and its time passes while the weights are on their way.
template <int Rows, int Warps>
DEVICE void normRows(const LinearInt8Parameters& p, int firstRow)
{
    constexpr int RowWarps = Warps > Rows ? Warps / Rows : 1;
    // With few warps a lane has several blocks.
    constexpr int Ahead = RowWarps >= 8 ? 1 : 3;
    const float* residual = p.residual;
    float* scales = normedScales<Rows>(p.blocks);
    for (int local = warp() % Rows; local < Rows; local += Warps)
    {
        int row = smaller(firstRow + local, p.rows - 1), first = local * p.blocks;
        quantizeRow<Ahead>(residual + (int64)row * p.width, p.normWeight, p.width, p.epsilon, warp() / Rows % RowWarps, RowWarps,
            normedRows() + first * QuantBlock, scales + first, p.errors, !skipped(p, row));
    }
}

// The weights that a lane holds: 16 bytes of some blocks of an output. A kernel starts by loading them, since everything else that it loads
// takes less time.
template <int Splits, int Batch>
struct LaneWeights
{
    const int8* from;
    int block, last;
    Int4 held[Batch];

    MEMBER void start(const LinearInt8Parameters& p, int firstOutput)
    {
        // Unsigned, so that these are shifts.
        uint32 thread = threadIndex();
        int local = thread / WarpLanes / Splits * 8 + thread % WarpLanes / 4;
        const int8* weights = p.weights;
        from = weights + (int64)smaller(firstOutput + local, p.outputs - 1) * p.blocks * QuantBlock + thread % 4 * 16;
        block = thread / WarpLanes % Splits;
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

// 4 lanes hold a block of an output's weights, a warp 8 outputs, Splits warps share the blocks of the same outputs; their integer sums meet
// in shared memory, where one thread an output and row follows the chain. A round of weights is on its way while the one before is summed.
// Returns the chain's end of row firstRow + threadIndex() / Outputs, output threadIndex() % Outputs of the block's.
template <bool Norm, int Rows, int Groups, int Splits, int Batch>
DEVICE float fewRowsChain(
    const LinearInt8Parameters& p, FewRows<Rows, Groups, Splits, Batch>& shared, LaneWeights<Splits, Batch>& weights, int firstRow)
{
    using Shape = FewRows<Rows, Groups, Splits, Batch>;
    // With few sums, all their loads are under way before the first exchange; many would not fit the registers.
    constexpr bool SumsAtOnce = Rows >= 4;
    const int8* x = p.x;
    const float* xScales = p.xScales;
    // Unsigned, so that these are shifts.
    uint32 thread = threadIndex();
    int quarter = thread % 4, local = thread / WarpLanes / Splits * 8 + thread % WarpLanes / 4, split = thread / WarpLanes % Splits;
    int chainRow = thread / Shape::Outputs, chainOutput = thread % Shape::Outputs, blocks = p.blocks;
    if constexpr (Norm)
    {
        normRows<Rows, Shape::Threads / WarpLanes>(p, firstRow);
        barrier();
    }
    float acc = 0.0f;
    int scaleRow = thread / Shape::Round, scaleSlot = thread % Shape::Round;
    bool scales = scaleRow < Rows;
    const float* ownScales = Norm
        ? normedScales<Rows>(blocks) + scaleRow * blocks
        : xScales + (int64)smaller(firstRow + scaleRow, p.rows - 1) * blocks;
    for (int first = 0; first < blocks; first += Shape::Round)
    {
        float scale = scales ? load<Norm>(ownScales + smaller(first + scaleSlot, blocks - 1)) : 0.0f;
        int sums[Batch][Rows], row = 0;
        UNROLL for (int i = 0; i < Batch; i++)
        {
            UNROLL for (int r = 0; r < Rows; r++)
            {
                int block = smaller(first + split + i * Splits, blocks - 1);
                const int8* ownRow = Norm
                    ? normedRows() + r * blocks * QuantBlock
                    : x + (int64)smaller(firstRow + r, p.rows - 1) * blocks * QuantBlock;
                Int4 values = load<Norm>((const Int4*)(ownRow + block * QuantBlock + quarter * 16));
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

template <bool Norm, int Rows, int Batch>
DEVICE void fewRows(const LinearInt8Parameters& p)
{
    constexpr int Splits = 4;
    SHARED static FewRows<Rows, 1, Splits, Batch> shared;
    int firstRow = blockX() * Rows, firstOutput = blockY() * 8;
    LaneWeights<Splits, Batch> weights;
    weights.start(p, firstOutput);
    if (blockX() == 0)
        askFor(p.ahead, blockY() * blockThreads() + threadIndex(), gridY() * blockThreads());
    uint32 thread = threadIndex();
    int row = firstRow + thread / 8, output = firstOutput + thread % 8;
    bool skips = skipped(p, row), writes = thread < Rows * 8 && output < p.outputs && !skips;
    float* place = p.y + (int64)row * p.ldy + output;
    float scale = loadConstant(p.weightScales + smaller(output, p.outputs - 1));
    // A kernel that normalises does not add.
    float before = Norm ? 0.0f : loadWhere(writes && p.add, place, 0.0f);
    float acc = fewRowsChain<Norm>(p, shared, weights, firstRow);
    float y = acc * scale;
    if (writes)
        *place = !Norm && p.add ? before + y : y;
}

// 128 outputs of each row, gates and ups, to a block of 64 quantised activations.
template <bool Norm, int Rows, int Batch>
DEVICE void fewRowsSwiGlu(const LinearInt8Parameters& p)
{
    constexpr int Splits = 2;
    union Shared
    {
        FewRows<Rows, PairBlock / 8, Splits, Batch> chain;
        float y[Rows][PairBlock];
    };
    SHARED static Shared shared;
    int firstRow = blockX() * Rows, firstOutput = blockY() * PairBlock;
    LaneWeights<Splits, Batch> weights;
    weights.start(p, firstOutput);
    if (blockX() == 0)
        askFor(p.ahead, blockY() * blockThreads() + threadIndex(), gridY() * blockThreads());
    uint32 thread = threadIndex();
    int chainRow = thread / PairBlock, output = firstOutput + thread % PairBlock;
    bool writes = chainRow < Rows && output < p.outputs;
    float scale = loadConstant(p.weightScales + smaller(output, p.outputs - 1));
    // With 8 rows, no register is left for it.
    constexpr bool SkipsFirst = Rows < 8;
    bool skips = SkipsFirst && skipped(p, firstRow + warp());
    float acc = fewRowsChain<Norm>(p, shared.chain, weights, firstRow);
    if (chainRow < Rows)
        shared.y[chainRow][thread % PairBlock] = writes ? acc * scale : 0.0f;
    barrier();
    int row = firstRow + warp();
    if (warp() >= Rows || (SkipsFirst ? skips : skipped(p, row)))
        return;
    const float* y = shared.y[warp()] + lane() * 4;
    int blocks = (p.outputs + PairBlock - 1) / PairBlock;
    quantizeBlock(gated(y[0], y[1]), gated(y[2], y[3]), p.q, p.qScales, (int64)row * blocks + blockY(), p.errors);
}
