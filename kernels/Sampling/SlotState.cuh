// The samples in flight, which several kernels read and write.
#pragma once
#include "../ExactMath/Exact.cuh"

// SlotsCuda.cs has the same fields.
struct SlotState
{
    int* token;             // [slots] the token drawn last
    int* position;          // [slots] where its key goes
    int* count;             // [slots] tokens drawn
    int* done;              // [slots] 0 while running
    int* problem;           // [slots]
    int* sample;            // [slots]
    int* read;              // [slots] tokens that the host has been given
    int* outTokens;         // [slots, maxTokens]
    float* outDifference;   // [slots, maxTokens]
    uint64* outTotal;       // [slots, maxTokens]
    int maxTokens;
    int slots;
};
