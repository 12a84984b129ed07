// The w8a8 linear: x int8 [rows, blocks, 64] with a scale a row and block, weights int8 [outputs, blocks, 64] with a scale an output -> y
// [rows, outputs]; LinearInt8.cuh has the formula and the parameters. The CPU's forms are LinearInt8*.cs. Forms:
//   linear_int8_reference   a thread an output of a row: the definition
//   _rows1 .. _rows8        few rows, bound by reading the weights (LinearInt8FewRows.cuh); _short for inputs of up to 12 blocks
//   _16x64 .. _128x128      tiles of many rows on tensor cores (LinearInt8Tiles.cuh)
// Each also with _swiglu, which ends in the gated activation, quantised. Those for few rows can normalise and quantise the residual that
// they added to, for the next linear.
#include "LinearInt8FewRows.cuh"
#include "LinearInt8Tiles.cuh"

// The definition: a thread an output of a row.
KERNEL THREADS(128) linear_int8_reference(LinearInt8Parameters p)
{
    startAfterPrevious();
    int output = blockX() * blockThreads() + threadIndex(), row = blockY();
    if (output >= p.outputs || skipped(p, row))
        return;
    const int8* x = p.x + (int64)row * p.blocks * QuantBlock;
    const int8* w = p.weights + (int64)output * p.blocks * QuantBlock;
    float acc = 0.0f;
    for (int block = 0; block < p.blocks; block++)
    {
        int sum = 0;
        for (int i = block * QuantBlock; i < (block + 1) * QuantBlock; i++)
            sum += x[i] * w[i];
        acc = fma((float)sum, p.xScales[(int64)row * p.blocks + block], acc);
    }
    writeOutput(p, row, output, acc * p.weightScales[output]);
}

// More rows at a time take fewer blocks at a time, so that registers hold both. Short inputs, of up to 12 blocks, take no more than those.
// Without the blocks that a multiprocessor is to hold, ptxas saves registers for more, by waiting between loads.
KERNEL THREADS_BLOCKS(128, 6) linear_int8_rows1_short(LinearInt8Parameters p) { fewRows<1, 3>(p); }
KERNEL THREADS_BLOCKS(128, 6) linear_int8_rows2_short(LinearInt8Parameters p) { fewRows<2, 3>(p); }
KERNEL THREADS_BLOCKS(128, 4) linear_int8_rows4_short(LinearInt8Parameters p) { fewRows<4, 3>(p); }
KERNEL THREADS_BLOCKS(128, 6) linear_int8_rows1(LinearInt8Parameters p) { fewRows<1, 6>(p); }
KERNEL THREADS_BLOCKS(128, 6) linear_int8_rows2(LinearInt8Parameters p) { fewRows<2, 6>(p); }
KERNEL THREADS_BLOCKS(128, 4) linear_int8_rows4(LinearInt8Parameters p) { fewRows<4, 6>(p); }
KERNEL THREADS_BLOCKS(128, 5) linear_int8_rows8(LinearInt8Parameters p) { fewRows<8, 3>(p); }

KERNEL THREADS_BLOCKS(128, 6) linear_int8_swiglu_rows1_short(LinearInt8Parameters p) { fewRowsSwiGlu<1, 3>(p); }
KERNEL THREADS_BLOCKS(128, 6) linear_int8_swiglu_rows2_short(LinearInt8Parameters p) { fewRowsSwiGlu<2, 3>(p); }
KERNEL THREADS_BLOCKS(128, 4) linear_int8_swiglu_rows4_short(LinearInt8Parameters p) { fewRowsSwiGlu<4, 3>(p); }
KERNEL THREADS_BLOCKS(128, 6) linear_int8_swiglu_rows1(LinearInt8Parameters p) { fewRowsSwiGlu<1, 6>(p); }
KERNEL THREADS_BLOCKS(128, 6) linear_int8_swiglu_rows2(LinearInt8Parameters p) { fewRowsSwiGlu<2, 6>(p); }
KERNEL THREADS_BLOCKS(128, 4) linear_int8_swiglu_rows4(LinearInt8Parameters p) { fewRowsSwiGlu<4, 6>(p); }
KERNEL THREADS(128) linear_int8_swiglu_rows8(LinearInt8Parameters p) { fewRowsSwiGlu<8, 3>(p); }

// Rows, outputs, warps along each, stages: LinearInt8Cuda.cs has the same. Small tiles are for shapes that give few of them, which wait for
// memory rather than compute: many stages. Their shared memory lets 5 blocks of 16 x 64 be on a multiprocessor of an H100; ptxas would
// spill for more.
KERNEL THREADS_BLOCKS(128, 5) linear_int8_16x64(LinearInt8Parameters p) { startAfterPrevious(); tileOutputs<Tile<16, 64, 1, 4, 8>>(p); }
KERNEL THREADS(128) linear_int8_32x64(LinearInt8Parameters p) { startAfterPrevious(); tileOutputs<Tile<32, 64, 1, 4, 8>>(p); }
KERNEL THREADS(128) linear_int8_64x64(LinearInt8Parameters p) { startAfterPrevious(); tileOutputs<Tile<64, 64, 2, 2, 6>>(p); }
KERNEL THREADS_BLOCKS(256, 2) linear_int8_128x128(LinearInt8Parameters p) { startAfterPrevious(); tileOutputs<Tile<128, 128, 2, 4, 4>>(p); }
KERNEL THREADS(128) linear_int8_swiglu_16x128(LinearInt8Parameters p) { startAfterPrevious(); tileSwiGlu<Tile<16, 128, 1, 4, 6>>(p); }
KERNEL THREADS(128) linear_int8_swiglu_32x128(LinearInt8Parameters p) { startAfterPrevious(); tileSwiGlu<Tile<32, 128, 1, 4, 6>>(p); }
KERNEL THREADS(256) linear_int8_swiglu_64x128(LinearInt8Parameters p) { startAfterPrevious(); tileSwiGlu<Tile<64, 128, 2, 4, 4>>(p); }
KERNEL THREADS_BLOCKS(256, 2) linear_int8_swiglu_128x128(LinearInt8Parameters p)
{
    startAfterPrevious();
    tileSwiGlu<Tile<128, 128, 2, 4, 4>>(p);
}
