// Exact arithmetic on a GPU: the same operations, in the same order, as kernels/ExactMath, kernels/Cpu/LaneReduction and
// kernels/Linear/Int8Rounding. Compiled without contraction, so that a * b + c is two roundings and fma is asked for by name.
#pragma once

#define KERNEL extern "C" __attribute__((global)) void
#define DEVICE static inline __attribute__((device, always_inline))
#define SHARED __attribute__((shared))
#define DEVICE_MEMBER inline __attribute__((device, always_inline))
#define UNROLL _Pragma("unroll")

// Most threads of a block, so that the compiler of the driver fits registers to it.
#define THREADS(n) __attribute__((launch_bounds(n)))
// Also the fewest blocks that a multiprocessor is to hold.
#define THREADS_BLOCKS(n, blocks) __attribute__((launch_bounds(n, blocks)))

typedef signed char int8;
typedef unsigned char uint8;
typedef unsigned int uint32;
typedef long long int64;
typedef unsigned long long uint64;

static_assert(sizeof(int64) == 8 && sizeof(void*) == 8, "64-bit device code");

// Loaded and stored by one instruction; components .x .y .z .w.
typedef int Int2 __attribute__((ext_vector_type(2)));
typedef int Int4 __attribute__((ext_vector_type(4)));
typedef float Float4 __attribute__((ext_vector_type(4)));
struct alignas(8) Float2 { float x, y; };

constexpr int WarpLanes = 32;
constexpr uint32 FullWarp = 0xFFFFFFFFu;
constexpr int QuantBlock = 64;   // activations that share a scale
constexpr int Chunk = 64;        // keys of one page

DEVICE int threadIndex() { return __nvvm_read_ptx_sreg_tid_x(); }
DEVICE int blockThreads() { return __nvvm_read_ptx_sreg_ntid_x(); }
DEVICE int blockX() { return __nvvm_read_ptx_sreg_ctaid_x(); }
DEVICE int blockY() { return __nvvm_read_ptx_sreg_ctaid_y(); }
DEVICE int blockZ() { return __nvvm_read_ptx_sreg_ctaid_z(); }
DEVICE int gridX() { return __nvvm_read_ptx_sreg_nctaid_x(); }
DEVICE int gridY() { return __nvvm_read_ptx_sreg_nctaid_y(); }
DEVICE int lane() { return threadIndex() & (WarpLanes - 1); }
DEVICE int warp() { return threadIndex() / WarpLanes; }
DEVICE void barrier() { __syncthreads(); }

// From compute capability 9.0 on, a kernel may start before the one before it has ended: PtxLibrary.cs makes instructions of these lines
// for such cards, and for others they are comments. Every thread of every kernel awaits the kernel before it, and until then touches only
// what no kernel writes: weights. So whatever came earlier has ended too.
DEVICE void awaitPreviousKernel() { asm volatile("//sm_90: griddepcontrol.wait;" : : : "memory"); }
DEVICE void letNextKernelStart() { asm volatile("//sm_90: griddepcontrol.launch_dependents;" : : : "memory"); }

// How a kernel begins that has nothing to do before.
DEVICE void startAfterPrevious()
{
    letNextKernelStart();
    awaitPreviousKernel();
}
DEVICE void warpBarrier() { __nvvm_bar_warp_sync(FullWarp); }

DEVICE int asInt(float x) { return __builtin_bit_cast(int, x); }
DEVICE float asFloat(int x) { return __builtin_bit_cast(float, x); }
DEVICE float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
DEVICE double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
DEVICE float absolute(float x) { return __builtin_fabsf(x); }
DEVICE int smaller(int a, int b) { return a < b ? a : b; }
DEVICE int larger(int a, int b) { return a > b ? a : b; }
DEVICE uint32 larger(uint32 a, uint32 b) { return a > b ? a : b; }

// Memory that the next kernels read: it is asked for here, so that it is on its way to the L2 cache while this kernel waits for other
// things. Each of so many threads asks for its share.
struct Ahead
{
    const char* start;        // null asks for nothing
    int bytes;
};

DEVICE void askFor(const Ahead& ahead, int thread, int threads)
{
    constexpr int Piece = 64;
    for (int i = thread * Piece; i < ahead.bytes; i += threads * Piece)
        asm volatile("prefetch.global.L2 [%0];" : : "l"(ahead.start + i));
}

// The value of the lane whose number differs in the bits of mask.
DEVICE int exchange(int x, int mask) { return __nvvm_shfl_sync_bfly_i32(FullWarp, x, mask, WarpLanes - 1); }
DEVICE uint32 exchange(uint32 x, int mask) { return (uint32)exchange((int)x, mask); }
DEVICE float exchange(float x, int mask) { return asFloat(exchange(asInt(x), mask)); }
// The value of another lane.
DEVICE int fromLane(int x, int source) { return __nvvm_shfl_sync_idx_i32(FullWarp, x, source, WarpLanes - 1); }
DEVICE float fromLane(float x, int source) { return asFloat(fromLane(asInt(x), source)); }

// Sum of a warp's 32 lanes: i and i + 16, i and i + 8, ... Addition commutes, so every lane ends with the same bits.
DEVICE float sumLanes(float x)
{
    UNROLL for (int half = 16; half > 0; half /= 2)
        x = x + exchange(x, half);
    return x;
}

DEVICE uint32 largestLane(uint32 x)
{
    UNROLL for (int half = 16; half > 0; half /= 2)
        x = larger(x, exchange(x, half));
    return x;
}

// e to the x: kernels/ExactMath/ExactSingle.cs, operation by operation.
DEVICE float exactExp(float x)
{
    const float magic = 12582912.0f;
    float shifted = fma(x, 1.44269504f, magic);
    float n = shifted - magic;
    float r = fma(n, -0.693359375f, x);
    r = fma(n, 2.12194440e-4f, r);
    float p = fma(1.9875691500e-4f, r, 1.3981999507e-3f);
    p = fma(p, r, 8.3334519073e-3f);
    p = fma(p, r, 4.1665795894e-2f);
    p = fma(p, r, 1.6666665459e-1f);
    p = fma(p, r, 5.0000001201e-1f);
    float y = fma(p, r * r, r) + 1.0f;
    int exponent = asInt(shifted) - asInt(magic);
    float result = y * asFloat((int)((uint32)(exponent + 127) << 23));
    result = x < -87.0f ? 0.0f : result;
    return x > 88.0f ? asFloat(0x7F800000) : result;
}

// x / (1 + e^-x), from e^-|x| so that nothing overflows.
DEVICE float exactSilu(float x)
{
    float e = exactExp(-absolute(x));
    return (x >= 0.0f ? x : x * e) / (1.0f + e);
}

// Without their sign, the bits of floats order as the floats do, with infinity and NaN above every finite value.
constexpr uint32 InfinityBits = 0x7F800000u;
DEVICE uint32 magnitudeBits(float x) { return (uint32)asInt(x) & 0x7FFFFFFFu; }

// The scale of a run whose largest magnitude has these bits.
DEVICE float int8Scale(uint32 largest) { return asFloat((int)largest) / 127.0f; }

// x / scale rounded to even within [-127, 127]; 0 where the scale is 0.
DEVICE int roundInt8(float x, float scale)
{
    if (scale == 0.0f)
        return 0;
    int rounded = __nvvm_f2i_rn(x / scale);
    return larger(-127, smaller(127, rounded));
}

// What a kernel reports to the host: bits of a word that the host reads with the results.
constexpr int NotFinite = 1;
DEVICE void report(int* errors, int bits) { __sync_fetch_and_or(errors, bits); }
