// The block of a launch, or of a group of its blocks, that ends last takes on what needs the results of all: a launch less.
#pragma once

#include "Exact.cuh"

// A number from 0 up to `most`, then 0 again, so that the next launch finds the counter as this one did. What this thread knows of others'
// writes is known to whoever takes a later number.
DEVICE uint32 takeNumber(uint32* counter, uint32 most)
{
    uint32 number;
    asm volatile("atom.acq_rel.gpu.global.inc.u32 %0, [%1], %2;" : "=r"(number) : "l"(counter), "r"(most) : "memory");
    return number;
}

// Whether this block is the last of so many to ask; what they wrote is there for all of its threads. For all threads of a block together.
DEVICE bool isLastBlock(uint32* counter, int blocks)
{
    // Volatile, since the compiler takes a barrier to leave a variable alone whose address nothing has, and reads it before.
    SHARED static volatile uint32 number;
    barrier();
    if (threadIndex() == 0)
        number = takeNumber(counter, blocks - 1);
    barrier();
    return number == (uint32)(blocks - 1);
}
