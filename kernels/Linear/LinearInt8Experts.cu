// The w8a8 linear of LinearInt8.cu for experts: each has a matrix of its own, and its rows lie together. One launch for all of them; the
// blocks of threads of an expert that has no row for them end at once.
//   linear_int8_experts_rows1, 4       few rows an expert, bound by reading the weights
//   linear_int8_experts_16x64, 64x64   tiles of many rows on tensor cores
// Each also with _swiglu, which ends in the gated activation, quantised.
#include "LinearInt8FewRows.cuh"
#include "LinearInt8Tiles.cuh"

// Parameters of the kernels of this file; LinearInt8ExpertsCuda.cs has the same fields.
struct LinearInt8ExpertsParameters
{
    LinearInt8Parameters linear;   // rows of all experts; weights [experts, outputs, blocks * 64]; no positions, no norm, nothing ahead
    const int* starts;             // [experts + 1]: where the rows of each begin
};

// Makes the parameters those of the expert of blockZ. Whether the block has a row.
template <int Rows>
DEVICE bool takeExpert(const LinearInt8ExpertsParameters& all, LinearInt8Parameters& p)
{
    const int* starts = all.starts;
    int expert = blockZ(), first = starts[expert];
    p = all.linear;
    int pairBlocks = (p.outputs + PairBlock - 1) / PairBlock;
    p.rows = starts[expert + 1] - first;
    p.x += (int64)first * p.blocks * QuantBlock;
    p.xScales += (int64)first * p.blocks;
    p.weights += (int64)expert * p.outputs * p.blocks * QuantBlock;
    p.weightScales += (int64)expert * p.outputs;
    p.y += (int64)first * p.ldy;
    p.q += (int64)first * pairBlocks * QuantBlock;
    p.qScales += (int64)first * pairBlocks;
    p.activations += (int64)first * pairBlocks * QuantBlock;
    p.counters += (int64)expert * gridX() * pairBlocks;
    p.positions = nullptr;
    p.normWeight = nullptr;
    p.ahead = {nullptr, 0};
    return blockX() * Rows < p.rows;
}

template <int Rows, int Batch>
DEVICE void fewRowsOfExpert(const LinearInt8ExpertsParameters& all)
{
    startAfterPrevious();
    LinearInt8Parameters p;
    if (takeExpert<Rows>(all, p))
        fewRows<Rows, Batch>(p);
}

template <int Rows, int Batch>
DEVICE void fewRowsSwiGluOfExpert(const LinearInt8ExpertsParameters& all)
{
    startAfterPrevious();
    LinearInt8Parameters p;
    if (takeExpert<Rows>(all, p))
        fewRowsSwiGlu<Rows, Batch>(p);
}

template <class T>
DEVICE void tileOfExpert(const LinearInt8ExpertsParameters& all)
{
    startAfterPrevious();
    LinearInt8Parameters p;
    if (takeExpert<T::Rows>(all, p))
        tileOutputs<T>(p);
}

template <class T>
DEVICE void tileSwiGluOfExpert(const LinearInt8ExpertsParameters& all)
{
    startAfterPrevious();
    LinearInt8Parameters p;
    if (takeExpert<T::Rows>(all, p))
        tileSwiGlu<T>(p);
}

// As many blocks to a multiprocessor as LinearInt8.cu asks for.
KERNEL THREADS_BLOCKS(128, 6) linear_int8_experts_rows1(LinearInt8ExpertsParameters p) { fewRowsOfExpert<1, 6>(p); }
KERNEL THREADS_BLOCKS(128, 4) linear_int8_experts_rows4(LinearInt8ExpertsParameters p) { fewRowsOfExpert<4, 6>(p); }
KERNEL THREADS_BLOCKS(128, 6) linear_int8_experts_swiglu_rows1(LinearInt8ExpertsParameters p) { fewRowsSwiGluOfExpert<1, 6>(p); }
KERNEL THREADS_BLOCKS(128, 4) linear_int8_experts_swiglu_rows4(LinearInt8ExpertsParameters p) { fewRowsSwiGluOfExpert<4, 6>(p); }

// Rows, outputs, warps along each, stages: LinearInt8ExpertsCuda.cs has the same.
KERNEL THREADS_BLOCKS(128, 5) linear_int8_experts_16x64(LinearInt8ExpertsParameters p) { tileOfExpert<Tile<16, 64, 1, 4, 8>>(p); }
KERNEL THREADS(128) linear_int8_experts_64x64(LinearInt8ExpertsParameters p) { tileOfExpert<Tile<64, 64, 2, 2, 6>>(p); }
KERNEL THREADS(128) linear_int8_experts_swiglu_16x128(LinearInt8ExpertsParameters p) { tileSwiGluOfExpert<Tile<16, 128, 1, 4, 6>>(p); }
KERNEL THREADS(256) linear_int8_experts_swiglu_64x128(LinearInt8ExpertsParameters p) { tileSwiGluOfExpert<Tile<64, 128, 2, 4, 4>>(p); }
