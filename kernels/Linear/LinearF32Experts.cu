// The exact f32 linear of LinearF32.cu for experts: each has a matrix of its own, and its rows lie together. One launch for all of them;
// the blocks of threads of an expert that has no row for them end at once.
//   linear_f32_experts_rows1, 4        few rows an expert, bound by reading the weights
//   linear_f32_experts_32x32, 64x128   tiles of many rows, bound by arithmetic
#include "LinearF32.cuh"

// Parameters of the kernels of this file; LinearF32ExpertsCuda.cs has the same fields.
struct LinearF32ExpertsParameters
{
    LinearF32Parameters linear;   // rows of all experts; weights [outputs, inputs] of the first; no positions
    const int* starts;            // [experts + 1]: where the rows of each begin
    int64 stride;                 // floats from the weights of an expert to those of the next
};

// Makes the parameters those of the expert of blockZ. Whether the block has a row.
template <int Rows>
DEVICE bool takeExpert(const LinearF32ExpertsParameters& all, LinearF32Parameters& p)
{
    const int* starts = all.starts;
    int expert = blockZ(), first = starts[expert];
    p = all.linear;
    p.rows = starts[expert + 1] - first;
    p.x += (int64)first * p.inputs;
    p.weights += expert * all.stride;
    p.positions = nullptr;
    p.y += (int64)first * p.ldy;
    return blockX() * Rows < p.rows;
}

template <int Rows>
DEVICE void fewRowsOfExpert(const LinearF32ExpertsParameters& all)
{
    startAfterPrevious();
    LinearF32Parameters p;
    if (takeExpert<Rows>(all, p))
        fewRows<Rows>(p);
}

template <int RowThreads, int OutputThreads, int ThreadRows, int ThreadOutputs>
DEVICE void tileOfExpert(const LinearF32ExpertsParameters& all)
{
    startAfterPrevious();
    LinearF32Parameters p;
    if (takeExpert<RowThreads * ThreadRows>(all, p))
        tile<RowThreads, OutputThreads, ThreadRows, ThreadOutputs>(p);
}

KERNEL THREADS(64) linear_f32_experts_rows1(LinearF32ExpertsParameters p) { fewRowsOfExpert<1>(p); }
KERNEL THREADS(64) linear_f32_experts_rows4(LinearF32ExpertsParameters p) { fewRowsOfExpert<4>(p); }
KERNEL THREADS(64) linear_f32_experts_32x32(LinearF32ExpertsParameters p) { tileOfExpert<8, 8, 4, 4>(p); }
KERNEL THREADS(128) linear_f32_experts_64x128(LinearF32ExpertsParameters p) { tileOfExpert<8, 16, 8, 8>(p); }
