// The bf16 linear: x bf16 [rows, inputs] and weights bf16 [outputs, inputs] -> y float32 [rows, outputs], on tensor cores that sum in
// float32 as the GPU rounds. In every form an output is one chain of the same instructions, 16 inputs each, ascending, so that it does not
// depend on the rows that are computed with it. Measured, not exact: there is no CPU form. Forms, by rows x outputs of a tile: 16x8 for
// few rows, 32x64, 64x64, 128x128.
#include "../ExactMath/Bf16.cuh"
#include "../ExactMath/Intrinsics.cuh"
#include "../SwiGlu/SwiGlu.cuh"

// Parameters of the kernels of this file; LinearBf16Cuda.cs has the same fields.
struct LinearBf16Parameters
{
    const Bf16* x;          // [rows, blocks * 64]
    const Bf16* weights;    // [outputs, blocks * 64]
    const int* positions;   // [rows]; a negative one skips its row; null skips none
    float* y;               // [rows, ldy]; not with SwiGLU
    Bf16* activations;      // [rows, ceil(outputs / 128) * 64], with SwiGLU
    int rows;
    int outputs;
    int blocks;
    int ldy;
    int epilogue;           // LinearEpilogue
};

constexpr int AddToResidual = 1;
constexpr int EndInSwiGlu = 2;
constexpr int BlockBytes = QuantBlock * (int)sizeof(Bf16);
constexpr int BlockParts = BlockBytes / 16;

template <int TileRows, int TileOutputs, int RowWarpCount, int OutputWarpCount, int StageCount>
struct Tile
{
    static constexpr int Rows = TileRows, Outputs = TileOutputs, OutputWarps = OutputWarpCount, Stages = StageCount;
    static constexpr int Threads = RowWarpCount * OutputWarpCount * WarpLanes;
    static constexpr int WarpRows = Rows / RowWarpCount, WarpOutputs = Outputs / OutputWarps;
    static constexpr int RowSteps = WarpRows / 16, OutputSteps = WarpOutputs / 8;

    // A stage holds the rows' blocks of 64 inputs, then the outputs' blocks.
    static constexpr int OutputsAt = Rows * BlockBytes, StageBytes = OutputsAt + Outputs * BlockBytes;
};

// Where the 16 bytes `part` of a row's block lie. Of 8 neighbouring rows the same part falls in different banks.
DEVICE int placeOfPart(int row, int part) { return row * BlockBytes + (part ^ (row & 7)) * 16; }

// What a thread copies at every step: 16 bytes of some rows.
template <int Count, int Threads>
struct RowCopies
{
    static constexpr int PerThread = Count * BlockParts / Threads;
    static_assert(PerThread * Threads == Count * BlockParts, "all threads copy as much");
    const Bf16* from[PerThread];
    int bytes[PerThread];

    // Rows from `first` on of `count`; zeros take the place of those past the last.
    MEMBER void start(const Bf16* rows, int first, int count, int blocks)
    {
        UNROLL for (int i = 0; i < PerThread; i++)
        {
            int place = threadIndex() + i * Threads, row = first + place / BlockParts;
            from[i] = rows + (int64)smaller(row, count - 1) * blocks * QuantBlock + place % BlockParts * 8;
            bytes[i] = row < count ? 16 : 0;
        }
    }

    MEMBER void copy(char* stage)
    {
        UNROLL for (int i = 0; i < PerThread; i++)
        {
            int place = threadIndex() + i * Threads;
            copyAsync16(stage + placeOfPart(place / BlockParts, place % BlockParts), from[i], bytes[i]);
            from[i] += QuantBlock;
        }
    }
};

// A warp's sums. In a lane: [row step][output step], row lane / 4 and outputs 2 (lane % 4) and the next in x and y, row lane / 4 + 8 in z
// and w.
template <class T>
using TileSums = Float4[T::RowSteps][T::OutputSteps];

template <class T>
DEVICE void multiplyBlock(const char* stage, int warpRow, int warpOutput, TileSums<T>& sums)
{
    uint32 base = sharedAddress(stage);
    int rows = placeOfPart(warpRow + lane() % 16, lane() / 16), outputs = T::OutputsAt + placeOfPart(warpOutput + lane() % 8, lane() / 8);
    UNROLL for (int half = 0; half < 2; half++)
    {
        Int4 b[T::OutputSteps];
        UNROLL for (int j = 0; j < T::OutputSteps; j++)
            b[j] = loadMatrices(base + (outputs ^ half * 64) + j * 8 * BlockBytes);
        UNROLL for (int i = 0; i < T::RowSteps; i++)
        {
            Int4 first = loadMatrices(base + (rows ^ half * 64) + i * 16 * BlockBytes);
            Int4 second = loadMatrices(base + (rows ^ (half * 64 + 32)) + i * 16 * BlockBytes);
            UNROLL for (int j = 0; j < T::OutputSteps; j++)
            {
                multiplyBf16(first, b[j].x, b[j].y, sums[i][j]);
                multiplyBf16(second, b[j].z, b[j].w, sums[i][j]);
            }
        }
    }
}

// Two neighbouring outputs of a row. All lanes of a warp call it.
DEVICE void finish(const LinearBf16Parameters& p, int row, int output, float first, float second)
{
    bool writes = row < p.rows && !(p.positions && p.positions[row] < 0);
    if (p.epilogue == EndInSwiGlu)
    {
        // Outputs past the last are 0, and so are their activations: the padding. Two lanes' activations are written at once.
        float activation = gated(first, second), next = exchange(activation, 1);
        int width = (p.outputs + 2 * QuantBlock - 1) / (2 * QuantBlock) * QuantBlock, place = output / 2;
        if (writes && place % 2 == 0 && place < width)
            *(uint32*)(p.activations + (int64)row * width + place) = roundBf16(activation, next);
        return;
    }
    if (!writes || output >= p.outputs)
        return;
    float* place = p.y + (int64)row * p.ldy + output;
    bool adds = p.epilogue == AddToResidual;
    if ((p.ldy | p.outputs) % 2 == 0)
    {
        Float2 before = adds ? *(Float2*)place : Float2{};
        *(Float2*)place = adds ? Float2{before.x + first, before.y + second} : Float2{first, second};
        return;
    }
    place[0] = adds ? place[0] + first : first;
    if (output + 1 < p.outputs)
        place[1] = adds ? place[1] + second : second;
}

template <class T>
DEVICE void tile(const LinearBf16Parameters& p)
{
    extern SHARED __attribute__((aligned(128))) char dynamicShared[];
    int warpRow = warp() / T::OutputWarps * T::WarpRows, warpOutput = warp() % T::OutputWarps * T::WarpOutputs;
    int firstRow = blockX() * T::Rows, firstOutput = blockY() * T::Outputs;
    RowCopies<T::Rows, T::Threads> rows;
    RowCopies<T::Outputs, T::Threads> outputs;
    rows.start(p.x, firstRow, p.rows, p.blocks);
    outputs.start(p.weights, firstOutput, p.outputs, p.blocks);
    TileSums<T> sums = {};
    // Steps before the first fill the stages; each step ends a group of copies, even where nothing is left to copy.
    int stage = 0, filled = 0;
    for (int step = 1 - T::Stages; step < p.blocks; step++)
    {
        if (step >= 0)
        {
            awaitCopies<T::Stages - 2>();
            barrier();
        }
        if (step + T::Stages - 1 < p.blocks)
        {
            rows.copy(dynamicShared + filled * T::StageBytes);
            outputs.copy(dynamicShared + filled * T::StageBytes + T::OutputsAt);
        }
        commitCopies();
        filled = filled == T::Stages - 1 ? 0 : filled + 1;
        if (step < 0)
            continue;
        multiplyBlock<T>(dynamicShared + stage * T::StageBytes, warpRow, warpOutput, sums);
        stage = stage == T::Stages - 1 ? 0 : stage + 1;
    }
    UNROLL for (int i = 0; i < T::RowSteps; i++)
    {
        int row = firstRow + warpRow + i * 16 + lane() / 4;
        UNROLL for (int j = 0; j < T::OutputSteps; j++)
        {
            int output = firstOutput + warpOutput + j * 8 + lane() % 4 * 2;
            finish(p, row, output, sums[i][j].x, sums[i][j].y);
            finish(p, row + 8, output, sums[i][j].z, sums[i][j].w);
        }
    }
}

// Rows, outputs, warps along each, stages: LinearBf16Cuda.cs has the same. The smallest is a warp of its own, bound by the weights.
KERNEL THREADS(32) linear_bf16_16x8(LinearBf16Parameters p) { startAfterPrevious(); tile<Tile<16, 8, 1, 1, 8>>(p); }
KERNEL THREADS(128) linear_bf16_32x64(LinearBf16Parameters p) { startAfterPrevious(); tile<Tile<32, 64, 1, 4, 4>>(p); }
KERNEL THREADS(128) linear_bf16_64x64(LinearBf16Parameters p) { startAfterPrevious(); tile<Tile<64, 64, 2, 2, 4>>(p); }
KERNEL THREADS_BLOCKS(256, 2) linear_bf16_128x128(LinearBf16Parameters p) { startAfterPrevious(); tile<Tile<128, 128, 2, 4, 3>>(p); }
