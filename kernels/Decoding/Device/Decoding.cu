#include "../../ExactMath/Exact.cuh"

// Parameters of the kernel of this file; DecodingCuda.cs has the same fields.
struct DecodeBeginParameters
{
    const int* rowSlots;      // slot of each row, -1: none
    const int* slotToken;
    const int* slotPosition;
    const int* slotDone;
    int* tokens;              // of each row
    int* positions;           // of each row, -1: skipped
    int* sequences;           // of each row: its slot's page table
    int rows;
};

// A thread a row. Rows to skip get token and sequence 0, so that nobody reads past a table.
KERNEL THREADS(128) decode_begin(DecodeBeginParameters p)
{
    int row = blockX() * blockThreads() + threadIndex();
    if (row >= p.rows)
        return;
    int slot = p.rowSlots[row];
    bool runs = slot >= 0 && p.slotDone[slot] == 0;
    p.tokens[row] = runs ? p.slotToken[slot] : 0;
    p.positions[row] = runs ? p.slotPosition[slot] : -1;
    p.sequences[row] = runs ? slot : 0;
}
