// Instructions of compute 8.0 that clang has no builtin for, and read-only loads.
#pragma once

#include "Exact.cuh"

typedef int IntVector4 __attribute__((ext_vector_type(4)));

#define MEMBER __attribute__((device, always_inline))

// 16 bytes of memory that no kernel writes: such loads may be made before others, also before the wait for the previous kernel.
DEVICE Int4 loadConstant(const Int4* from)
{
    IntVector4 value = __nvvm_ldg_i4((const IntVector4*)from);
    return {value[0], value[1], value[2], value[3]};
}

DEVICE float loadConstant(const float* from) { return __nvvm_ldg_f(from); }

// What lies there where `present`, else `otherwise`. Without a branch, behind which ptxas would put the loads before it.
DEVICE int loadWhere(bool present, const int* from, int otherwise)
{
    int value;
    asm volatile("{ .reg .pred p; setp.ne.s32 p, %2, 0; mov.b32 %0, %3; @p ld.global.b32 %0, [%1]; }"
        : "=&r"(value) : "l"(from), "r"((int)present), "r"(otherwise));
    return value;
}

DEVICE float loadWhere(bool present, const float* from, float otherwise)
{
    return asFloat(loadWhere(present, (const int*)from, asInt(otherwise)));
}

// 16 bytes, loaded here: ptxas puts a plain load off to where its value is used, behind waits for others.
DEVICE Int4 loadNow(const Int4* from)
{
    Int4 value;
    asm volatile("ld.relaxed.gpu.global.v4.b32 {%0, %1, %2, %3}, [%4];"
        : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w)
        : "l"(from)
        : "memory");
    return value;
}

DEVICE float loadNow(const float* from)
{
    float value;
    asm volatile("ld.relaxed.gpu.global.f32 %0, [%1];" : "=f"(value) : "l"(from) : "memory");
    return value;
}

// Two floats at a multiple of 8 bytes.
DEVICE Float2 loadNow(const Float2* from)
{
    Float2 value;
    asm volatile("ld.global.v2.f32 {%0, %1}, [%2];" : "=f"(value.x), "=f"(value.y) : "l"(from) : "memory");
    return value;
}

// sum + the four products of signed bytes.
DEVICE int dot4(int a, int b, int sum)
{
    int result;
    asm("dp4a.s32.s32 %0, %1, %2, %3;" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
    return result;
}

DEVICE int dot16(const Int4& a, const Int4& b, int sum)
{
    return dot4(a.w, b.w, dot4(a.z, b.z, dot4(a.y, b.y, dot4(a.x, b.x, sum))));
}

// An int32 sum that starts here and stays within 2^22 of it is, read as a float, 12582912 more than the sum: no conversion.
constexpr int SumStart = 0x4B400000;
DEVICE float sumAsFloat(int sum) { return asFloat(sum) - 12582912.0f; }

DEVICE uint32 sharedAddress(const void* shared) { return (uint32)(uint64)(const __attribute__((address_space(3))) void*)shared; }

// Starts a copy of 16 bytes to shared memory; of the source only the first bytes are read, and the rest is zero.
DEVICE void copyAsync16(void* shared, const void* from, int bytes)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" : : "r"(sharedAddress(shared)), "l"(from), "r"(bytes) : "memory");
}

DEVICE void copyAsync4(void* shared, const void* from, int bytes)
{
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" : : "r"(sharedAddress(shared)), "l"(from), "r"(bytes) : "memory");
}

// Ends a group of this thread's copies.
DEVICE void commitCopies() { asm volatile("cp.async.commit_group;" : : : "memory"); }

// Waits until at most so many of this thread's last groups are under way.
template <int Pending>
DEVICE void awaitCopies() { asm volatile("cp.async.wait_group %0;" : : "n"(Pending) : "memory"); }

// Four 8 x 16 byte matrices; lane 8 i + r gives the address of row r of matrix i, and gets bytes 4 (lane % 4) of row lane / 4 of each.
DEVICE Int4 loadMatrices(uint32 address)
{
    Int4 m;
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(m.x), "=r"(m.y), "=r"(m.z), "=r"(m.w) : "r"(address) : "memory");
    return m;
}

// d = a (16 x 32) * b (32 x 8) + c, with g = lane / 4 and t = lane % 4: a holds bytes 4 t.. of rows g and g + 8, then the same 16 bytes
// further; b bytes 4 t.. of column g, then 16 further; d and c columns 2 t, 2 t + 1 of row g, then of row g + 8.
DEVICE Int4 multiplyTiles(const Int4& a, int b0, int b1, const Int4& c)
{
    Int4 d;
    asm("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %11, %12, %13};"
        : "=r"(d.x), "=r"(d.y), "=r"(d.z), "=r"(d.w)
        : "r"(a.x), "r"(a.y), "r"(a.z), "r"(a.w), "r"(b0), "r"(b1), "r"(c.x), "r"(c.y), "r"(c.z), "r"(c.w));
    return d;
}
